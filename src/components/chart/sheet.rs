//! The surface that charts are drawn on: its size on the screen, the page's colours, and the strokes all charts share.

use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, HtmlCanvasElement};

use super::scale::{Scale, tick_text};
use crate::components::picture;

/// Room around the plot for ticks and titles, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Margins {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

impl Default for Margins {
    fn default() -> Self {
        Self { left: 52.0, right: 12.0, top: 10.0, bottom: 40.0 }
    }
}

/// A blank surface in the page's colour, one unit a pixel of the page.
pub struct Sheet {
    pub context: CanvasRenderingContext2d,
    pub width: f64,
    pub height: f64,
    style: CssStyleDeclaration,
}

impl Sheet {
    /// Fits the canvas to the size that it has on the screen, and wipes it.
    pub fn of(canvas: &HtmlCanvasElement) -> Option<Self> {
        let window = web_sys::window()?;
        let style = window.get_computed_style(canvas).ok()??;
        let context = picture::context(canvas)?;
        let density = window.device_pixel_ratio();
        let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
        let (across, down) = ((width * density).round() as u32, (height * density).round() as u32);
        if (canvas.width(), canvas.height()) != (across, down) {
            canvas.set_width(across);
            canvas.set_height(down);
        }
        let scaled = context.set_transform(density, 0.0, 0.0, density, 0.0, 0.0);
        debug_assert!(scaled.is_ok(), "a scaling is a valid transform");
        let sheet = Self { context, width, height, style };
        sheet.fill("--surface", (0.0, 0.0), (width, height));
        Some(sheet)
    }

    /// The page's colour of that name, such as `--ink`.
    pub fn colour(&self, name: &str) -> String {
        self.style.get_property_value(name).unwrap_or_default().trim().to_owned()
    }

    /// Fills the rectangle with a corner at `from` and of that size.
    pub fn fill(&self, colour: &str, from: (f64, f64), size: (f64, f64)) {
        self.context.set_fill_style_str(&self.colour(colour));
        self.context.fill_rect(from.0, from.1, size.0, size.1);
    }

    /// A straight line.
    pub fn line(&self, colour: &str, width: f64, from: (f64, f64), to: (f64, f64)) {
        self.polyline(colour, width, [from, to]);
    }

    /// Line after line.
    pub fn polyline(&self, colour: &str, width: f64, points: impl IntoIterator<Item = (f64, f64)>) {
        self.context.set_stroke_style_str(&self.colour(colour));
        self.context.set_line_width(width);
        self.context.set_line_join("round");
        self.context.begin_path();
        for (x, y) in points {
            self.context.line_to(x, y);
        }
        self.context.stroke();
    }

    /// A dot with a rim of the surface's colour, so that it stands out from what it lies on.
    pub fn dot(&self, colour: &str, (x, y): (f64, f64), radius: f64) {
        for (colour, radius) in [("--surface", radius + 2.0), (colour, radius)] {
            self.context.set_fill_style_str(&self.colour(colour));
            self.context.begin_path();
            let drawn = self.context.arc(x, y, radius, 0.0, std::f64::consts::TAU);
            debug_assert!(drawn.is_ok(), "a radius above 0 is valid");
            self.context.fill();
        }
    }

    /// Words; `align` is `left`, `right` or `center`.
    pub fn write(&self, colour: &str, align: &str, text: &str, (x, y): (f64, f64)) {
        self.context.set_font("12px ui-sans-serif, system-ui, sans-serif");
        self.context.set_fill_style_str(&self.colour(colour));
        self.context.set_text_align(align);
        let written = self.context.fill_text(text, x, y);
        debug_assert!(written.is_ok(), "text can be written anywhere");
    }

    /// Horizontal rules with their values at the left.
    pub fn rules(&self, up: Scale, count: usize, margins: Margins) {
        for value in up.ticks(count) {
            let Some(y) = up.pixel(value) else { continue };
            // Half a pixel off, so that a line of one pixel is sharp.
            let y = y.round() + 0.5;
            self.line("--line", 1.0, (margins.left, y), (self.width - margins.right, y));
            self.write("--ink-soft", "right", &tick_text(value), (margins.left - 8.0, y + 4.0));
        }
    }

    /// Values below the plot, and what they are.
    pub fn below(&self, across: Scale, count: usize, title: &str, margins: Margins) {
        const LEAST_APART_PX: f64 = 44.0;
        let mut last = f64::NEG_INFINITY;
        for value in across.ticks(count) {
            let Some(x) = across.pixel(value).filter(|x| x - last >= LEAST_APART_PX) else { continue };
            last = x;
            self.write("--ink-soft", "center", &tick_text(value), (x, self.height - margins.bottom + 17.0));
        }
        let middle = f64::midpoint(margins.left, self.width - margins.right);
        self.write("--ink-soft", "center", title, (middle, self.height - 6.0));
    }
}
