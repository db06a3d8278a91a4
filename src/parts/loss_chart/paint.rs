//! Draws the losses on a canvas, in the page's colours.

use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::{
    log::{LossLog, Point},
    scale::{Scale, tick_text},
};
use crate::parts::picture;

const LEFT: f64 = 52.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 28.0;

/// The page's colours, as they are now.
struct Ink {
    surface: String,
    line: String,
    text: String,
    steps: String,
    training: String,
    validation: String,
}

impl Ink {
    fn of(canvas: &HtmlCanvasElement) -> Option<Self> {
        let style = web_sys::window()?.get_computed_style(canvas).ok()??;
        let colour = |name: &str| style.get_property_value(name).unwrap_or_default();
        Some(Self {
            surface: colour("--surface"),
            line: colour("--line"),
            text: colour("--ink-soft"),
            steps: colour("--curve-steps"),
            training: colour("--curve-training"),
            validation: colour("--curve-validation"),
        })
    }
}

/// Draws everything anew, at the size that the canvas has on the screen.
pub fn paint(canvas: &HtmlCanvasElement, log: &LossLog, is_log: bool) {
    let Some((ink, context)) = Ink::of(canvas).zip(picture::context(canvas)) else { return };
    let (width, height) = fit_to_screen(canvas, &context);
    context.set_fill_style_str(&ink.surface);
    context.fill_rect(0.0, 0.0, width, height);

    let (training, validation) = (log.training(), log.validation());
    let points = || log.steps.iter().chain(&training).chain(&validation);
    let epochs = points().map(|(epoch, _)| *epoch).fold(1.0, f64::max);
    let across = Scale::linear(epochs, LEFT, width - RIGHT);
    let up = Scale::fit(points().map(|(_, loss)| *loss), is_log, height - BOTTOM, TOP);

    axes(&context, &ink, across, up, (width, height));
    curve(&context, &ink.steps, 1.0, &log.steps, across, up);
    curve(&context, &ink.training, 2.0, &training, across, up);
    curve(&context, &ink.validation, 2.0, &validation, across, up);
    dots(&context, &ink.training, &training, across, up);
    dots(&context, &ink.validation, &validation, across, up);
}

fn fit_to_screen(canvas: &HtmlCanvasElement, context: &CanvasRenderingContext2d) -> (f64, f64) {
    let density = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
    let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
    let (across, down) = ((width * density).round() as u32, (height * density).round() as u32);
    if (canvas.width(), canvas.height()) != (across, down) {
        canvas.set_width(across);
        canvas.set_height(down);
    }
    let scaled = context.set_transform(density, 0.0, 0.0, density, 0.0, 0.0);
    debug_assert!(scaled.is_ok(), "a scaling is a valid transform");
    (width, height)
}

fn axes(context: &CanvasRenderingContext2d, ink: &Ink, across: Scale, up: Scale, (width, height): (f64, f64)) {
    context.set_stroke_style_str(&ink.line);
    context.set_fill_style_str(&ink.text);
    context.set_line_width(1.0);
    context.set_font("12px ui-sans-serif, system-ui, sans-serif");
    context.set_text_align("right");
    context.set_text_baseline("middle");
    for value in up.ticks(5) {
        let Some(y) = up.pixel(value) else { continue };
        rule(context, (LEFT, y), (width - RIGHT, y));
        write(context, &tick_text(value), LEFT - 8.0, y);
    }
    context.set_text_align("center");
    context.set_text_baseline("alphabetic");
    for value in across.ticks(8).into_iter().filter(|value| value.fract() == 0.0) {
        let Some(x) = across.pixel(value) else { continue };
        write(context, &tick_text(value), x, height - 9.0);
    }
    context.set_text_align("left");
    write(context, "epoch", 8.0, height - 9.0);
}

fn rule(context: &CanvasRenderingContext2d, from: (f64, f64), to: (f64, f64)) {
    // Half a pixel off, so that a line of one pixel is sharp.
    context.begin_path();
    context.move_to(from.0, from.1.round() + 0.5);
    context.line_to(to.0, to.1.round() + 0.5);
    context.stroke();
}

fn write(context: &CanvasRenderingContext2d, text: &str, x: f64, y: f64) {
    let written = context.fill_text(text, x, y);
    debug_assert!(written.is_ok(), "text can be written anywhere");
}

fn curve(context: &CanvasRenderingContext2d, colour: &str, width: f64, points: &[Point], across: Scale, up: Scale) {
    context.set_stroke_style_str(colour);
    context.set_line_width(width);
    context.set_line_join("round");
    context.begin_path();
    for (x, y) in places(points, across, up) {
        context.line_to(x, y);
    }
    context.stroke();
}

fn dots(context: &CanvasRenderingContext2d, colour: &str, points: &[Point], across: Scale, up: Scale) {
    // Many epochs would make a chain of them.
    if points.len() > 40 {
        return;
    }
    context.set_fill_style_str(colour);
    for (x, y) in places(points, across, up) {
        context.begin_path();
        let drawn = context.arc(x, y, 3.0, 0.0, std::f64::consts::TAU);
        debug_assert!(drawn.is_ok(), "a radius above 0 is valid");
        context.fill();
    }
}

fn places(points: &[Point], across: Scale, up: Scale) -> impl Iterator<Item = (f64, f64)> {
    points.iter().filter_map(move |(epoch, loss)| across.pixel(*epoch).zip(up.pixel(*loss)))
}
