//! Drawing of paths with a round pen, centred as in MNIST, at any size.

use super::handwriting::Point;
use crate::data::canvas::Canvas;

/// Width of the grey edge between ink and paper, in pixels of MNIST.
const EDGE: f32 = 1.4;

/// Draws paths with a round pen of `radius` pixels of MNIST. The ink's longer side is scaled to 20/28 of the picture's
/// shorter side, and its centre of mass moved nearest to the middle.
pub(super) fn draw(paths: &[Vec<Point>], radius: f32, canvas: Canvas) -> Vec<u8> {
    let ink_box = InkBox::new(canvas);
    let radius = radius * canvas.scale();
    let placement = Placement::around(paths, radius, canvas);
    let mut ink = vec![0.0; canvas.len()];
    for path in paths {
        let points: Vec<Point> = path.iter().map(|&point| placement.place(point, radius)).collect();
        for ends in points.windows(2) {
            ink_box.draw_segment(&mut ink, ends[0], ends[1]);
        }
    }
    centre(&ink, canvas)
}

/// Map from the paths' coordinates to pixels.
struct Placement {
    middle_x: f32,
    middle_y: f32,
    scale: f32,
    canvas: Canvas,
}

impl Placement {
    fn around(paths: &[Vec<Point>], radius: f32, canvas: Canvas) -> Self {
        let (mut left, mut top, mut right, mut bottom) = (f32::MAX, f32::MAX, f32::MIN, f32::MIN);
        for point in paths.iter().flatten() {
            left = left.min(point.x);
            right = right.max(point.x);
            top = top.min(point.y);
            bottom = bottom.max(point.y);
        }
        // The ink extends a pen's radius beyond the path, so the path is scaled to that much less.
        let scale = (canvas.box_side() as f32 - 2.0 * radius) / (right - left).max(bottom - top).max(f32::EPSILON);
        Self { middle_x: f32::midpoint(left, right), middle_y: f32::midpoint(top, bottom), scale, canvas }
    }

    fn place(&self, point: Point, radius: f32) -> Point {
        Point {
            x: self.canvas.width as f32 / 2.0 + (point.x - self.middle_x) * self.scale,
            y: self.canvas.height as f32 / 2.0 + (point.y - self.middle_y) * self.scale,
            pressure: point.pressure * radius,
        }
    }
}

/// The box in the middle of the picture, outside which no ink is drawn.
struct InkBox {
    canvas: Canvas,
    left: usize,
    top: usize,
    edge: f32,
}

impl InkBox {
    fn new(canvas: Canvas) -> Self {
        let start = |side: usize| (side - canvas.box_side()) / 2;
        Self { left: start(canvas.width), top: start(canvas.height), edge: EDGE * canvas.scale(), canvas }
    }

    /// Draws a straight segment, whose ends hold the pen's radius there, into the ink inside the box. Coordinates count
    /// from the picture's corner, so that pixel (0, 0) has its middle at (0.5, 0.5).
    fn draw_segment(&self, ink: &mut [f32], from: Point, to: Point) {
        let reach = from.pressure.max(to.pressure) + self.edge;
        let span = |a: f32, b: f32, start: usize| {
            let first = (a.min(b) - reach).max(0.0) as usize;
            let end = (a.max(b) + reach).max(0.0) as usize + 1;
            first.max(start)..end.min(start + self.canvas.box_side())
        };
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let inverse_square = 1.0 / (dx * dx + dy * dy).max(f32::EPSILON);
        for y in span(from.y, to.y, self.top) {
            for x in span(from.x, to.x, self.left) {
                let (px, py) = (x as f32 + 0.5 - from.x, y as f32 + 0.5 - from.y);
                let along = ((px * dx + py * dy) * inverse_square).clamp(0.0, 1.0);
                let (ox, oy) = (px - along * dx, py - along * dy);
                let radius = from.pressure + along * (to.pressure - from.pressure);
                let cover = smoothstep((radius - (ox * ox + oy * oy).sqrt()) / self.edge + 0.5);
                let pixel = &mut ink[y * self.canvas.width + x];
                *pixel = pixel.max(cover);
            }
        }
    }
}

/// Smoothstep: 0 below 0, 1 above 1, and 3 t^2 - 2 t^3 between them, as MNIST's grey edges.
fn smoothstep(value: f32) -> f32 {
    let value = value.clamp(0.0, 1.0);
    value * value * (3.0 - 2.0 * value)
}

/// Moves the ink by whole pixels, within the picture, so that its centre of mass is nearest to the middle.
fn centre(ink: &[f32], canvas: Canvas) -> Vec<u8> {
    let Canvas { width, height } = canvas;
    let (mut mass, mut moment_x, mut moment_y) = (f32::EPSILON, 0.0, 0.0);
    let (mut left, mut right, mut top, mut bottom) = (width, 0, height, 0);
    for (index, &value) in ink.iter().enumerate().filter(|(_, value)| **value > 0.0) {
        let (x, y) = (index % width, index / width);
        mass += value;
        moment_x += value * x as f32;
        moment_y += value * y as f32;
        (left, right) = (left.min(x), right.max(x));
        (top, bottom) = (top.min(y), bottom.max(y));
    }
    let shift = |moment: f32, first: usize, last: usize, side: usize| {
        let shift_px = (side as f32 / 2.0 - moment / mass).round() as isize;
        shift_px.clamp(-first.cast_signed(), (side - 1 - last).cast_signed())
    };
    let offset = shift(moment_y, top, bottom, height) * width.cast_signed() + shift(moment_x, left, right, width);
    let mut picture = vec![0; canvas.len()];
    for (index, &value) in ink.iter().enumerate().filter(|(_, value)| **value > 0.0) {
        picture[index.wrapping_add_signed(offset)] = (value * 255.0).round() as u8;
    }
    picture
}
