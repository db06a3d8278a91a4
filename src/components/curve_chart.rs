//! Chart of a curve in the unit square, such as ROC, with the threshold's point marked.

use pinhole_protocol::table::CurvePoint;

use super::chart::{ChartCanvas, Margins, Scale};

/// Curve to paint, each axis from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    pub x_label: &'static str,
    pub y_label: &'static str,
    pub points: Vec<CurvePoint>,
    /// Point of the current threshold.
    pub marked: Option<CurvePoint>,
    /// Values of y at the left and the right edge for a random ranking.
    pub chance: (f64, f64),
}

/// Paints the curve.
pub fn draw(canvas: &ChartCanvas, curve: &Curve) {
    let margins = Margins { top: 26.0, ..Margins::default() };
    let x_scale = Scale::between(0.0, 1.0, false, margins.left, canvas.width - margins.right);
    let y_scale = Scale::between(0.0, 1.0, false, canvas.height - margins.bottom, margins.top);
    let to_pixels = |point: &CurvePoint| x_scale.pixel(point.x).zip(y_scale.pixel(point.y));
    canvas.y_axis(y_scale, 5, margins);
    canvas.x_axis(x_scale, 5, curve.x_label, margins);
    canvas.write("--ink-soft", "left", curve.y_label, (8.0, 14.0));
    let chance = [CurvePoint { x: 0.0, y: curve.chance.0 }, CurvePoint { x: 1.0, y: curve.chance.1 }];
    canvas.polyline("--curve-steps", 1.0, chance.iter().filter_map(to_pixels));
    canvas.polyline("--curve-training", 2.0, curve.points.iter().filter_map(to_pixels));
    if let Some(center) = curve.marked.as_ref().and_then(to_pixels) {
        canvas.dot("--rows-anomalous", center, 5.0);
    }
}
