//! Non-linearities.

use std::f32::consts::FRAC_1_SQRT_2;

use burn::tensor::{Tensor, activation};
use pinhole_protocol::Activation;

/// Applies an activation value by value.
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

/// The same for a kernel that applies it on the way, if one can.
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

/// By the error function both ways: on a GPU, Burn's own goes back along another function, GELU's approximation by a
/// hyperbolic tangent.
fn gelu(values: Tensor<2>) -> Tensor<2> {
    let share = values.clone().mul_scalar(FRAC_1_SQRT_2).erf().add_scalar(1.0).mul_scalar(0.5);
    values * share
}

/// The exponential sees no value above 0, where it would overflow and make the gradient 0 times infinity: Burn's own does.
fn elu(values: Tensor<2>) -> Tensor<2> {
    let below = activation::relu(values.clone().neg()).neg();
    activation::relu(values) + below.exp().sub_scalar(1.0)
}
