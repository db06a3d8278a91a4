//! Layers one after the other.

use burn::{
    module::Module,
    tensor::{Device, Tensor},
};
use pinhole_protocol::LayerPlan;

use super::{Layer, Mode};

/// Layers one after the other.
#[derive(Module, Debug)]
pub struct Stack {
    layers: Vec<Layer>,
}

impl Stack {
    pub(super) fn new<'a>(plans: impl Iterator<Item = &'a LayerPlan>, device: &Device) -> Self {
        Self { layers: plans.map(|plan| Layer::new(plan, device)).collect() }
    }

    /// Its layers, in order.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Sends a batch through.
    pub(super) fn forward(&self, batch: Tensor<2>, mode: &mut Mode) -> Tensor<2> {
        self.layers.iter().fold(batch, |values, layer| layer.forward(values, None, mode))
    }

    /// Sends a batch through, and answers what every layer made of it.
    pub(super) fn outputs(&self, batch: &Tensor<2>, mode: &mut Mode) -> Vec<Tensor<2>> {
        let mut outputs: Vec<Tensor<2>> = Vec::with_capacity(self.layers.len());
        for layer in &self.layers {
            let input = outputs.last().unwrap_or(batch).clone();
            outputs.push(layer.forward(input, None, mode));
        }
        outputs
    }
}
