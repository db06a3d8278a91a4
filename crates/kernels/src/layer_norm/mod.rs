//! Layer normalisation (Ba et al. 2016) of what a residual connection adds up, as in a Transformer's halves.
//!
//! Burn composes it of a sum and ten passes over the rows. Here it is one kernel forward and two back.

mod autodiff;
mod cpu;
#[cfg(feature = "gpu")]
mod gpu;
#[cfg(feature = "gpu")]
mod pass;
#[cfg(test)]
mod tests;

use burn::{
    backend::{Backend, Dispatch, backend_extension, tensor::FloatTensor},
    tensor::Tensor,
};

/// Added to a variance, so that a row of equal numbers can be divided by its deviation: PyTorch's default.
pub const EPSILON: f32 = 1e-5;

/// Every row of `input + added`, both [rows, width], with a mean of 0 and a variance of 1, then times `gamma` plus
/// `beta`, each of `width` numbers.
pub fn add_and_normalise(input: Tensor<2>, added: Tensor<2>, gamma: Tensor<1>, beta: Tensor<1>) -> Tensor<2> {
    let (input, added) = (input.into_dispatch(), added.into_dispatch());
    Tensor::from_dispatch(Dispatch::normalise(input, added, gamma.into_dispatch(), beta.into_dispatch()))
}

/// What a backend does for [`add_and_normalise`].
#[backend_extension(Cube: cfg(feature = "gpu"), Flex, Autodiff)]
pub trait LayerNormOps: Backend {
    /// See [`add_and_normalise`].
    fn normalise(
        input: FloatTensor<Self>,
        added: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        Self::normalise_and_keep(input, added, gamma, beta).0
    }

    /// The result; the rows before gamma and beta, [rows, width]; one over each row's deviation.
    fn normalise_and_keep(
        input: FloatTensor<Self>,
        added: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// Gradients of the sum, gamma and beta from that of the result.
    fn normalisation_gradients(
        gradient: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        normal: FloatTensor<Self>,
        scales: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}
