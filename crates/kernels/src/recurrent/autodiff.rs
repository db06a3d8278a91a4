//! The backward pass of a recurrent layer, through time.

use burn::backend::{Autodiff, autodiff::checkpoint::strategy::CheckpointStrategy, tensor::FloatTensor};

use super::{Cell, RecurrentGradients, RecurrentOps};
use crate::backward_op::{Operation, apply_operation};

impl<B: RecurrentGradients> Operation<B, 3> for Cell {
    /// Weight, hidden states, and what is saved of every step.
    type Saved = [FloatTensor<B>; 3];

    fn forward(self, [input_gates, weight, bias]: [FloatTensor<B>; 3]) -> (FloatTensor<B>, Self::Saved) {
        let (states, saved) = B::recurrent_and_save(input_gates, weight.clone(), bias, self);
        (states.clone(), [weight, states, saved])
    }

    fn gradients(self, gradient: FloatTensor<B>, [weight, states, saved]: Self::Saved) -> [FloatTensor<B>; 3] {
        B::recurrent_gradients(gradient, weight, states, saved, self).into()
    }
}

impl<B: RecurrentGradients, C: CheckpointStrategy> RecurrentOps for Autodiff<B, C> {
    fn recurrent(
        input_gates: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        cell: Cell,
    ) -> FloatTensor<Self> {
        apply_operation::<B, C, _, 3>(cell, [input_gates, weight, bias])
    }
}
