//! 1-D convolution and transposed convolution over the steps of a sequence, kernel 3 with padding 1.
//!
//! - convolution: `y[o, i] = b[o] + Σ_c,u W[o, c, u] x[c, i s + u - 1]`; n steps become n (stride s = 1) or ⌈n / 2⌉ (s
//!   = 2)
//! - transposed, s = 2: n steps become 2 n - 1 or 2 n, by the output padding 0 or 1

use burn::{
    module::Module,
    nn::{
        PaddingConfig1d,
        conv::{Conv1d as BurnConv1d, ConvTranspose1d},
    },
    tensor::{Device, Tensor},
};
use pinhole_kernels::{
    Activation,
    conv::{Convolution, Direction, convolve},
};
use pinhole_protocol::{CONV_KERNEL, CONV_PADDING, CONV_STRIDE, GridShape, LayerPlan};

use super::shape::{flatten, to_sequence};
use crate::network::weights::zeros;

/// Weights of a convolution whose channels are the features of a sequence.
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

    /// [samples, steps x features] to the same of the output, with the activation.
    pub fn forward(&self, plan: &LayerPlan, batch: Tensor<2>, activation: Activation) -> Tensor<2> {
        let bias = self.conv.bias.as_ref().expect("`new` makes one").val();
        let convolution = convolution(batch.dims()[0], plan.input, plan.output, self.conv.stride);
        apply(plan, batch, (self.conv.weight.val(), bias), convolution, Direction::Down, activation)
    }
}

/// Weights of a transposed convolution of stride 2; the plan gives its number of steps.
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

    /// [samples, steps x features] to the same of the output, with the activation.
    pub fn forward(&self, plan: &LayerPlan, batch: Tensor<2>, activation: Activation) -> Tensor<2> {
        let bias = self.conv.bias.as_ref().expect("`new` makes one").val();
        let convolution = convolution(batch.dims()[0], plan.output, plan.input, self.conv.stride);
        apply(plan, batch, (self.conv.weight.val(), bias), convolution, Direction::Up, activation)
    }
}

/// Sizes of a convolution from the sequence `fine` to `coarse`, or of its transpose back, as maps of one row.
fn convolution(samples: usize, fine: GridShape, coarse: GridShape, stride: usize) -> Convolution {
    let maps = |shape: GridShape| [shape.width, 1, shape.height];
    Convolution {
        samples,
        fine: maps(fine),
        coarse: maps(coarse),
        kernel: [1, CONV_KERNEL],
        stride: [1, stride],
        padding: [0, CONV_PADDING],
    }
}

/// Applies a 2-D convolution of one row. It reads channels first, [samples, features, steps], where sequences are
/// [samples, steps, features].
fn apply(
    plan: &LayerPlan,
    batch: Tensor<2>,
    (weight, bias): (Tensor<3>, Tensor<1>),
    convolution: Convolution,
    direction: Direction,
    activation: Activation,
) -> Tensor<2> {
    let channels_first = flatten(to_sequence(plan.input, batch).swap_dims(1, 2));
    let values = convolve(channels_first, weight.unsqueeze_dim(2), bias, convolution, direction, activation);
    let [samples, _] = values.dims();
    flatten(values.reshape([samples, plan.output.width, plan.output.height]).swap_dims(1, 2))
}
