//! The way back through time.

use burn::backend::{Autodiff, autodiff::checkpoint::strategy::CheckpointStrategy, tensor::FloatTensor};

use super::{Cell, RecurrentOps};
use crate::way_back::{Operation, operate};

impl<B: RecurrentOps> Operation<B, 3> for Cell {
    /// Weight, states, and what the cells keep.
    type Kept = [FloatTensor<B>; 3];

    fn forward(self, [said, weight, bias]: [FloatTensor<B>; 3]) -> (FloatTensor<B>, Self::Kept) {
        let (states, kept) = B::recurrent_states(said, weight.clone(), bias, self);
        (states.clone(), [weight, states, kept])
    }

    fn gradients(self, gradient: FloatTensor<B>, [weight, states, kept]: Self::Kept) -> [FloatTensor<B>; 3] {
        B::recurrent_gradients(gradient, weight, states, kept, self).into()
    }
}

impl<B: RecurrentOps, C: CheckpointStrategy> RecurrentOps for Autodiff<B, C> {
    fn recurrent(
        said: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        cell: Cell,
    ) -> FloatTensor<Self> {
        operate::<B, C, _, 3>(cell, [said, weight, bias])
    }

    fn recurrent_states(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: Cell,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("the graph keeps what the way back needs")
    }

    fn recurrent_gradients(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: Cell,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("Burn goes back once: a gradient has no gradient")
    }
}
