//! Recurrent layers, with PyTorch's weights: all gates of a layer lie in one matrix, so that a step is one product.

use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor},
};
use pinhole_kernels::{
    Activation,
    linear::{WeightLayout, linear},
    recurrent::{Cell, recurrent},
};
use pinhole_protocol::LayerPlan;

use super::rows;
use crate::network::weights::zeros;

/// Units that remember: long short-term memory or gated recurrent units.
#[derive(Module, Debug)]
pub(super) struct Recurrent {
    /// [gates x units, inputs].
    input_weight: Param<Tensor<2>>,
    /// [gates x units, units].
    state_weight: Param<Tensor<2>>,
    input_bias: Param<Tensor<1>>,
    state_bias: Param<Tensor<1>>,
    #[module(skip)]
    cell: Cell,
}

impl Recurrent {
    pub fn new(cell: Cell, [inputs, units]: [usize; 2], device: &Device) -> Self {
        let width = cell.gates() * units;
        Self {
            input_weight: zeros([width, inputs], device),
            state_weight: zeros([width, units], device),
            input_bias: zeros([width], device),
            state_bias: zeros([width], device),
            cell,
        }
    }

    /// The state after every step.
    pub fn forward(&self, plan: &LayerPlan, batch: Tensor<2>) -> Tensor<2> {
        let ([samples, _], steps) = (batch.dims(), plan.input.height);
        // What the input says to the gates, all steps at once.
        let inputs = batch.reshape([samples * steps, plan.input.width]);
        let (weight, bias) = (self.input_weight.val(), self.input_bias.val());
        let said = linear(inputs, weight, bias, WeightLayout::OutputsByInputs, Activation::Linear);
        let said = said.reshape([samples, steps, self.cell.gates() * plan.output.width]);
        rows(recurrent(said, self.state_weight.val(), self.state_bias.val(), self.cell))
    }
}
