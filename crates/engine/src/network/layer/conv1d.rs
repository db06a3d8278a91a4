//! Convolutions over steps.

use burn::{
    module::Module,
    nn::{
        PaddingConfig1d,
        conv::{Conv1d as BurnConv1d, ConvTranspose1d},
    },
    tensor::{Device, Tensor},
};
use pinhole_protocol::{CONV_KERNEL, CONV_PADDING, CONV_STRIDE, LayerPlan};

use super::{rows, steps};
use crate::network::weights::zeros;

/// Three steps, padding 1. Features are its channels, which Burn wants before the steps.
#[derive(Module, Debug)]
pub(super) struct Conv1d {
    conv: BurnConv1d,
}

impl Conv1d {
    pub fn new(plan: &LayerPlan, stride: usize, device: &Device) -> Self {
        let conv = BurnConv1d {
            weight: zeros([plan.output.width, plan.input.width, CONV_KERNEL], device),
            bias: Some(zeros([plan.output.width], device)),
            stride,
            kernel_size: CONV_KERNEL,
            dilation: 1,
            groups: 1,
            padding: PaddingConfig1d::Explicit(CONV_PADDING, CONV_PADDING),
        };
        Self { conv }
    }

    pub fn forward(&self, plan: &LayerPlan, batch: Tensor<2>) -> Tensor<2> {
        rows(self.conv.forward(steps(plan.input, batch).swap_dims(1, 2)).swap_dims(1, 2))
    }
}

/// Three steps, padding 1, stride 2, to the exact number of steps that the plan asks for.
#[derive(Module, Debug)]
pub(super) struct Conv1dTranspose {
    conv: ConvTranspose1d,
}

impl Conv1dTranspose {
    pub fn new(plan: &LayerPlan, device: &Device) -> Self {
        let channels = [plan.input.width, plan.output.width];
        let conv = ConvTranspose1d {
            weight: zeros([channels[0], channels[1], CONV_KERNEL], device),
            bias: Some(zeros([channels[1]], device)),
            stride: CONV_STRIDE,
            kernel_size: CONV_KERNEL,
            dilation: 1,
            groups: 1,
            padding: CONV_PADDING,
            padding_out: plan.output.height + 1 - 2 * plan.input.height,
            channels,
        };
        Self { conv }
    }

    pub fn forward(&self, plan: &LayerPlan, batch: Tensor<2>) -> Tensor<2> {
        rows(self.conv.forward(steps(plan.input, batch).swap_dims(1, 2)).swap_dims(1, 2))
    }
}
