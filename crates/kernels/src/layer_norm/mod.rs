//! Layer normalisation (Ba et al. 2016) of the sum of a residual connection, as in each half of a Transformer's layer.
//!
//! For each row of x = input + residual, of `width` values:
//!
//! ```text
//! mean     = sum of x / width
//! variance = sum of (x - mean)^2 / width
//! forward    x^ = (x - mean) / sqrt(variance + epsilon)
//!            y  = gamma x^ + beta
//! backward   dgamma = sum of dy x^ over rows
//!            dbeta  = sum of dy over rows
//!            dx^    = gamma dy
//!            dx     = (dx^ - mean(dx^) - x^ mean(dx^ x^)) / sqrt(variance + epsilon)
//! ```
//!
//! and dx is the gradient of both input and residual. Burn composes it of a sum and ten passes over the rows. Here it
//! is one kernel forward and two back.

mod autodiff;
mod cpu;
#[cfg(feature = "gpu")]
mod gpu;
#[cfg(test)]
mod tests;
#[cfg(feature = "gpu")]
mod wgsl;

use burn::{
    backend::{Backend, Dispatch, backend_extension, tensor::FloatTensor},
    tensor::Tensor,
};

/// Added to the variance, so that a row of equal values can be divided by its standard deviation: PyTorch's default.
pub const EPSILON: f32 = 1e-5;

/// Every row of `input + residual`, both [rows, width], normalised to mean 0 and variance 1, then times `gamma` plus
/// `beta`, both `[width]`.
pub fn add_and_normalise(input: Tensor<2>, residual: Tensor<2>, gamma: Tensor<1>, beta: Tensor<1>) -> Tensor<2> {
    let (input, residual) = (input.into_dispatch(), residual.into_dispatch());
    Tensor::from_dispatch(Dispatch::add_and_normalise(input, residual, gamma.into_dispatch(), beta.into_dispatch()))
}

/// The backend operation of [`add_and_normalise`].
#[backend_extension(Cube: cfg(feature = "gpu"), Flex, Autodiff)]
pub trait LayerNormOps: Backend {
    /// See [`add_and_normalise`].
    fn add_and_normalise(
        input: FloatTensor<Self>,
        residual: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}

/// The forward pass of [`add_and_normalise`] with what its gradients need, and the gradients, on a backend without
/// autodiff.
pub trait LayerNormGradients: LayerNormOps {
    /// The output y; the normalised rows x^, [rows, width]; one over each row's standard deviation, `[rows]`.
    fn normalise_and_save(
        input: FloatTensor<Self>,
        residual: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// Gradients of the sum, gamma and beta, from that of the output.
    fn layer_norm_gradients(
        gradient: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        normalised: FloatTensor<Self>,
        inverse_std: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}
