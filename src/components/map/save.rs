//! The map as a file: PNG of the canvases, or SVG with a circle per point.

use wasm_bindgen::JsCast;
use web_sys::HtmlCanvasElement;

use super::{
    ScatterMap, Stale,
    paint::{diameter, palette},
    palette::hex,
    points::{LOOK_BYTES, emphasised, looks},
};
use crate::{
    components::{chart::ChartCanvas, picture},
    files,
    notices::Notices,
};

/// Points above which an SVG is too large for the programs that open it.
const MANY_POINTS: usize = 20_000;

const REFUSED: &str = "The map could not be saved: the browser refused the download.";

impl ScatterMap {
    /// Downloads what is shown as a PNG file.
    pub fn save_png(&self, name: &str, notices: &Notices) {
        // The points' canvas is only filled until the browser has shown it.
        self.stale.set(Stale { points: true, ..self.stale.get() });
        self.paint(f64::INFINITY);
        let Some(canvas) = self.composed() else {
            notices.problem(REFUSED);
            return;
        };
        let notices = notices.clone();
        files::save_canvas(name.to_owned(), &canvas, move || notices.problem(REFUSED));
    }

    /// The canvases over each other, on the ground of the page.
    fn composed(&self) -> Option<HtmlCanvasElement> {
        let over = self.over.cast::<HtmlCanvasElement>()?;
        let colours = ChartCanvas::svg(&over)?;
        let canvas: HtmlCanvasElement =
            web_sys::window()?.document()?.create_element("canvas").ok()?.dyn_into().ok()?;
        canvas.set_width(over.width());
        canvas.set_height(over.height());
        let context = picture::context(&canvas)?;
        context.set_fill_style_str(&colours.colour("--paper"));
        context.fill_rect(0.0, 0.0, canvas.width().into(), canvas.height().into());
        for layer in [&self.under, &self.middle, &self.over] {
            let layer = layer.cast::<HtmlCanvasElement>()?;
            // A layer that was never painted has the size of a new canvas, and nothing on it.
            let is_painted = (layer.width(), layer.height()) == (over.width(), over.height());
            if is_painted {
                context.draw_image_with_html_canvas_element(&layer, 0.0, 0.0).ok()?;
            }
        }
        Some(canvas)
    }

    /// Downloads what is shown as an SVG file.
    pub fn save_svg(&self, name: &str, notices: &Notices) {
        let (scene, viewport) = (self.scene(), self.viewport.get());
        if scene.count() > MANY_POINTS {
            notices.information(format!(
                "The SVG has a circle for each of {} points, which few programs open: a PNG is better here.",
                crate::components::format::grouped(scene.count())
            ));
        }
        let Some((canvas, viewport)) =
            self.over.cast::<HtmlCanvasElement>().as_ref().and_then(ChartCanvas::svg).zip(viewport)
        else {
            return;
        };
        let colours = palette(&scene, &canvas);
        let radius = diameter(&scene, &viewport) / 2.0;
        // The map lies on the page's ground, not on that of charts.
        canvas.fill("--paper", (0.0, 0.0), canvas.size());
        let looks = looks(&scene);
        let looks = looks.as_chunks::<{ LOOK_BYTES as usize }>().0;
        for (position, [colour, emphasis, ..]) in scene.positions.0.as_chunks::<2>().0.iter().zip(looks) {
            let pixel = viewport.pixel(*position);
            if viewport.area.contains(pixel) {
                let [red, green, blue, opacity] = colours[usize::from(*colour)];
                let [share, growth] = emphasised(*emphasis);
                canvas.disc(&hex([red, green, blue]), f64::from(opacity) / 255.0 * share, pixel, radius * growth);
            }
        }
        self.paint_over(&canvas, &scene, &viewport);
        if files::save(name, "image/svg+xml", canvas.into_svg().as_bytes()).is_err() {
            notices.problem(REFUSED);
        }
    }
}
