//! A chain of layers.

use burn::{
    module::Module,
    tensor::{Device, Tensor},
};
use pinhole_protocol::LayerPlan;

use super::{layer::Layer, step_rng::Mode};

/// Layers, each of which reads the output of the one before.
#[derive(Module, Debug)]
pub struct Sequential {
    layers: Vec<Layer>,
}

impl Sequential {
    pub(super) fn new<'a>(plans: impl Iterator<Item = &'a LayerPlan>, device: &Device) -> Self {
        Self { layers: plans.map(|plan| Layer::new(plan, device)).collect() }
    }

    /// The layers in order.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The last layer's output, [samples, values]; the batch itself if there is no layer.
    pub(super) fn forward(&self, batch: Tensor<2>, mode: &mut Mode) -> Tensor<2> {
        self.layers.iter().fold(batch, |values, layer| layer.forward(values, None, mode))
    }

    /// The output of every layer, [samples, values] each.
    pub(super) fn layer_outputs(&self, batch: &Tensor<2>, mode: &mut Mode) -> Vec<Tensor<2>> {
        let mut outputs: Vec<Tensor<2>> = Vec::with_capacity(self.layers.len());
        for layer in &self.layers {
            let input = outputs.last().unwrap_or(batch).clone();
            outputs.push(layer.forward(input, None, mode));
        }
        outputs
    }
}
