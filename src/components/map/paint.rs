//! Painting of the map's canvases.

use std::rc::Rc;

use web_sys::HtmlCanvasElement;

use super::{
    Arrival, ScatterMap, Stale, TRAVEL_MS,
    density::{Segment, contours},
    gl::Frame,
    overlay::{self, Label, Overlay, labels, paint_outline},
    palette::{Rgba, hex, parse},
    pictures::{draw_grid, draw_pictures, shown_pictures},
    points::{Points, looks},
    scene::Scene,
    viewport::{Extent, Viewport, point_size},
};
use crate::components::chart::ChartCanvas;

impl ScatterMap {
    /// Paints what is stale, at a moment in milliseconds of the page.
    pub(super) fn paint(&self, now: f64) {
        let (Some(over), Some(middle)) =
            (self.over.cast::<HtmlCanvasElement>(), self.middle.cast::<HtmlCanvasElement>())
        else {
            return;
        };
        let Some(canvas) = ChartCanvas::transparent(&over) else { return };
        let scene = self.scene();
        let viewport = self.fitted_viewport(&scene, canvas.size());
        let stale = self.stale.replace(Stale::default());
        let moved = self.travelled(now, stale);
        let is_moving = moved < 1.0;
        if stale != Stale::default() || self.departure.get().is_some() {
            self.paint_points(&middle, &canvas, &scene, stale, &viewport, moved);
            self.paint_under(&scene, &viewport);
        }
        self.paint_over(&canvas, &scene, &viewport);
        paint_outline(&canvas, self.gestures.borrow().outline());
        if is_moving {
            self.request_paint();
        } else {
            self.departure.set(None);
        }
    }

    /// What is shown, for a canvas of this size.
    fn fitted_viewport(&self, scene: &Scene, size: (f64, f64)) -> Viewport {
        let area = overlay::area(scene, size);
        let viewport = match self.viewport.get() {
            Some(viewport) if viewport.area == area => return viewport,
            Some(viewport) => viewport.with(Extent::of(&scene.positions.0), area),
            None => Viewport::fit(Extent::of(&scene.positions.0), area),
        };
        self.viewport.set(Some(viewport));
        viewport
    }

    /// Share of the way that travelling points have made.
    fn travelled(&self, now: f64, stale: Stale) -> f32 {
        if let Some(arrival) = stale.positions {
            self.departure.set((arrival == Arrival::Travel).then_some(now));
        }
        // A picture to be saved shows where they arrive.
        let departure = self.departure.get().filter(|_| now.is_finite());
        departure.map_or(1.0, |departure| {
            let share = ((now - departure) / TRAVEL_MS).clamp(0.0, 1.0);
            // Slow at both ends.
            (share * share * 2.0f64.mul_add(-share, 3.0)) as f32
        })
    }

    fn paint_points(
        &self,
        middle: &HtmlCanvasElement,
        colours: &ChartCanvas,
        scene: &Scene,
        stale: Stale,
        viewport: &Viewport,
        moved: f32,
    ) {
        let density = density();
        fit(middle, colours.size(), density);
        let mut renderer = self.renderer.borrow_mut();
        let is_new = renderer.is_none();
        if is_new {
            *renderer = Points::new(middle);
        }
        let Some(points) = &mut *renderer else { return };
        let stale = if is_new { Stale::ALL } else { stale };
        if let Some(arrival) = stale.positions {
            points.set_positions(&scene.positions, arrival == Arrival::Travel);
        }
        if stale.looks {
            points.set_looks(looks(scene));
        }
        if stale.palette {
            points.set_palette(palette(scene, colours));
        }
        points.draw(&Frame { viewport: *viewport, density, diameter: diameter(scene, viewport), moved });
    }

    fn paint_under(&self, scene: &Scene, viewport: &Viewport) {
        let Some(canvas) = self.under.cast::<HtmlCanvasElement>().as_ref().and_then(ChartCanvas::transparent) else {
            return;
        };
        let (Some(grid), Some(context)) = (&scene.grid, canvas.context()) else { return };
        let ink = parse(&canvas.colour("--ink")).unwrap_or_default();
        if let Some(sheet) = self.derived.borrow_mut().sheet.get(grid, ink) {
            draw_grid(context, &sheet, grid.extent, viewport);
        }
    }

    /// Paints what lies over the points, on a canvas or as SVG.
    pub(super) fn paint_over(&self, canvas: &ChartCanvas, scene: &Scene, viewport: &Viewport) {
        self.paint_pictures(canvas, scene, viewport);
        let (contours, labels) = (self.contours(scene), self.labels(scene));
        Overlay { scene, viewport, contours: &contours, labels: &labels, radius: diameter(scene, viewport) / 2.0 }
            .paint(canvas);
    }

    fn paint_pictures(&self, canvas: &ChartCanvas, scene: &Scene, viewport: &Viewport) {
        let Some(thumbnails) = scene.pictures.as_ref().and_then(|vectors| vectors.thumbnails.as_ref()) else { return };
        let Some(context) = canvas.context() else { return };
        let known = thumbnails.pixels.0.len() / (thumbnails.side * thumbnails.side).max(1);
        let index = self.index();
        let points = shown_pictures(&index, viewport, known.min(scene.count()));
        let palette = palette(scene, canvas);
        let place = |point: usize| {
            let colour = scene.colouring.indices.get(point).map(|colour| palette[usize::from(*colour)]);
            (viewport.pixel(index.position(point)), colour.map(|[red, green, blue, _]| hex([red, green, blue])))
        };
        let ground = parse(&canvas.colour("--picture-ground")).unwrap_or_default();
        draw_pictures(context, thumbnails, &points, place, [ground, [255; 3]]);
    }

    fn contours(&self, scene: &Scene) -> Rc<[Segment]> {
        if !scene.has_density {
            return Rc::default();
        }
        let known = &mut self.derived.borrow_mut().contours;
        known.get_or_insert_with(|| contours(&scene.positions.0).into()).clone()
    }

    fn labels(&self, scene: &Scene) -> Rc<[Label]> {
        self.derived.borrow_mut().labels.get_or_insert_with(|| labels(scene)).clone()
    }
}

/// Pixels of a canvas per CSS pixel.
pub(super) fn density() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio())
}

/// Diameter of a point.
pub(super) fn diameter(scene: &Scene, viewport: &Viewport) -> f64 {
    point_size(scene.count(), viewport.zoom)
}

/// Colours of the points, in the page's scheme.
pub(super) fn palette(scene: &Scene, colours: &ChartCanvas) -> Vec<Rgba> {
    let ground = parse(&colours.colour("--paper")).unwrap_or([255; 3]);
    let is_dark = ground.iter().map(|channel| u32::from(*channel)).sum::<u32>() < 384;
    scene.colouring.palette(is_dark, |name| colours.colour(name))
}

/// Gives a canvas the resolution of its size on the screen.
fn fit(canvas: &HtmlCanvasElement, (width, height): (f64, f64), density: f64) {
    let [width, height] = [width, height].map(|side| (side * density).round() as u32);
    if (canvas.width(), canvas.height()) != (width, height) {
        canvas.set_width(width);
        canvas.set_height(height);
    }
}
