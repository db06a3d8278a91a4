//! Canvas prepared for a chart, or an SVG picture of it: its size on the screen, the page's colours, and the shapes that
//! all charts use.

use std::cell::RefCell;

use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, HtmlCanvasElement};

use super::scale::{Scale, tick_text};
use crate::components::{format::fixed, picture};

/// Area of a plot within its canvas, in pixels; the labels of its axes lie around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlotArea {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

impl PlotArea {
    /// Area of a plot that fills a canvas of that width and height, with tick labels and names of both axes.
    pub fn of_canvas((width, height): (f64, f64)) -> Self {
        Self { left: 52.0, right: width - 12.0, top: 26.0, bottom: height - 40.0 }
    }

    /// Position of a pixel between the left and the right edge, 0 to 1.
    pub fn share_at(self, x: f64) -> f64 {
        ((x - self.left) / (self.right - self.left).max(1.0)).clamp(0.0, 1.0)
    }

    /// True if a pixel is within the area.
    pub fn contains(self, (x, y): (f64, f64)) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }
}

/// Medium of a chart.
enum Surface {
    Canvas(CanvasRenderingContext2d),
    /// Elements of an SVG picture.
    Svg(RefCell<Vec<String>>),
}

/// Blank canvas in the page's background colour; one unit is one CSS pixel.
pub struct ChartCanvas {
    surface: Surface,
    pub width: f64,
    pub height: f64,
    style: CssStyleDeclaration,
}

impl ChartCanvas {
    /// Sets the resolution of `element` to its size on the screen and fills it; `None` if it has no 2-D context.
    pub fn prepare(element: &HtmlCanvasElement) -> Option<Self> {
        let canvas = Self::transparent(element)?;
        canvas.fill("--surface", (0.0, 0.0), (canvas.width, canvas.height));
        Some(canvas)
    }

    /// As [`Self::prepare`], for a canvas that lies over others: what they show is seen.
    pub fn transparent(element: &HtmlCanvasElement) -> Option<Self> {
        let window = web_sys::window()?;
        let style = window.get_computed_style(element).ok()??;
        let context = picture::context(element)?;
        let density = window.device_pixel_ratio();
        let (width, height) = (f64::from(element.client_width()), f64::from(element.client_height()));
        // Hidden, it is not painted.
        if width <= 0.0 || height <= 0.0 {
            return None;
        }
        let (width_px, height_px) = ((width * density).round() as u32, (height * density).round() as u32);
        if (element.width(), element.height()) != (width_px, height_px) {
            element.set_width(width_px);
            element.set_height(height_px);
        }
        let scaled = context.set_transform(density, 0.0, 0.0, density, 0.0, 0.0);
        debug_assert!(scaled.is_ok(), "a scaling is a valid transform");
        context.clear_rect(0.0, 0.0, width, height);
        Some(Self { surface: Surface::Canvas(context), width, height, style })
    }

    /// Context of the canvas; `None` for an SVG picture.
    pub const fn context(&self) -> Option<&CanvasRenderingContext2d> {
        match &self.surface {
            Surface::Canvas(context) => Some(context),
            Surface::Svg(_) => None,
        }
    }

    /// Blank SVG picture of the size and in the colours of `element`.
    pub fn svg(element: &HtmlCanvasElement) -> Option<Self> {
        let style = web_sys::window()?.get_computed_style(element).ok()??;
        let (width, height) = (f64::from(element.client_width()), f64::from(element.client_height()));
        let canvas = Self { surface: Surface::Svg(RefCell::default()), width, height, style };
        canvas.fill("--surface", (0.0, 0.0), (width, height));
        Some(canvas)
    }

    /// The SVG picture as a file; empty for a canvas.
    pub fn into_svg(self) -> String {
        let Surface::Svg(elements) = self.surface else { return String::new() };
        let (width, height) = (fixed(self.width, 0), fixed(self.height, 0));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n{}\n</svg>\n",
            elements.into_inner().join("\n")
        )
    }

    /// Value of a CSS custom property that holds a colour, such as `--ink`; a colour itself stays.
    pub fn colour(&self, name: &str) -> String {
        if !name.starts_with("--") {
            return name.to_owned();
        }
        self.style.get_property_value(name).unwrap_or_default().trim().to_owned()
    }

    /// Fills a rectangle with its upper left corner at `from`.
    pub fn fill(&self, colour: &str, from: (f64, f64), size: (f64, f64)) {
        let colour = self.colour(colour);
        match &self.surface {
            Surface::Canvas(context) => {
                context.set_fill_style_str(&colour);
                context.fill_rect(from.0, from.1, size.0, size.1);
            }
            Surface::Svg(elements) => {
                let [x, y, width, height] = [from.0, from.1, size.0, size.1].map(number);
                let element =
                    format!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{colour}\"/>");
                elements.borrow_mut().push(element);
            }
        }
    }

    /// Draws a straight line.
    pub fn line(&self, colour: &str, width: f64, from: (f64, f64), to: (f64, f64)) {
        self.polyline(colour, width, [from, to]);
    }

    /// Draws straight lines from each point to the next.
    pub fn polyline(&self, colour: &str, width: f64, points: impl IntoIterator<Item = (f64, f64)>) {
        let colour = self.colour(colour);
        match &self.surface {
            Surface::Canvas(context) => {
                context.set_stroke_style_str(&colour);
                context.set_line_width(width);
                context.set_line_join("round");
                context.begin_path();
                for (x, y) in points {
                    context.line_to(x, y);
                }
                context.stroke();
            }
            Surface::Svg(elements) => {
                let points: Vec<String> =
                    points.into_iter().map(|(x, y)| format!("{},{}", number(x), number(y))).collect();
                let element = format!(
                    "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{}\" stroke-linejoin=\"round\"/>",
                    points.join(" "),
                    number(width)
                );
                elements.borrow_mut().push(element);
            }
        }
    }

    /// Draws a dot with a rim in the background colour, so that it stands out from a curve below it.
    pub fn dot(&self, colour: &str, (x, y): (f64, f64), radius: f64) {
        for (colour, radius) in [("--surface", radius + 2.0), (colour, radius)] {
            let colour = self.colour(colour);
            match &self.surface {
                Surface::Canvas(context) => {
                    context.set_fill_style_str(&colour);
                    context.begin_path();
                    let drawn = context.arc(x, y, radius, 0.0, std::f64::consts::TAU);
                    debug_assert!(drawn.is_ok(), "a radius above 0 is valid");
                    context.fill();
                }
                Surface::Svg(elements) => {
                    let [x, y, radius] = [x, y, radius].map(number);
                    elements
                        .borrow_mut()
                        .push(format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{colour}\"/>"));
                }
            }
        }
    }

    /// Draws a circle.
    pub fn ring(&self, colour: &str, width: f64, (x, y): (f64, f64), radius: f64) {
        let colour = self.colour(colour);
        match &self.surface {
            Surface::Canvas(context) => {
                context.set_stroke_style_str(&colour);
                context.set_line_width(width);
                context.begin_path();
                let drawn = context.arc(x, y, radius, 0.0, std::f64::consts::TAU);
                debug_assert!(drawn.is_ok(), "a radius above 0 is valid");
                context.stroke();
            }
            Surface::Svg(elements) => {
                let [x, y, radius, width] = [x, y, radius, width].map(number);
                elements.borrow_mut().push(format!(
                    "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"/>"
                ));
            }
        }
    }

    /// Fills a disc; `opacity` is from 0 to 1.
    pub fn disc(&self, colour: &str, opacity: f64, (x, y): (f64, f64), radius: f64) {
        let colour = self.colour(colour);
        match &self.surface {
            Surface::Canvas(context) => {
                context.set_global_alpha(opacity);
                context.set_fill_style_str(&colour);
                context.begin_path();
                let drawn = context.arc(x, y, radius, 0.0, std::f64::consts::TAU);
                debug_assert!(drawn.is_ok(), "a radius above 0 is valid");
                context.fill();
                context.set_global_alpha(1.0);
            }
            Surface::Svg(elements) => {
                let [x, y, radius, opacity] = [x, y, radius, opacity].map(number);
                elements.borrow_mut().push(format!(
                    "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{colour}\" fill-opacity=\"{opacity}\"/>"
                ));
            }
        }
    }

    /// Writes text of `size` pixels in the middle of a place, with a rim in the colour of the ground, so that it is read
    /// over points.
    pub fn write_over(&self, colour: &str, size: f64, text: &str, (x, y): (f64, f64)) {
        let (colour, ground) = (self.colour(colour), self.colour("--paper"));
        // Half of the height of digits and capitals.
        let y = size.mul_add(0.35, y);
        match &self.surface {
            Surface::Canvas(context) => {
                context.set_font(&format!(
                    "500 {size}px Palatino, \"Palatino Linotype\", \"URW Palladio L\", Georgia, serif"
                ));
                context.set_text_align("center");
                context.set_line_join("round");
                context.set_line_width(5.0);
                context.set_stroke_style_str(&ground);
                context.set_fill_style_str(&colour);
                let written = context.stroke_text(text, x, y).and_then(|()| context.fill_text(text, x, y));
                debug_assert!(written.is_ok(), "text can be written anywhere");
            }
            Surface::Svg(elements) => {
                let [x, y, size] = [x, y, size].map(number);
                let text = escaped(text);
                elements.borrow_mut().push(format!(
                    "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" fill=\"{colour}\" stroke=\"{ground}\" stroke-width=\"5\" stroke-linejoin=\"round\" paint-order=\"stroke\" font-family=\"serif\" font-size=\"{size}\">{text}</text>"
                ));
            }
        }
    }

    /// Writes text; `align` is `left`, `right` or `center`.
    pub fn write(&self, colour: &str, align: &str, text: &str, (x, y): (f64, f64)) {
        let colour = self.colour(colour);
        match &self.surface {
            Surface::Canvas(context) => {
                context.set_font("12px ui-sans-serif, system-ui, sans-serif");
                context.set_fill_style_str(&colour);
                context.set_text_align(align);
                let written = context.fill_text(text, x, y);
                debug_assert!(written.is_ok(), "text can be written anywhere");
            }
            Surface::Svg(elements) => {
                let anchor = match align {
                    "right" => "end",
                    "center" => "middle",
                    _ => "start",
                };
                let [x, y] = [x, y].map(number);
                let text = escaped(text);
                elements.borrow_mut().push(format!(
                    "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" fill=\"{colour}\" font-family=\"sans-serif\" font-size=\"12\">{text}</text>"
                ));
            }
        }
    }

    /// Width and height in pixels.
    pub const fn size(&self) -> (f64, f64) {
        (self.width, self.height)
    }

    /// Draws the y axis: about `count` horizontal grid lines, each with its value at the left, and the axis's name above.
    pub fn y_axis(&self, area: PlotArea, y_scale: Scale, count: usize, name: &str) {
        for value in y_scale.ticks(count) {
            let Some(y) = y_scale.pixel(value) else { continue };
            // Half a pixel off, so that a line of one pixel is sharp.
            let y = y.round() + 0.5;
            self.line("--line", 1.0, (area.left, y), (area.right, y));
            self.write("--ink-soft", "right", &tick_text(value), (area.left - 8.0, y + 4.0));
        }
        self.write("--ink-soft", "left", name, (area.left - 44.0, area.top - 12.0));
    }

    /// Draws the x axis below the plot: about `count` tick labels, and the axis's name.
    pub fn x_axis(&self, area: PlotArea, x_scale: Scale, count: usize, name: &str) {
        const MIN_DISTANCE_PX: f64 = 44.0;
        let mut last = f64::NEG_INFINITY;
        for value in x_scale.ticks(count) {
            let Some(x) = x_scale.pixel(value).filter(|x| x - last >= MIN_DISTANCE_PX) else { continue };
            last = x;
            self.write("--ink-soft", "center", &tick_text(value), (x, area.bottom + 17.0));
        }
        self.write("--ink-soft", "center", name, (f64::midpoint(area.left, area.right), area.bottom + 34.0));
    }
}

/// Text as SVG writes it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Coordinate in SVG, to a hundredth of a pixel.
fn number(value: f64) -> String {
    fixed(value, 2)
}
