//! Non-linearities.

use burn::tensor::{Tensor, activation};
use pinhole_protocol::Activation;

/// Applies an activation value by value.
pub fn activate(activation: Activation, values: Tensor<2>) -> Tensor<2> {
    match activation {
        Activation::Linear => values,
        Activation::Relu => activation::relu(values),
        Activation::LeakyRelu => activation::leaky_relu(values, 0.01),
        Activation::Gelu => activation::gelu(values),
        Activation::Silu => activation::silu(values),
        Activation::Elu => elu(values),
        Activation::Tanh => activation::tanh(values),
        Activation::Sigmoid => activation::sigmoid(values),
    }
}

/// The exponential sees no value above 0, where it would overflow and make the gradient 0 times infinity: Burn's own does.
fn elu(values: Tensor<2>) -> Tensor<2> {
    let below = activation::relu(values.clone().neg()).neg();
    activation::relu(values) + below.exp().sub_scalar(1.0)
}
