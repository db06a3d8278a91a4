//! Inspection of a network: weights of its first layer, activations, dead units and gradient norms of each layer, and
//! its code.

mod batched_read;
mod code;
mod histogram;
mod pictures;
#[cfg(test)]
mod tests;
mod units;
mod weights;

use std::ops::Range;

use burn::tensor::{Tensor, TensorData};
use pinhole_protocol::{Inspection, LayerInspection, LayerPlan, NetworkPlan, WeightPictures};

use self::{
    batched_read::{BatchedRead, TensorIndex},
    code::CodeTensors,
    histogram::value_histogram,
    pictures::weight_pictures,
    units::{dead_units, units},
    weights::{WeightTensors, tensor_ranges},
};
use crate::{
    EngineError, Model,
    measure::HeldOut,
    network::{LayerOutputs, to_pytorch_layout},
};

/// Most samples of an inspection: enough to identify a dead unit, few enough for one inspection per second.
const MAX_SAMPLES: usize = 64;

/// Inspects `model` on at most 64 samples of `held_out`. `gradient_norms` are those of the last step, one per tensor of
/// [`NetworkPlan::tensors`], `None` for tensors that are not trained.
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
    held_out.require_fit(model)?;
    let plan = model.experiment.plan();
    let ranges = tensor_ranges(plan);
    let first = ranges.iter().position(|range| !range.is_empty());
    let values = held_out.first(MAX_SAMPLES);
    let samples = values.len() / plan.input.len();
    let batch = TensorData::new(values.to_vec(), [samples, plan.input.len()]);
    let LayerOutputs { outputs, code, latent } =
        model.network.layer_outputs(Tensor::from_data(batch, model.compute.device()));

    let mut batched = BatchedRead::default();
    let outputs: Vec<Option<TensorIndex>> = outputs
        .into_iter()
        .zip(&ranges)
        .map(|(output, range)| (!range.is_empty()).then(|| batched.add(output)))
        .collect();
    let code = CodeTensors::add(&model.network, code, latent, &mut batched);
    let weights = WeightTensors::add(&model.network, first.map(|first| ranges[first].start), &mut batched);
    let read = batched.read().await?;

    let norms = weights.norms(&read);
    let layer = |(index, output): (usize, Option<TensorIndex>)| {
        let range = ranges[index].clone();
        Some(LayerInspection {
            gradient_norm: gradient_norms
                .and_then(|norms| combined_norm(norms.get(range.clone())?.iter().copied().flatten())),
            weight_norm: combined_norm(trained(plan, range).map(|tensor| norms[tensor])).unwrap_or_default(),
            ..inspect_layer(&plan.layers[index], index, read.values(output?))
        })
    };
    Ok(Inspection {
        samples,
        first_weights: first.map_or_else(WeightPictures::default, |first| {
            let tensor = &plan.tensors()[ranges[first].start];
            weight_pictures(&plan.layers[first], &to_pytorch_layout(tensor, weights.first(&read).to_vec()))
        }),
        layers: outputs.into_iter().enumerate().filter_map(layer).collect(),
        code: code.histogram(&read),
        code_use: code.usage(&read),
    })
}

/// Histogram and dead units of a layer's outputs [samples, values]; norms are left at their defaults.
fn inspect_layer(layer: &LayerPlan, index: usize, outputs: &[f32]) -> LayerInspection {
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

/// The tensors of a range that are trained: running statistics of a batch normalisation are not.
fn trained(plan: &NetworkPlan, range: Range<usize>) -> impl Iterator<Item = usize> {
    let tensors = plan.tensors();
    range.filter(move |&index| tensors[index].is_trained)
}

/// L2 norm of several tensors together, from their norms; `None` without a tensor.
fn combined_norm(norms: impl Iterator<Item = f32>) -> Option<f32> {
    let squares: Vec<f32> = norms.map(|norm| norm * norm).collect();
    (!squares.is_empty()).then(|| squares.iter().sum::<f32>().sqrt())
}
