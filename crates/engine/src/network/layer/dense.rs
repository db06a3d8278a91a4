//! Fully connected layers.

use burn::{
    module::{Module, Param},
    nn::Linear,
    tensor::{Device, Tensor},
};
use pinhole_protocol::LayerPlan;

use super::{rows, steps};
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

    pub fn forward(&self, batch: Tensor<2>) -> Tensor<2> {
        self.linear.forward(batch)
    }

    /// The same for every step.
    pub fn forward_steps(&self, plan: &LayerPlan, batch: Tensor<2>) -> Tensor<2> {
        rows(self.linear.forward(steps(plan.input, batch)))
    }
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
    pub fn forward(&self, batch: Tensor<2>, weight: Tensor<2>) -> Tensor<2> {
        batch.matmul(weight.transpose()) + self.bias.val().unsqueeze()
    }
}
