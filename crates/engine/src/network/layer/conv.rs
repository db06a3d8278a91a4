//! 2-D convolution and transposed convolution, 3x3 with padding 1.
//!
//! - convolution: `y[o, i, j] = b[o] + Σ_c,u,v W[o, c, u, v] x[c, i s + u - 1, j s + v - 1]`, size
//!   `⌊(n + 2 - 3) / s⌋ + 1` per axis: n for stride s = 1, ⌈n / 2⌉ for s = 2
//! - transposed, s = 2: the map whose matrix is the transpose of that; size `(n - 1) 2 - 2 + 3 + p`, which is 2 n - 1
//!   or 2 n by the output padding p = 0 or 1

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

/// Weights of a convolution.
#[derive(Module, Debug)]
pub(super) struct Conv {
    conv: Conv2d,
}

impl Conv {
    pub fn new(plan: &LayerPlan, stride: usize, device: &Device) -> Self {
        Self { conv: zero_conv2d([plan.input.channels, plan.output.channels], stride, device) }
    }

    /// [samples, values] to [samples, values], with the activation, in one kernel.
    pub fn forward(&self, plan: &LayerPlan, batch: Tensor<2>, activation: Activation) -> Tensor<2> {
        forward(&self.conv, plan, batch, activation)
    }
}

/// A convolution of [samples, values] with an activation, in one kernel.
pub(super) fn forward(conv: &Conv2d, plan: &LayerPlan, batch: Tensor<2>, activation: Activation) -> Tensor<2> {
    let bias = conv.bias.as_ref().expect("`zero_conv2d` makes one").val();
    let convolution = convolution(batch.dims()[0], plan.input, plan.output, conv.stride);
    convolve(batch, conv.weight.val(), bias, convolution, Direction::Down, activation)
}

/// Sizes of a convolution from the maps `fine` to the maps `coarse`, or of its transpose back.
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

/// Weight and bias of zeros, to be loaded.
pub(super) fn zero_conv2d([inputs, outputs]: [usize; 2], stride: usize, device: &Device) -> Conv2d {
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

/// Weights of a transposed convolution of stride 2; the plan gives its output size.
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

    /// [samples, values] to [samples, values], with the activation, in one kernel.
    pub fn forward(&self, plan: &LayerPlan, batch: Tensor<2>, activation: Activation) -> Tensor<2> {
        let bias = self.conv.bias.as_ref().expect("`new` makes one").val();
        let convolution = convolution(batch.dims()[0], plan.output, plan.input, self.conv.stride);
        convolve(batch, self.conv.weight.val(), bias, convolution, Direction::Up, activation)
    }
}
