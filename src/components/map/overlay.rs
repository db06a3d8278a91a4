//! What lies over the points: axes, contours, names of categories, the way, rings and the outline that is drawn.

use std::rc::Rc;

use super::{
    density::Segment,
    palette::ColourScale,
    scene::Scene,
    viewport::{Area, Viewport},
};
use crate::components::chart::{ChartCanvas, Point, Scale, tick_text};

/// Most categories whose names stand among the points, and most characters of a name.
const MAX_NAMES: usize = 30;
const MAX_NAME_LENGTH: usize = 14;

/// Points of a category whose median is taken; of more, evenly spread ones.
const MEDIAN_SAMPLE: usize = 2_000;

/// Pixels between the ticks of an axis, about.
const TICK_DISTANCE: f64 = 110.0;

/// Room around the points, within the canvas.
pub fn area(scene: &Scene, (width, height): (f64, f64)) -> Area {
    let (left, top, right, bottom) = if scene.axes.is_some() { (34.0, 22.0, 8.0, 36.0) } else { (1.0, 1.0, 1.0, 1.0) };
    Area { left, top, width: (width - left - right).max(1.0), height: (height - top - bottom).max(1.0) }
}

/// Name of a category at the median of its points.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub at: [f32; 2],
    pub name: String,
}

/// Names of the categories at the medians of their points, if there are few and short ones.
pub fn labels(scene: &Scene) -> Rc<[Label]> {
    let ColourScale::Categories { names, .. } = &scene.colouring.scale else { return Rc::default() };
    if names.len() > MAX_NAMES || names.iter().any(|name| name.chars().count() > MAX_NAME_LENGTH) {
        return Rc::default();
    }
    let mut members = vec![Vec::new(); names.len()];
    for (point, category) in scene.colouring.indices.iter().enumerate() {
        if let (Some(members), Some(at)) = (members.get_mut(usize::from(*category)), scene.position(point)) {
            members.push(at);
        }
    }
    let labelled = names.iter().zip(members).filter_map(|(name, members)| {
        let step = members.len().div_ceil(MEDIAN_SAMPLE).max(1);
        let sample: Vec<[f32; 2]> = members.into_iter().step_by(step).collect();
        Some(Label { at: [median(&sample, 0)?, median(&sample, 1)?], name: name.clone() })
    });
    labelled.collect()
}

fn median(points: &[[f32; 2]], axis: usize) -> Option<f32> {
    let mut values: Vec<f32> = points.iter().map(|point| point[axis]).filter(|value| value.is_finite()).collect();
    let middle = values.len() / 2;
    (!values.is_empty()).then(|| *values.select_nth_unstable_by(middle, f32::total_cmp).1)
}

/// Painter of what lies over the points.
pub struct Overlay<'a> {
    pub scene: &'a Scene,
    pub viewport: &'a Viewport,
    pub contours: &'a [Segment],
    pub labels: &'a [Label],
    /// Radius of a point in pixels.
    pub radius: f64,
}

impl Overlay<'_> {
    /// Paints all of it but the outline.
    pub fn paint(&self, canvas: &ChartCanvas) {
        self.paint_frame(canvas);
        self.paint_contours(canvas);
        self.paint_way(canvas);
        for label in self.labels {
            let pixel = self.viewport.pixel(label.at);
            if self.viewport.area.contains(pixel) {
                canvas.write_over("--ink", 24.0, &label.name, pixel);
            }
        }
        self.paint_marks(canvas);
    }

    fn paint_frame(&self, canvas: &ChartCanvas) {
        let Area { left, top, width, height } = self.viewport.area;
        let [right, bottom] = [left + width, top + height];
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
        canvas.polyline("--line", 1.0, corners.map(|(x, y)| (x.round() + 0.5, y.round() + 0.5)));
        let Some([across, up]) = &self.scene.axes else { return };
        let visible = self.viewport.visible();
        let ticks = |axis: usize, side: f64| {
            let (low, high) = (f64::from(visible.low[axis]), f64::from(visible.high[axis]));
            Scale::between(low, high, false, 0.0, 1.0).ticks((side / TICK_DISTANCE).max(2.0) as usize)
        };
        for value in ticks(0, width) {
            let x = self.viewport.pixel([value as f32, visible.low[1]]).0;
            canvas.write("--ink-soft", "center", &signed(value), (x, bottom + 16.0));
        }
        for value in ticks(1, height) {
            let y = self.viewport.pixel([visible.low[0], value as f32]).1;
            canvas.write("--ink-soft", "right", &signed(value), (left - 6.0, y + 4.0));
        }
        canvas.write("--ink-soft", "right", across, (right, bottom + 32.0));
        canvas.write("--ink-soft", "left", up, (2.0, top - 9.0));
    }

    fn paint_contours(&self, canvas: &ChartCanvas) {
        for segment in self.contours {
            let [from, to] = segment.map(|position| self.viewport.pixel(position));
            if self.viewport.area.contains(from) && self.viewport.area.contains(to) {
                canvas.line("--ink-soft", 1.0, from, to);
            }
        }
    }

    fn paint_way(&self, canvas: &ChartCanvas) {
        let pixels: Vec<Point> = self.scene.way.iter().map(|position| self.viewport.pixel(*position)).collect();
        if pixels.len() > 1 {
            canvas.polyline("--code", 2.0, pixels.iter().copied());
            for pixel in pixels {
                canvas.disc("--code", 1.0, pixel, 3.0);
            }
        }
    }

    fn paint_marks(&self, canvas: &ChartCanvas) {
        let radius = self.radius + 4.5;
        for mark in &self.scene.marks {
            if let Some(pixel) = self.pixel(mark.index) {
                canvas.ring("--code", 2.5, pixel, radius);
                canvas.write_over("--code", 15.0, mark.letter, (pixel.0 + radius + 8.0, pixel.1 + radius));
            }
        }
        if let Some(pixel) = self.scene.hovered.and_then(|index| self.pixel(index)) {
            canvas.ring("--ink", 2.0, pixel, radius);
        }
    }

    /// Pixel of a point, if it is in sight.
    fn pixel(&self, index: usize) -> Option<Point> {
        let pixel = self.viewport.pixel(self.scene.position(index)?);
        self.viewport.area.contains(pixel).then_some(pixel)
    }
}

/// Paints the outline that is drawn.
pub fn paint_outline(canvas: &ChartCanvas, corners: &[Point]) {
    let closed = corners.iter().chain(corners.first()).copied();
    canvas.polyline("--accent", 1.5, closed);
}

/// Label of a tick with a true minus sign.
fn signed(value: f64) -> String {
    tick_text(value).replace('-', "−")
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::Floats;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::components::map::palette::Colouring;

    #[wasm_bindgen_test(unsupported = test)]
    fn names_stand_at_the_medians() {
        let positions = vec![0.0, 0.0, 1.0, 1.0, 100.0, 2.0, 5.0, 5.0, f32::NAN, 9.0];
        let colouring = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            Rc::new(Colouring::of_categories(&names, &[0, 0, 0, 1, 255]))
        };
        let scene =
            Scene { positions: Rc::new(Floats(positions)), colouring: colouring(&["3", "8"]), ..Scene::empty() };
        let expected = [([1.0, 1.0], "3"), ([5.0, 5.0], "8")];
        let found: Vec<([f32; 2], String)> =
            labels(&scene).iter().map(|label| (label.at, label.name.clone())).collect();
        assert_eq!(found, expected.map(|(at, name)| (at, name.to_owned())));
        let long = Scene { colouring: colouring(&["the name of a customer", "8"]), ..scene };
        assert!(labels(&long).is_empty());
    }
}
