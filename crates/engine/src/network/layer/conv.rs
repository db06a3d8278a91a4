//! Convolutions over rows and columns.

use burn::{
    module::Module,
    nn::{
        PaddingConfig2d,
        conv::{Conv2d, ConvTranspose2d},
    },
    tensor::{Device, Tensor},
};
use pinhole_kernels::{
    Activation,
    conv::{Convolution, Direction, convolve},
};
use pinhole_protocol::{CONV_KERNEL, CONV_PADDING, CONV_STRIDE, GridShape, LayerPlan};

use crate::network::weights::zeros;

/// 3x3, padding 1.
#[derive(Module, Debug)]
pub(super) struct Conv {
    conv: Conv2d,
}

impl Conv {
    pub fn new(plan: &LayerPlan, stride: usize, device: &Device) -> Self {
        Self { conv: conv2d([plan.input.channels, plan.output.channels], stride, device) }
    }

    /// With the activation, in one pass.
    pub fn forward(&self, plan: &LayerPlan, batch: Tensor<2>, activation: Activation) -> Tensor<2> {
        apply(&self.conv, plan, batch, activation)
    }
}

/// A convolution of [samples, numbers] with an activation, in one pass.
pub(super) fn apply(conv: &Conv2d, plan: &LayerPlan, batch: Tensor<2>, activation: Activation) -> Tensor<2> {
    let bias = conv.bias.as_ref().expect("`conv2d` makes one").val();
    let convolution = convolution(batch.dims()[0], plan.input, plan.output, conv.stride);
    convolve(batch, conv.weight.val(), bias, convolution, Direction::Down, activation)
}

/// Between maps of these shapes.
fn convolution(samples: usize, fine: GridShape, coarse: GridShape, stride: [usize; 2]) -> Convolution {
    let maps = |shape: GridShape| [shape.channels, shape.height, shape.width];
    Convolution {
        samples,
        fine: maps(fine),
        coarse: maps(coarse),
        kernel: [CONV_KERNEL; 2],
        stride,
        padding: [CONV_PADDING; 2],
    }
}

/// A convolution whose weights are all 0.
pub(super) fn conv2d([inputs, outputs]: [usize; 2], stride: usize, device: &Device) -> Conv2d {
    Conv2d {
        weight: zeros([outputs, inputs, CONV_KERNEL, CONV_KERNEL], device),
        bias: Some(zeros([outputs], device)),
        stride: [stride; 2],
        kernel_size: [CONV_KERNEL; 2],
        dilation: [1; 2],
        groups: 1,
        padding: PaddingConfig2d::Explicit(CONV_PADDING, CONV_PADDING, CONV_PADDING, CONV_PADDING),
    }
}

/// 3x3, padding 1, stride 2, to the exact size that the plan asks for.
#[derive(Module, Debug)]
pub(super) struct ConvTranspose {
    conv: ConvTranspose2d,
}

impl ConvTranspose {
    pub fn new(plan: &LayerPlan, device: &Device) -> Self {
        let channels = [plan.input.channels, plan.output.channels];
        let conv = ConvTranspose2d {
            weight: zeros([channels[0], channels[1], CONV_KERNEL, CONV_KERNEL], device),
            bias: Some(zeros([channels[1]], device)),
            stride: [CONV_STRIDE; 2],
            kernel_size: [CONV_KERNEL; 2],
            dilation: [1; 2],
            groups: 1,
            padding: [CONV_PADDING; 2],
            padding_out: plan.output_padding(),
            channels,
        };
        Self { conv }
    }

    /// With the activation, in one pass.
    pub fn forward(&self, plan: &LayerPlan, batch: Tensor<2>, activation: Activation) -> Tensor<2> {
        let bias = self.conv.bias.as_ref().expect("`new` makes one").val();
        let convolution = convolution(batch.dims()[0], plan.output, plan.input, self.conv.stride);
        convolve(batch, self.conv.weight.val(), bias, convolution, Direction::Up, activation)
    }
}
