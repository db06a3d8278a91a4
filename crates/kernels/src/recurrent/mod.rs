//! A recurrent layer over whole sequences: long short-term memory or gated recurrent units.
//!
//! Burn composes each step of a product and a dozen passes over the gates, and goes back through each of them. Here the
//! whole sequence is one operation, as in cuDNN (Appleyard et al. 2016): its gradient goes back through time on its own,
//! and the weight's is one product over all steps of all samples. On the GPU a workgroup takes some samples through all
//! steps, as no sample waits for another: one kernel each way, whatever the sequence's length.

mod autodiff;
mod cell;
mod cpu;
#[cfg(feature = "gpu")]
mod gpu;
#[cfg(test)]
mod tests;
#[cfg(feature = "gpu")]
mod text;

use burn::{
    backend::{Backend, Dispatch, backend_extension, tensor::FloatTensor},
    tensor::Tensor,
};

pub use self::cell::Cell;

/// The state after every step, [samples, steps, units], of a layer that begins with a state of zeros.
///
/// `said` is what the input says to the gates, [samples, steps, gates x units], its bias included; the state says
/// `weight`, [gates x units, units], times itself, and `bias`, [gates x units]. The gates lie in the order of [`Cell`].
pub fn recurrent(said: Tensor<3>, weight: Tensor<2>, bias: Tensor<1>, cell: Cell) -> Tensor<3> {
    let (said, weight, bias) = (said.into_dispatch(), weight.into_dispatch(), bias.into_dispatch());
    Tensor::from_dispatch(Dispatch::recurrent(said, weight, bias, cell))
}

/// What a backend does for [`recurrent`].
#[backend_extension(Cube: cfg(feature = "gpu"), Flex, Autodiff)]
pub trait RecurrentOps: Backend {
    /// See [`recurrent`].
    fn recurrent(
        said: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        cell: Cell,
    ) -> FloatTensor<Self> {
        Self::recurrent_states(said, weight, bias, cell).0
    }

    /// The states, and what the way back needs of every step: [samples, steps, [`kept`](Cell::kept) x units].
    fn recurrent_states(
        said: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        cell: Cell,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// Gradients of `said`, weight and bias from that of the states.
    fn recurrent_gradients(
        gradient: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        states: FloatTensor<Self>,
        kept: FloatTensor<Self>,
        cell: Cell,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}
