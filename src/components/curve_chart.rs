//! A curve in the unit square, such as ROC, with one point on it marked.

use pinhole_protocol::table::CurvePoint;

use super::chart::{Margins, Scale, Sheet};

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    pub across: &'static str,
    pub up: &'static str,
    pub points: Vec<CurvePoint>,
    /// The threshold's point.
    pub marked: Option<CurvePoint>,
    /// What a ranking by chance would give, from the left edge to the right.
    pub chance: (f64, f64),
}

/// Draws it.
pub fn draw(sheet: &Sheet, curve: &Curve) {
    let margins = Margins { top: 26.0, ..Margins::default() };
    let across = Scale::between(0.0, 1.0, false, margins.left, sheet.width - margins.right);
    let up = Scale::between(0.0, 1.0, false, sheet.height - margins.bottom, margins.top);
    let place = |point: &CurvePoint| across.pixel(point.x).zip(up.pixel(point.y));
    sheet.rules(up, 5, margins);
    sheet.below(across, 5, curve.across, margins);
    sheet.write("--ink-soft", "left", curve.up, (8.0, 14.0));
    let chance = [CurvePoint { x: 0.0, y: curve.chance.0 }, CurvePoint { x: 1.0, y: curve.chance.1 }];
    sheet.polyline("--curve-steps", 1.0, chance.iter().filter_map(place));
    sheet.polyline("--curve-training", 2.0, curve.points.iter().filter_map(place));
    if let Some(place) = curve.marked.as_ref().and_then(place) {
        sheet.dot("--rows-anomalous", place, 5.0);
    }
}
