//! Encoder, bottleneck and decoder: three things that compose into an autoencoder.

mod layer;
mod weights;

#[cfg(test)]
mod tests;

use burn::{module::Module, tensor::Device, tensor::Tensor};
use pinhole_protocol::NetworkPlan;

pub use layer::Layer;
use weights::part_index;
pub use weights::{LayerWeights, initial_weights, layer_names, weight_shape};

/// Layers one after the other. Samples are rows of values; each layer sees its own shape in them.
#[derive(Module, Debug)]
pub struct Stack {
    layers: Vec<Layer>,
}

impl Stack {
    /// Its layers, in order.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Sends a batch through.
    pub fn forward(&self, batch: Tensor<2>) -> Tensor<2> {
        self.layers.iter().fold(batch, |values, layer| layer.forward(values))
    }
}

/// A network that squeezes its input through a narrow code and rebuilds it (Hinton and Salakhutdinov 2006).
#[derive(Module, Debug)]
pub struct Autoencoder {
    encoder: Stack,
    bottleneck: Stack,
    decoder: Stack,
}

impl Autoencoder {
    /// A network with the weights that `seed` stands for, the same on every device.
    pub fn new(plan: &NetworkPlan, seed: u64, device: &Device) -> Self {
        Self::from_weights(plan, initial_weights(plan, seed), device)
    }

    /// A network with these weights: one entry a layer of `plan`, of that layer's size.
    pub fn from_weights(plan: &NetworkPlan, weights: Vec<LayerWeights>, device: &Device) -> Self {
        let mut stacks: [Vec<Layer>; 3] = Default::default();
        let last = plan.layers.len().saturating_sub(1);
        for (index, (layer, weights)) in plan.layers.iter().zip(weights).enumerate() {
            let dropout = if index < last { plan.dropout } else { 0.0 };
            stacks[part_index(layer.part)].push(Layer::new(*layer, weights, dropout, device));
        }
        let [encoder, bottleneck, decoder] = stacks.map(|layers| Stack { layers });
        Self { encoder, bottleneck, decoder }
    }

    /// The code of each sample.
    pub fn encode(&self, batch: Tensor<2>) -> Tensor<2> {
        self.bottleneck.forward(self.encoder.forward(batch))
    }

    /// What each code stands for.
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        self.decoder.forward(codes)
    }

    /// The reconstruction of each sample.
    pub fn forward(&self, batch: Tensor<2>) -> Tensor<2> {
        self.decode(self.encode(batch))
    }

    /// The reconstruction before the last activation: with a sigmoid at the end, its logits.
    pub fn forward_logits(&self, batch: Tensor<2>) -> Tensor<2> {
        let codes = self.encode(batch);
        let Some((last, hidden)) = self.decoder.layers.split_last() else { return codes };
        last.weigh(hidden.iter().fold(codes, |values, layer| layer.forward(values)))
    }

    /// Every layer with its name in a model file: `encoder.0`, `bottleneck.0`, …
    pub fn named_layers(&self) -> impl Iterator<Item = (String, &Layer)> {
        [("encoder", &self.encoder), ("bottleneck", &self.bottleneck), ("decoder", &self.decoder)].into_iter().flat_map(
            |(part, stack)| {
                stack.layers.iter().enumerate().map(move |(index, layer)| (format!("{part}.{index}"), layer))
            },
        )
    }
}
