//! Weights of dense layers, as PyTorch lays them out.

use pinhole_numerics::initial_values::{InitialValues, draw_layer};
use pinhole_protocol::{Initialiser, NetworkPlan};

/// Weights and biases of one dense layer, as PyTorch lays them out.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerWeights {
    /// [outputs, inputs], row-major.
    pub weight: Vec<f32>,
    /// One value per output.
    pub bias: Vec<f32>,
}

/// Initialiser weights of a [supported](super::is_supported) network, one entry per layer; the same that the engine begins
/// with.
pub fn initial_weights(plan: &NetworkPlan, seed: u64) -> Vec<LayerWeights> {
    let tensors = plan.tensors();
    // A weight and a bias per layer.
    let layers = tensors.chunks(2).enumerate().flat_map(|(layer, tensors)| {
        let lengths = tensors.iter().map(|tensor| {
            let values = match tensor.initial {
                Initialiser::Constant(value) => InitialValues::Constant(value),
                Initialiser::Uniform { bound } => InitialValues::Uniform { bound },
            };
            (tensor.len(), values)
        });
        draw_layer(seed, layer, lengths)
    });
    by_layer(layers)
}

/// Weights by layer, from tensors in the order of [`NetworkPlan::tensors`]: a weight and a bias per layer.
pub fn by_layer(tensors: impl IntoIterator<Item = Vec<f32>>) -> Vec<LayerWeights> {
    let mut tensors = tensors.into_iter();
    std::iter::from_fn(|| Some(LayerWeights { weight: tensors.next()?, bias: tensors.next()? })).collect()
}
