//! Weights of dense layers, as the kernels here take them.

use pinhole_protocol::NetworkPlan;

use crate::network;

/// Weights and biases of one dense layer, as PyTorch lays them out.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerWeights {
    /// [out, in], row by row.
    pub weight: Vec<f32>,
    /// One for each output.
    pub bias: Vec<f32>,
}

/// The weights that a [supported](super::is_supported) network begins with, one entry a layer.
pub fn initial_weights(plan: &NetworkPlan, seed: u64) -> Vec<LayerWeights> {
    by_layer(network::initial_weights(plan, seed))
}

/// A weight and a bias, and so on, layer by layer.
pub fn by_layer(tensors: network::NetworkWeights) -> Vec<LayerWeights> {
    let mut tensors = tensors.into_iter();
    std::iter::from_fn(|| Some(LayerWeights { weight: tensors.next()?, bias: tensors.next()? })).collect()
}
