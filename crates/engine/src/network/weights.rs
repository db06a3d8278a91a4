//! A layer's weights on the host, in PyTorch's layout, and the ones that a network begins with.

use pinhole_protocol::{CONV_KERNEL, LayerKind, LayerPlan, NetworkPlan, Part};
use rand::RngExt;
use rand_pcg::Pcg32;

use crate::random::{Stream, generator};

/// Weights and biases of one layer, as PyTorch lays them out: `Linear` [out, in], `Conv2d` [out, in, 3, 3],
/// `ConvTranspose2d` [in, out, 3, 3].
#[derive(Clone, Debug, PartialEq)]
pub struct LayerWeights {
    /// Row by row.
    pub weight: Vec<f32>,
    /// One for each output channel, or output of a dense layer.
    pub bias: Vec<f32>,
}

/// Shape of `layer`'s weight in PyTorch's layout.
pub fn weight_shape(layer: &LayerPlan) -> Vec<usize> {
    match layer.kind {
        LayerKind::Dense => vec![layer.output.len(), layer.input.len()],
        LayerKind::Conv => vec![layer.output.channels, layer.input.channels, CONV_KERNEL, CONV_KERNEL],
        LayerKind::ConvTranspose => vec![layer.input.channels, layer.output.channels, CONV_KERNEL, CONV_KERNEL],
    }
}

/// Names of `plan`'s layers in a model file, in its order.
pub fn layer_names(plan: &NetworkPlan) -> Vec<String> {
    let mut next = [0; 3];
    plan.layers
        .iter()
        .map(|layer| {
            let index = part_index(layer.part);
            let name = format!("{}.{}", ["encoder", "bottleneck", "decoder"][index], next[index]);
            next[index] += 1;
            name
        })
        .collect()
}

pub(super) const fn part_index(part: Part) -> usize {
    match part {
        Part::Encoder => 0,
        Part::Bottleneck => 1,
        Part::Decoder => 2,
    }
}

/// PyTorch's default: weights and biases uniform in ±1/sqrt(fan-in) (He et al. 2015 with a = √5).
pub fn initial_weights(plan: &NetworkPlan, seed: u64) -> Vec<LayerWeights> {
    plan.layers
        .iter()
        .enumerate()
        .map(|(index, layer)| {
            let shape = weight_shape(layer);
            // PyTorch reads the fan-in off the weight's second dimension, for transposed convolutions too.
            let fan_in: usize = shape[1..].iter().product();
            let bound = 1.0 / (fan_in as f32).sqrt();
            let mut random = generator(seed, Stream::Weights, index as u64);
            LayerWeights {
                weight: uniform(&mut random, bound, shape.iter().product()),
                bias: uniform(&mut random, bound, layer.bias_len()),
            }
        })
        .collect()
}

fn uniform(random: &mut Pcg32, bound: f32, count: usize) -> Vec<f32> {
    (0..count).map(|_| random.random_range(-bound..bound)).collect()
}
