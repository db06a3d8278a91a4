//! Activation functions.

use std::f32::consts::FRAC_1_SQRT_2;

use burn::tensor::{Tensor, activation};
use pinhole_protocol::Activation;

/// The activation of each value, in the shape of `values`.
pub fn activate(activation: Activation, values: Tensor<2>) -> Tensor<2> {
    match activation {
        Activation::Linear => values,
        Activation::Relu => activation::relu(values),
        Activation::LeakyRelu => activation::leaky_relu(values, 0.01),
        Activation::Gelu => gelu(values),
        Activation::Silu => activation::silu(values),
        Activation::Elu => elu(values),
        Activation::Tanh => activation::tanh(values),
        Activation::Sigmoid => activation::sigmoid(values),
    }
}

/// The activation for kernels that apply it to their own output; `None` if they cannot.
pub const fn fused(activation: Activation) -> Option<pinhole_kernels::Activation> {
    match activation {
        Activation::Linear => Some(pinhole_kernels::Activation::Linear),
        Activation::Relu => Some(pinhole_kernels::Activation::Relu),
        Activation::LeakyRelu => Some(pinhole_kernels::Activation::LeakyRelu),
        Activation::Elu => Some(pinhole_kernels::Activation::Elu),
        Activation::Tanh => Some(pinhole_kernels::Activation::Tanh),
        Activation::Sigmoid => Some(pinhole_kernels::Activation::Sigmoid),
        Activation::Gelu | Activation::Silu => None,
    }
}

/// `x Φ(x)`, Φ the normal distribution function, forward and backward. On a GPU the gradient of Burn's own is that of
/// GELU's tanh approximation.
fn gelu(values: Tensor<2>) -> Tensor<2> {
    let cdf = values.clone().mul_scalar(FRAC_1_SQRT_2).erf().add_scalar(1.0).mul_scalar(0.5);
    values * cdf
}

/// `x` above 0, `e^x - 1` below. The exponential reads no value above 0: there Burn's own overflows, and its gradient
/// becomes 0 times infinity.
fn elu(values: Tensor<2>) -> Tensor<2> {
    let negative = activation::relu(values.clone().neg()).neg();
    activation::relu(values) + negative.exp().sub_scalar(1.0)
}
