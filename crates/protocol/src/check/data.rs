//! Whether the data are of the kind that the network reads.

use super::{SpecError, demand};
use crate::{Activation, Experiment, GridShape, ImageSource, NetworkPlan};

pub(super) fn check(experiment: &Experiment, plan: &NetworkPlan) -> Result<(), SpecError> {
    let GridShape { channels, height, width } = plan.input;
    let is_vector = height == 1 && width == 1;
    if experiment.data.source != ImageSource::TableRows {
        return demand(!is_vector, "network.input", || {
            format!(
                "the data are pictures, and this network reads vectors of {channels}: let it read pictures, such as 28x28 grey, or learn from a table's rows"
            )
        });
    }
    demand(is_vector, "network.input", || {
        format!(
            "a table's rows have no neighbours, and this network reads pictures of {height}x{width}: let it read as many channels of 1x1 as a row has numbers"
        )
    })?;
    let output = experiment.network.output_activation;
    let is_bounded = matches!(output, Activation::Sigmoid | Activation::Tanh | Activation::Relu);
    demand(!is_bounded, "network.output_activation", || {
        format!(
            "a table's prepared numbers reach far below 0 and above 1, where a {} at the end never goes: let the network end linear",
            output.label()
        )
    })?;
    demand(experiment.schedule.augmentation.is_none(), "schedule.augmentation", || {
        "only pictures can be shifted, turned and distorted: set the augmentation to 0".into()
    })
}
