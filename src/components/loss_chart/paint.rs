//! Draws the losses and their parts, in the page's colours.

use super::log::LossLog;
use crate::components::chart::{Margins, Point, Scale, Sheet, Trace};

/// More dots than this would make a chain.
const MOST_DOTS: usize = 40;

/// Draws everything anew.
pub fn draw(sheet: &Sheet, log: &LossLog, is_log: bool) {
    let margins = Margins::default();
    let (steps, training, validation) = (log.steps.points(), log.training(), log.validation());
    let points = || steps.iter().chain(&training).chain(&validation);
    let epochs = points().map(|(epoch, _)| *epoch).fold(1.0, f64::max);
    let across = Scale::linear(epochs, margins.left, sheet.width - margins.right);
    let up = Scale::fit(points().map(|(_, loss)| *loss), is_log, sheet.height - margins.bottom, margins.top);
    let places = |points: &[Point]| -> Vec<Point> {
        points.iter().filter_map(|(epoch, loss)| across.pixel(*epoch).zip(up.pixel(*loss))).collect()
    };

    sheet.rules(up, 5, margins);
    sheet.below(across, 8, "epoch", margins);
    sheet.polyline("--curve-steps", 1.0, places(steps));
    for (colour, points) in [("--curve-training", &training), ("--curve-validation", &validation)] {
        sheet.polyline(colour, 2.0, places(points));
        if points.len() <= MOST_DOTS {
            for place in places(points) {
                sheet.dot(colour, place, 3.0);
            }
        }
    }
}

/// Draws one part of the loss: its curve fills the sheet, and what it begins and ends with is told beside it.
pub fn draw_part(sheet: &Sheet, trace: &Trace, is_log: bool) {
    let margins = Margins { left: 48.0, right: 4.0, top: 8.0, bottom: 8.0 };
    let points = trace.points();
    let epochs = points.last().map_or(1.0, |(epoch, _)| *epoch);
    let across = Scale::linear(epochs, margins.left, sheet.width - margins.right);
    let up = Scale::fit(points.iter().map(|(_, value)| *value), is_log, sheet.height - margins.bottom, margins.top);
    sheet.rules(up, 2, margins);
    let places = points.iter().filter_map(|(epoch, value)| across.pixel(*epoch).zip(up.pixel(*value)));
    sheet.polyline("--curve-training", 1.5, places);
}
