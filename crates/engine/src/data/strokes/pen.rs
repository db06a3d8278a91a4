//! Ink on paper: paths drawn with a round pen into MNIST's frame.

use super::hand::Point;
use crate::data::{PIXELS, SIDE};

/// The box that a digit fills with its longer side, as in MNIST: pixels 4 to 23 of the 28.
const BOX_SIDE: usize = 20;
const BOX_START: usize = (SIDE - BOX_SIDE) / 2;

/// Width of the grey edge between ink and paper, in pixels.
const EDGE: f32 = 1.4;

/// Draws paths with a round pen of `radius` pixels into a 28x28 picture: scaled so that the ink's longer side is 20
/// pixels, its centre of mass nearest to pixel (14, 14).
pub(super) fn draw(paths: &[Vec<Point>], radius: f32) -> [u8; PIXELS] {
    let frame = Frame::around(paths, radius);
    let mut ink = [0.0; PIXELS];
    for path in paths {
        let placed: Vec<Point> = path.iter().map(|&point| frame.place(point, radius)).collect();
        for piece in placed.windows(2) {
            draw_piece(&mut ink, piece[0], piece[1]);
        }
    }
    centre(&ink)
}

/// Maps written coordinates to pixels.
struct Frame {
    middle_x: f32,
    middle_y: f32,
    scale: f32,
}

impl Frame {
    fn around(paths: &[Vec<Point>], radius: f32) -> Self {
        let (mut left, mut top, mut right, mut bottom) = (f32::MAX, f32::MAX, f32::MIN, f32::MIN);
        for point in paths.iter().flatten() {
            left = left.min(point.x);
            right = right.max(point.x);
            top = top.min(point.y);
            bottom = bottom.max(point.y);
        }
        // The ink reaches a pen's radius beyond the path, so the path itself gets that much less.
        let scale = (BOX_SIDE as f32 - 2.0 * radius) / (right - left).max(bottom - top).max(f32::EPSILON);
        Self { middle_x: f32::midpoint(left, right), middle_y: f32::midpoint(top, bottom), scale }
    }

    fn place(&self, point: Point, radius: f32) -> Point {
        Point {
            x: SIDE as f32 / 2.0 + (point.x - self.middle_x) * self.scale,
            y: SIDE as f32 / 2.0 + (point.y - self.middle_y) * self.scale,
            pressure: point.pressure * radius,
        }
    }
}

/// Adds a straight piece, whose ends carry the pen's radius there, to the ink inside the box. Coordinates count from the picture's
/// corner, so pixel (0, 0) has its middle at (0.5, 0.5).
fn draw_piece(ink: &mut [f32; PIXELS], from: Point, to: Point) {
    let reach = from.pressure.max(to.pressure) + EDGE;
    let span = |a: f32, b: f32| {
        let first = (a.min(b) - reach).max(0.0) as usize;
        let end = (a.max(b) + reach).max(0.0) as usize + 1;
        first.max(BOX_START)..end.min(BOX_START + BOX_SIDE)
    };
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let inverse_square = 1.0 / (dx * dx + dy * dy).max(f32::EPSILON);
    for y in span(from.y, to.y) {
        for x in span(from.x, to.x) {
            let (px, py) = (x as f32 + 0.5 - from.x, y as f32 + 0.5 - from.y);
            let along = ((px * dx + py * dy) * inverse_square).clamp(0.0, 1.0);
            let (ox, oy) = (px - along * dx, py - along * dy);
            let radius = from.pressure + along * (to.pressure - from.pressure);
            let cover = smooth_step((radius - (ox * ox + oy * oy).sqrt()) / EDGE + 0.5);
            let pixel = &mut ink[y * SIDE + x];
            *pixel = pixel.max(cover);
        }
    }
}

/// 0 below 0, 1 above 1, and between them a rise that begins and ends gently, as MNIST's greys do.
fn smooth_step(value: f32) -> f32 {
    let value = value.clamp(0.0, 1.0);
    value * value * (3.0 - 2.0 * value)
}

/// Moves the ink by whole pixels, as far as it stays inside, until its centre of mass is nearest to pixel (14, 14).
fn centre(ink: &[f32; PIXELS]) -> [u8; PIXELS] {
    let (mut mass, mut moment_x, mut moment_y) = (f32::EPSILON, 0.0, 0.0);
    let (mut left, mut right, mut top, mut bottom) = (SIDE, 0, SIDE, 0);
    for (index, &value) in ink.iter().enumerate().filter(|(_, value)| **value > 0.0) {
        let (x, y) = (index % SIDE, index / SIDE);
        mass += value;
        moment_x += value * x as f32;
        moment_y += value * y as f32;
        (left, right) = (left.min(x), right.max(x));
        (top, bottom) = (top.min(y), bottom.max(y));
    }
    let shift = |moment: f32, first: usize, last: usize| {
        let wanted = (SIDE as f32 / 2.0 - moment / mass).round() as isize;
        wanted.clamp(-first.cast_signed(), (SIDE - 1 - last).cast_signed())
    };
    let offset = shift(moment_y, top, bottom) * SIDE.cast_signed() + shift(moment_x, left, right);
    let mut picture = [0; PIXELS];
    for (index, &value) in ink.iter().enumerate().filter(|(_, value)| **value > 0.0) {
        picture[index.wrapping_add_signed(offset)] = (value * 255.0).round() as u8;
    }
    picture
}
