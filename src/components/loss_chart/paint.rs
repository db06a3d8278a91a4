//! Painting of the loss curves.

use super::log::LossLog;
use crate::components::chart::{ChartCanvas, Margins, Point, Scale, Trace};

/// Largest number of epochs that are marked by dots.
const MAX_DOTS: usize = 40;

/// Paints the total loss of steps, and training and validation loss of epochs.
pub fn draw(canvas: &ChartCanvas, log: &LossLog, is_log: bool) {
    let margins = Margins::default();
    let (steps, training, validation) = (log.steps.points(), log.training(), log.validation());
    let points = || steps.iter().chain(&training).chain(&validation);
    let epochs = points().map(|(epoch, _)| *epoch).fold(1.0, f64::max);
    let x_scale = Scale::linear(epochs, margins.left, canvas.width - margins.right);
    let y_scale = Scale::fit(points().map(|(_, loss)| *loss), is_log, canvas.height - margins.bottom, margins.top);
    let to_pixels = |points: &[Point]| -> Vec<Point> {
        points.iter().filter_map(|(epoch, loss)| x_scale.pixel(*epoch).zip(y_scale.pixel(*loss))).collect()
    };

    canvas.y_axis(y_scale, 5, margins);
    canvas.x_axis(x_scale, 8, "epoch", margins);
    canvas.polyline("--curve-steps", 1.0, to_pixels(steps));
    for (colour, points) in [("--curve-training", &training), ("--curve-validation", &validation)] {
        canvas.polyline(colour, 2.0, to_pixels(points));
        if points.len() <= MAX_DOTS {
            for center in to_pixels(points) {
                canvas.dot(colour, center, 3.0);
            }
        }
    }
}

/// Paints the small chart of one part of the loss, without an x axis.
pub fn draw_part(canvas: &ChartCanvas, trace: &Trace, is_log: bool) {
    let margins = Margins { left: 48.0, right: 4.0, top: 8.0, bottom: 8.0 };
    let points = trace.points();
    let epochs = points.last().map_or(1.0, |(epoch, _)| *epoch);
    let x_scale = Scale::linear(epochs, margins.left, canvas.width - margins.right);
    let y_scale =
        Scale::fit(points.iter().map(|(_, value)| *value), is_log, canvas.height - margins.bottom, margins.top);
    canvas.y_axis(y_scale, 2, margins);
    let pixels = points.iter().filter_map(|(epoch, value)| x_scale.pixel(*epoch).zip(y_scale.pixel(*value)));
    canvas.polyline("--curve-training", 1.5, pixels);
}
