//! A dense layer with its activation.
//!
//! ```text
//! forward    y  = f(x W + b)
//! backward   dz = dy f'(z)        from y (crate::Activation)
//!            dx = dz W^T
//!            dW = x^T dz
//!            db = sum of dz over rows
//! ```
//!
//! Burn composes it of a product, a sum and an activation, and differentiates each of them. Here it is one pass forward
//! and two back: the bias and the activation are applied while the product's tile is in registers, the activation's
//! derivative while the gradient is loaded, and db is summed along with dW.

mod autodiff;
mod cpu;
#[cfg(feature = "gpu")]
mod gpu;
#[cfg(test)]
pub(crate) mod tests;
mod weight;

use burn::{
    backend::{Backend, Dispatch, backend_extension, tensor::FloatTensor},
    tensor::Tensor,
};

pub use self::weight::WeightLayout;
use crate::Activation;

/// `activation(input weight + bias)`.
///
/// `input` is [rows, inputs], `weight` as `layout` says, `bias` `[outputs]`; the result is [rows, outputs].
pub fn linear(
    input: Tensor<2>,
    weight: Tensor<2>,
    bias: Tensor<1>,
    layout: WeightLayout,
    activation: Activation,
) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::linear_activated(
        input.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
        layout,
        activation,
    ))
}

/// The backend operation of [`linear`].
#[backend_extension(Cube: cfg(feature = "gpu"), Flex, Autodiff)]
pub trait LinearOps: Backend {
    /// See [`linear`].
    fn linear_activated(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        layout: WeightLayout,
        activation: Activation,
    ) -> FloatTensor<Self>;
}

/// The gradients of [`linear`], on a backend without autodiff.
pub trait LinearGradients: LinearOps {
    /// Gradient of the input, [rows, inputs], from that of the output and the output itself, both [rows, outputs].
    fn linear_input_gradient(
        gradient: FloatTensor<Self>,
        output: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        layout: WeightLayout,
        activation: Activation,
    ) -> FloatTensor<Self>;

    /// Gradients of weight and bias.
    fn linear_weight_gradient(
        input: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        output: FloatTensor<Self>,
        layout: WeightLayout,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}
