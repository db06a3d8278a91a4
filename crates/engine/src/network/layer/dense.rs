//! Fully connected layers.

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

/// `x W + b`.
#[derive(Module, Debug)]
pub(super) struct Dense {
    linear: Linear,
}

impl Dense {
    pub fn new([inputs, outputs]: [usize; 2], device: &Device) -> Self {
        Self { linear: linear([inputs, outputs], device) }
    }

    pub fn weight(&self) -> Tensor<2> {
        self.linear.weight.val()
    }

    /// With the activation, in one pass; the same for every step of a sequence.
    pub fn forward(&self, plan: &LayerPlan, batch: Tensor<2>, activation: Activation) -> Tensor<2> {
        if plan.kind != LayerKind::StepDense {
            return apply(&self.linear, batch, activation);
        }
        let [samples, _] = batch.dims();
        let steps = batch.reshape([samples * plan.input.height, plan.input.width]);
        apply(&self.linear, steps, activation).reshape([samples, plan.output.len()])
    }
}

/// A linear map of rows, and an activation, in one pass.
pub(super) fn apply(linear: &Linear, batch: Tensor<2>, activation: Activation) -> Tensor<2> {
    let bias = linear.bias.as_ref().expect("`linear` makes one").val();
    kernels::linear(batch, linear.weight.val(), bias, WeightLayout::InputsByOutputs, activation)
}

/// A linear map whose weights are all 0.
pub(super) fn linear([inputs, outputs]: [usize; 2], device: &Device) -> Linear {
    Linear { weight: zeros([inputs, outputs], device), bias: Some(zeros([outputs], device)) }
}

/// A dense layer with the weight of another, transposed, and a bias of its own.
#[derive(Module, Debug)]
pub(super) struct TiedDense {
    bias: Param<Tensor<1>>,
}

impl TiedDense {
    pub fn new(outputs: usize, device: &Device) -> Self {
        Self { bias: zeros([outputs], device) }
    }

    /// `weight` is [outputs, inputs] of this layer: the other's [inputs, outputs].
    pub fn forward(&self, batch: Tensor<2>, weight: Tensor<2>, activation: Activation) -> Tensor<2> {
        kernels::linear(batch, weight, self.bias.val(), WeightLayout::OutputsByInputs, activation)
    }
}
