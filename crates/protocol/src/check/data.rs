//! Checks that a network can read the data.

use super::{SpecError, require};
use crate::{Activation, Experiment, GridShape, ImageSource, NetworkPlan};

pub(super) fn check(experiment: &Experiment, plan: &NetworkPlan) -> Result<(), SpecError> {
    if experiment.data.source != ImageSource::TableRows {
        // Pictures are resized to the network's input; whether they can be is checked when they are read.
        return Ok(());
    }
    let GridShape { height, width, .. } = plan.input;
    require(height == 1 && width == 1, "network.input", || {
        format!(
            "a table's rows have no neighbours, and this network reads pictures of {height}x{width}: let it read as many channels of 1x1 as a row has numbers"
        )
    })?;
    let output = experiment.network.output_activation;
    let is_bounded = matches!(output, Activation::Sigmoid | Activation::Tanh | Activation::Relu);
    require(!is_bounded, "network.output_activation", || {
        format!(
            "a table's prepared numbers reach far below 0 and above 1, where a {} at the end never goes: let the network end linear",
            output.label()
        )
    })?;
    require(experiment.schedule.augmentation.is_none(), "schedule.augmentation", || {
        "only pictures can be shifted, turned and distorted: set the augmentation to 0".into()
    })
}

/// Checks that a network with this input reads the prepared rows, of `width` values, of the table `name`.
///
/// # Errors
/// If it reads another shape; the message states the right one.
pub fn check_row_width(name: &str, width: usize, input: GridShape) -> Result<(), SpecError> {
    let is_vector = input.height == 1 && input.width == 1;
    require(is_vector && input.channels == width, "network.input", || {
        let reads = if is_vector {
            format!("{} values", input.channels)
        } else {
            format!("pictures of {}x{}", input.height, input.width)
        };
        format!(
            "Each row of “{name}” becomes {width} numbers, and this network reads {reads}: let it read a vector of {width} ({width} channels of 1x1)."
        )
    })
}
