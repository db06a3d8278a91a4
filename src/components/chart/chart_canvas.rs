//! Canvas prepared for a chart: its size on the screen, the page's colours, and the shapes that all charts use.

use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, HtmlCanvasElement};

use super::scale::{Scale, tick_text};
use crate::components::picture;

/// Margins around the plot for tick labels and titles, in pixels.
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

/// Blank canvas in the page's background colour; one unit is one CSS pixel.
pub struct ChartCanvas {
    pub context: CanvasRenderingContext2d,
    pub width: f64,
    pub height: f64,
    style: CssStyleDeclaration,
}

impl ChartCanvas {
    /// Sets the resolution of `element` to its size on the screen and clears it; `None` if it has no 2-D context.
    pub fn prepare(element: &HtmlCanvasElement) -> Option<Self> {
        let window = web_sys::window()?;
        let style = window.get_computed_style(element).ok()??;
        let context = picture::context(element)?;
        let density = window.device_pixel_ratio();
        let (width, height) = (f64::from(element.client_width()), f64::from(element.client_height()));
        let (width_px, height_px) = ((width * density).round() as u32, (height * density).round() as u32);
        if (element.width(), element.height()) != (width_px, height_px) {
            element.set_width(width_px);
            element.set_height(height_px);
        }
        let scaled = context.set_transform(density, 0.0, 0.0, density, 0.0, 0.0);
        debug_assert!(scaled.is_ok(), "a scaling is a valid transform");
        let canvas = Self { context, width, height, style };
        canvas.fill("--surface", (0.0, 0.0), (width, height));
        Some(canvas)
    }

    /// Value of a CSS custom property that holds a colour, such as `--ink`.
    pub fn colour(&self, name: &str) -> String {
        self.style.get_property_value(name).unwrap_or_default().trim().to_owned()
    }

    /// Fills a rectangle with its upper left corner at `from`.
    pub fn fill(&self, colour: &str, from: (f64, f64), size: (f64, f64)) {
        self.context.set_fill_style_str(&self.colour(colour));
        self.context.fill_rect(from.0, from.1, size.0, size.1);
    }

    /// Draws a straight line.
    pub fn line(&self, colour: &str, width: f64, from: (f64, f64), to: (f64, f64)) {
        self.polyline(colour, width, [from, to]);
    }

    /// Draws straight lines from each point to the next.
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

    /// Draws a dot with a rim in the background colour, so that it stands out from a curve below it.
    pub fn dot(&self, colour: &str, (x, y): (f64, f64), radius: f64) {
        for (colour, radius) in [("--surface", radius + 2.0), (colour, radius)] {
            self.context.set_fill_style_str(&self.colour(colour));
            self.context.begin_path();
            let drawn = self.context.arc(x, y, radius, 0.0, std::f64::consts::TAU);
            debug_assert!(drawn.is_ok(), "a radius above 0 is valid");
            self.context.fill();
        }
    }

    /// Writes text; `align` is `left`, `right` or `center`.
    pub fn write(&self, colour: &str, align: &str, text: &str, (x, y): (f64, f64)) {
        self.context.set_font("12px ui-sans-serif, system-ui, sans-serif");
        self.context.set_fill_style_str(&self.colour(colour));
        self.context.set_text_align(align);
        let written = self.context.fill_text(text, x, y);
        debug_assert!(written.is_ok(), "text can be written anywhere");
    }

    /// Draws the y axis: horizontal grid lines, each with its value at the left.
    pub fn y_axis(&self, y_scale: Scale, count: usize, margins: Margins) {
        for value in y_scale.ticks(count) {
            let Some(y) = y_scale.pixel(value) else { continue };
            // Half a pixel off, so that a line of one pixel is sharp.
            let y = y.round() + 0.5;
            self.line("--line", 1.0, (margins.left, y), (self.width - margins.right, y));
            self.write("--ink-soft", "right", &tick_text(value), (margins.left - 8.0, y + 4.0));
        }
    }

    /// Draws the x axis below the plot: tick labels and the axis title.
    pub fn x_axis(&self, x_scale: Scale, count: usize, title: &str, margins: Margins) {
        const MIN_DISTANCE_PX: f64 = 44.0;
        let mut last = f64::NEG_INFINITY;
        for value in x_scale.ticks(count) {
            let Some(x) = x_scale.pixel(value).filter(|x| x - last >= MIN_DISTANCE_PX) else { continue };
            last = x;
            self.write("--ink-soft", "center", &tick_text(value), (x, self.height - margins.bottom + 17.0));
        }
        let middle = f64::midpoint(margins.left, self.width - margins.right);
        self.write("--ink-soft", "center", title, (middle, self.height - 6.0));
    }
}
