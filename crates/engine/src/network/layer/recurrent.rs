//! Recurrent layers, with PyTorch's weights and order of gates. `*` is the product element by element.
//!
//! LSTM (Hochreiter and Schmidhuber 1997; forget gate of Gers et al. 2000), `c` its cell:
//!
//! ```text
//! i = σ(W_ii x + b_ii + W_hi h + b_hi)      input gate
//! f = σ(W_if x + b_if + W_hf h + b_hf)      forget gate
//! g = tanh(W_ig x + b_ig + W_hg h + b_hg)   candidate
//! o = σ(W_io x + b_io + W_ho h + b_ho)      output gate
//! c' = f * c + i * g,   h' = o * tanh(c')
//! ```
//!
//! GRU (Cho et al. 2014):
//!
//! ```text
//! r = σ(W_ir x + b_ir + W_hr h + b_hr)            reset gate
//! z = σ(W_iz x + b_iz + W_hz h + b_hz)            update gate
//! n = tanh(W_in x + b_in + r * (W_hn h + b_hn))   candidate
//! h' = (1 - z) * n + z * h
//! ```
//!
//! All gates lie in one matrix, W_i for the input and W_h for the state. The input's half is one product over all
//! steps, here; the steps themselves are [`recurrent`].

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

use super::shape::flatten;
use crate::network::weights::zeros;

/// An LSTM or GRU layer, named as PyTorch names its tensors.
#[derive(Module, Debug)]
pub(super) struct Recurrent {
    /// [gates x units, features].
    weight_ih: Param<Tensor<2>>,
    /// [gates x units, units].
    weight_hh: Param<Tensor<2>>,
    bias_ih: Param<Tensor<1>>,
    bias_hh: Param<Tensor<1>>,
    #[module(skip)]
    cell: Cell,
}

impl Recurrent {
    pub fn new(cell: Cell, [features, units]: [usize; 2], device: &Device) -> Self {
        let width = cell.gates() * units;
        Self {
            weight_ih: zeros([width, features], device),
            weight_hh: zeros([width, units], device),
            bias_ih: zeros([width], device),
            bias_hh: zeros([width], device),
            cell,
        }
    }

    /// The state h after every step, [samples, steps x units], from a state of zeros.
    pub fn forward(&self, plan: &LayerPlan, batch: Tensor<2>) -> Tensor<2> {
        let ([samples, _], steps) = (batch.dims(), plan.input.height);
        let inputs = batch.reshape([samples * steps, plan.input.width]);
        let (weight, bias) = (self.weight_ih.val(), self.bias_ih.val());
        let input_gates = linear(inputs, weight, bias, WeightLayout::OutputsByInputs, Activation::Linear);
        let input_gates = input_gates.reshape([samples, steps, self.cell.gates() * plan.output.width]);
        flatten(recurrent(input_gates, self.weight_hh.val(), self.bias_hh.val(), self.cell))
    }
}
