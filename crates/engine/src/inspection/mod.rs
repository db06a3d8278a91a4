//! A look into a network: what its first layer seeks, what its layers say, and how its learning flows.

mod code;
mod histogram;
mod pictures;
mod reading;
#[cfg(test)]
mod tests;
mod units;
mod weights;

use std::ops::Range;

use burn::tensor::{Tensor, TensorData};
use pinhole_protocol::{Inspection, LayerInspection, LayerPlan, NetworkPlan, WeightPictures};

use self::{
    code::Code,
    histogram::value_histogram,
    reading::{Place, Reading},
    units::{dead_units, units},
    weights::{Weights, tensors_of_layers},
};
use crate::{
    EngineError, Model,
    measure::HeldOut,
    network::{Trace, to_pytorch},
};

/// Samples that are sent through: enough to tell a dead unit, few enough to be asked every second.
const PROBE: usize = 64;

/// Looks into `model` with at most 64 of `held_out`. `gradient_norms` are those of the last step, one for each tensor of
/// [`NetworkPlan::tensors`], `None` for those that do not learn.
///
/// Everything is read from the device in one transaction, some megabytes for the largest of the presets.
///
/// # Errors
/// When there is no sample, the samples do not fit the model, or the device fails.
pub async fn inspect(
    model: &Model,
    held_out: &HeldOut,
    gradient_norms: Option<&[Option<f32>]>,
) -> Result<Inspection, EngineError> {
    held_out.demand_fit(model)?;
    let plan = model.experiment.plan();
    let ranges = tensors_of_layers(plan);
    let first = ranges.iter().position(|range| !range.is_empty());
    let probe = held_out.first(PROBE);
    let samples = probe.len() / plan.input.len();
    let batch = TensorData::new(probe.to_vec(), [samples, plan.input.len()]);
    let Trace { outputs, code, latent } = model.network.trace(Tensor::from_data(batch, model.compute.device()));

    let mut reading = Reading::default();
    let outputs: Vec<Option<Place>> = outputs
        .into_iter()
        .zip(&ranges)
        .map(|(output, range)| (!range.is_empty()).then(|| reading.note(output)))
        .collect();
    let code = Code::note(&model.network, code, latent, &mut reading);
    let weights = Weights::note(&model.network, first.map(|first| ranges[first].start), &mut reading);
    let read = reading.read().await?;

    let norms = weights.norms(&read);
    let layer = |(index, place): (usize, Option<Place>)| {
        let range = ranges[index].clone();
        Some(LayerInspection {
            gradient_norm: gradient_norms.and_then(|norms| norm(norms.get(range.clone())?.iter().copied().flatten())),
            weight_norm: norm(trained(plan, range).map(|tensor| norms[tensor])).unwrap_or_default(),
            ..describe(&plan.layers[index], index, read.values(place?))
        })
    };
    Ok(Inspection {
        samples,
        first_weights: first.map_or_else(WeightPictures::default, |first| {
            let tensor = &plan.tensors()[ranges[first].start];
            pictures::pictures(&plan.layers[first], &to_pytorch(tensor, weights.first(&read).to_vec()))
        }),
        layers: outputs.into_iter().enumerate().filter_map(layer).collect(),
        code: code.histogram(&read),
        code_use: code.in_use(&read),
    })
}

/// What a layer's outputs say.
fn describe(layer: &LayerPlan, index: usize, outputs: &[f32]) -> LayerInspection {
    LayerInspection {
        part: layer.part,
        layer: index,
        activations: value_histogram(outputs),
        units: units(layer),
        dead_units: dead_units(layer, outputs),
        gradient_norm: None,
        weight_norm: 0.0,
    }
}

/// Those of some tensors that are learnt: a batch normalisation's statistics are no weights.
fn trained(plan: &NetworkPlan, range: Range<usize>) -> impl Iterator<Item = usize> {
    let tensors = plan.tensors();
    range.filter(move |&index| tensors[index].is_trained)
}

/// L2 norm of several tensors together; `None` of none.
fn norm(norms: impl Iterator<Item = f32>) -> Option<f32> {
    let squares: Vec<f32> = norms.map(|norm| norm * norm).collect();
    (!squares.is_empty()).then(|| squares.iter().sum::<f32>().sqrt())
}
