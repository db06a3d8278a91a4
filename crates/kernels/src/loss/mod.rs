//! The mean loss over all values of a prediction, with the prediction's activation.
//!
//! With the pre-activation z, the prediction y = f(z), the target t and the difference d = y - t, over `count` values:
//!
//! ```text
//! loss           l(y, t)                                  dl/dy
//! squared        d^2                                      2 d
//! absolute       |d|                                      sign(d)
//! Huber          d^2 / 2             where |d| <= delta   d
//!                delta (|d| - delta / 2)     elsewhere    delta sign(d)
//! cross-entropy  max(y, 0) - y t + log(1 + e^-|y|)        sigmoid(y) - t      y is a logit
//!
//! forward        L  = sum of l(y, t) / count
//! backward       dz = dL / count * dl/dy * f'(z)          f' from y (crate::Activation)
//! ```
//!
//! Burn composes it of ten to twenty passes over prediction and target, and differentiates each. Here it is one
//! forward, and one backward that writes dz from z and t at once.

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

/// Largest difference for which Huber's loss is quadratic: pixels and standardised columns are reconstructed to within
/// a few hundredths to tenths.
pub const HUBER_DELTA: f32 = 0.1;

/// The loss of one value, as a function of the difference `d` of prediction and target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Loss {
    /// `d^2`.
    Squared,
    /// `|d|`.
    Absolute,
    /// `d^2 / 2` up to [`HUBER_DELTA`], linear beyond (Huber 1964).
    Huber,
    /// Binary cross-entropy of the sigmoid of the prediction, a logit, in nats.
    CrossEntropyOfLogits,
}

impl Loss {
    /// Every loss.
    pub const ALL: [Self; 4] = [Self::Squared, Self::Absolute, Self::Huber, Self::CrossEntropyOfLogits];
}

/// The mean of `loss` over all values of `activation(pre_activation)` and `target`, which have one shape.
///
/// `target` gets no gradient.
pub fn mean<const D: usize>(
    pre_activation: Tensor<D>,
    target: Tensor<D>,
    activation: Activation,
    loss: Loss,
) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::mean_loss(pre_activation.into_dispatch(), target.into_dispatch(), activation, loss))
}

/// The backend operation of [`mean`].
#[backend_extension(Cube: cfg(feature = "gpu"), Flex, Autodiff)]
pub trait LossOps: Backend {
    /// See [`mean`].
    fn mean_loss(
        pre_activation: FloatTensor<Self>,
        target: FloatTensor<Self>,
        activation: Activation,
        loss: Loss,
    ) -> FloatTensor<Self>;
}

/// The gradient of [`mean`], on a backend without autodiff.
pub trait LossGradients: LossOps {
    /// Gradient of the pre-activation, from that of the mean, one number.
    fn mean_loss_gradient(
        gradient: FloatTensor<Self>,
        pre_activation: FloatTensor<Self>,
        target: FloatTensor<Self>,
        activation: Activation,
        loss: Loss,
    ) -> FloatTensor<Self>;
}
