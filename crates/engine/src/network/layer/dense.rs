//! Dense layer: `y = activation(x W + b)`, W [inputs, outputs]. A tied layer has the transposed weight of another.

use burn::{
    module::{Module, Param},
    nn::Linear,
    tensor::{Device, Tensor},
};
use pinhole_kernels::{
    Activation,
    linear::{self as kernels, WeightLayout},
};
use pinhole_protocol::{LayerKind, LayerPlan};

use crate::network::weights::zeros;

/// A dense layer, on the whole sample or on each step of a sequence.
#[derive(Module, Debug)]
pub(super) struct Dense {
    linear: Linear,
}

impl Dense {
    pub fn new([inputs, outputs]: [usize; 2], device: &Device) -> Self {
        Self { linear: zero_linear([inputs, outputs], device) }
    }

    /// [inputs, outputs].
    pub fn weight(&self) -> Tensor<2> {
        self.linear.weight.val()
    }

    /// [samples, values] to [samples, values]; the same weight for every step of a [`LayerKind::StepDense`].
    pub fn forward(&self, plan: &LayerPlan, batch: Tensor<2>, activation: Activation) -> Tensor<2> {
        if plan.kind != LayerKind::StepDense {
            return forward(&self.linear, batch, activation);
        }
        let [samples, _] = batch.dims();
        let steps = batch.reshape([samples * plan.input.height, plan.input.width]);
        forward(&self.linear, steps, activation).reshape([samples, plan.output.len()])
    }
}

/// `activation(x W + b)` of rows x, in one kernel.
pub(super) fn forward(linear: &Linear, batch: Tensor<2>, activation: Activation) -> Tensor<2> {
    let bias = linear.bias.as_ref().expect("`zero_linear` makes one").val();
    kernels::linear(batch, linear.weight.val(), bias, WeightLayout::InputsByOutputs, activation)
}

/// Weight and bias of zeros, to be loaded.
pub(super) fn zero_linear([inputs, outputs]: [usize; 2], device: &Device) -> Linear {
    Linear { weight: zeros([inputs, outputs], device), bias: Some(zeros([outputs], device)) }
}

/// A dense layer with the transposed weight of another and a bias of its own: `y = activation(x Wᵀ + b)`.
#[derive(Module, Debug)]
pub(super) struct TiedDense {
    bias: Param<Tensor<1>>,
}

impl TiedDense {
    pub fn new(outputs: usize, device: &Device) -> Self {
        Self { bias: zeros([outputs], device) }
    }

    /// `weight` is the other layer's, [its inputs, its outputs]: of this layer [outputs, inputs].
    pub fn forward(&self, batch: Tensor<2>, weight: Tensor<2>, activation: Activation) -> Tensor<2> {
        kernels::linear(batch, weight, self.bias.val(), WeightLayout::OutputsByInputs, activation)
    }
}
