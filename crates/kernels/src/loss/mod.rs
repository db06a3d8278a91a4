//! The mean of an error over all numbers of a prediction, by one of the usual rules, with the prediction's activation.
//!
//! Burn composes it of ten to twenty passes over prediction and target, and back again. Here it is one forward, and one
//! back that writes the gradient before the activation from both at once.

mod autodiff;
mod cpu;
#[cfg(feature = "gpu")]
mod gpu;
#[cfg(test)]
pub(crate) mod tests;

use burn::{
    backend::{Backend, Dispatch, backend_extension, tensor::FloatTensor},
    tensor::Tensor,
};

use crate::Activation;
pub use crate::cpu::{HUBER_DELTA, Loss};

/// The mean of `loss` over all numbers of `activation(sums)` and `target`, which are of one shape.
///
/// `target` is what is known: nothing is learnt through it.
pub fn mean<const D: usize>(sums: Tensor<D>, target: Tensor<D>, activation: Activation, loss: Loss) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::loss_mean(sums.into_dispatch(), target.into_dispatch(), activation, loss))
}

/// What a backend does for [`mean`].
#[backend_extension(Cube: cfg(feature = "gpu"), Flex, Autodiff)]
pub trait LossOps: Backend {
    /// See [`mean`].
    fn loss_mean(
        sums: FloatTensor<Self>,
        target: FloatTensor<Self>,
        activation: Activation,
        loss: Loss,
    ) -> FloatTensor<Self>;

    /// Gradient of `sums`, from that of the mean, one number.
    fn loss_gradient(
        gradient: FloatTensor<Self>,
        sums: FloatTensor<Self>,
        target: FloatTensor<Self>,
        activation: Activation,
        loss: Loss,
    ) -> FloatTensor<Self>;
}
