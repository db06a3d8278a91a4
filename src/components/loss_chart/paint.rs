//! Plots of the loss curves.

use super::log::{LossLog, Quantity};
use crate::components::{
    chart::Trace,
    plot::{Axis, Plot, Series},
};

/// Total loss of steps, and training and validation loss of epochs.
pub fn losses(log: &LossLog, is_log: bool) -> Plot {
    let of_epochs = |name, colour, points| Series { name, colour, width: 2.0, points, has_dots: true };
    let steps = Series {
        name: "each step",
        colour: "--curve-steps",
        width: 1.0,
        points: log.steps.points().to_vec(),
        has_dots: false,
    };
    Plot {
        x: Axis { label: "epoch", is_log: false, range: None },
        y: Axis { label: if is_log { "loss, logarithmic" } else { "loss" }, is_log, range: None },
        series: vec![
            steps,
            of_epochs("training", "--curve-training", log.training()),
            of_epochs("validation", "--curve-validation", log.validation()),
        ],
        marked_x: None,
    }
}

/// One part of the loss, step by step.
pub fn part(quantity: Quantity, trace: &Trace, is_log: bool) -> Plot {
    let points = trace.points().to_vec();
    let last = points.last().map_or(1.0, |(epoch, _)| *epoch);
    Plot {
        x: Axis { label: "epoch", is_log: false, range: Some((0.0, last)) },
        y: Axis { label: "", is_log, range: None },
        series: vec![Series {
            name: quantity.label(),
            colour: "--curve-training",
            width: 1.5,
            points,
            has_dots: false,
        }],
        marked_x: None,
    }
}
