//! Recurrent layers, with PyTorch's weights: all gates of a layer lie in one matrix, so that a step is one product.

use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor, activation},
};
use pinhole_kernels::{
    Activation,
    linear::{WeightLayout, linear},
};
use pinhole_protocol::LayerPlan;

use super::{rows, steps};
use crate::network::weights::zeros;

/// Weights and biases of all gates.
#[derive(Module, Debug)]
struct Gates {
    /// [gates x units, inputs].
    input_weight: Param<Tensor<2>>,
    /// [gates x units, units].
    state_weight: Param<Tensor<2>>,
    input_bias: Param<Tensor<1>>,
    state_bias: Param<Tensor<1>>,
}

impl Gates {
    fn new(gates: usize, [inputs, units]: [usize; 2], device: &Device) -> Self {
        Self {
            input_weight: zeros([gates * units, inputs], device),
            state_weight: zeros([gates * units, units], device),
            input_bias: zeros([gates * units], device),
            state_bias: zeros([gates * units], device),
        }
    }

    /// What the input says to the gates, all steps at once: [samples, gates x units] for each.
    fn inputs(&self, batch: Tensor<3>) -> Vec<Tensor<2>> {
        let [samples, count, features] = batch.dims();
        let flat = batch.reshape([samples * count, features]);
        let said = by_weight(flat, &self.input_weight, &self.input_bias);
        let [_, width] = said.dims();
        let said = said.reshape([samples, count, width]);
        (0..count).map(|step| said.clone().narrow(1, step, 1).reshape([samples, width])).collect()
    }

    /// What the state says to the gates.
    fn state(&self, state: Tensor<2>) -> Tensor<2> {
        by_weight(state, &self.state_weight, &self.state_bias)
    }
}

fn by_weight(rows: Tensor<2>, weight: &Param<Tensor<2>>, bias: &Param<Tensor<1>>) -> Tensor<2> {
    linear(rows, weight.val(), bias.val(), WeightLayout::OutputsByInputs, Activation::Linear)
}

/// Part `index` of the gates' values.
fn gate(values: &Tensor<2>, index: usize, units: usize) -> Tensor<2> {
    values.clone().narrow(1, index * units, units)
}

/// Long short-term memory (Hochreiter and Schmidhuber 1997), with the forget gate of Gers et al. 2000.
#[derive(Module, Debug)]
pub(super) struct Lstm {
    gates: Gates,
}

impl Lstm {
    pub fn new(sizes: [usize; 2], device: &Device) -> Self {
        Self { gates: Gates::new(4, sizes, device) }
    }

    /// The state after every step.
    pub fn forward(&self, plan: &LayerPlan, batch: Tensor<2>) -> Tensor<2> {
        let units = plan.output.width;
        let mut state = Tensor::zeros([batch.dims()[0], units], &batch.device());
        let inputs = self.gates.inputs(steps(plan.input, batch));
        let mut cell = state.clone();
        let mut states: Vec<Tensor<3>> = Vec::with_capacity(inputs.len());
        for input in inputs {
            let values = input + self.gates.state(state);
            let [write, forget, output] = [0, 1, 3].map(|index| activation::sigmoid(gate(&values, index, units)));
            let candidate = activation::tanh(gate(&values, 2, units));
            cell = forget * cell + write * candidate;
            state = output * activation::tanh(cell.clone());
            states.push(state.clone().unsqueeze_dim(1));
        }
        rows(Tensor::cat(states, 1))
    }
}

/// Gated recurrent unit (Cho et al. 2014), the reset applied after the product, as PyTorch and cuDNN do.
#[derive(Module, Debug)]
pub(super) struct Gru {
    gates: Gates,
}

impl Gru {
    pub fn new(sizes: [usize; 2], device: &Device) -> Self {
        Self { gates: Gates::new(3, sizes, device) }
    }

    /// The state after every step.
    pub fn forward(&self, plan: &LayerPlan, batch: Tensor<2>) -> Tensor<2> {
        let units = plan.output.width;
        let mut state: Tensor<2> = Tensor::zeros([batch.dims()[0], units], &batch.device());
        let inputs = self.gates.inputs(steps(plan.input, batch));
        let mut states: Vec<Tensor<3>> = Vec::with_capacity(inputs.len());
        for input in inputs {
            let remembered = self.gates.state(state.clone());
            let [reset, update] =
                [0, 1].map(|index| activation::sigmoid(gate(&input, index, units) + gate(&remembered, index, units)));
            let candidate = activation::tanh(gate(&input, 2, units) + reset * gate(&remembered, 2, units));
            state = candidate.clone() + update * (state - candidate);
            states.push(state.clone().unsqueeze_dim(1));
        }
        rows(Tensor::cat(states, 1))
    }
}
