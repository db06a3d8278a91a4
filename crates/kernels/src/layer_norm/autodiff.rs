//! The backward pass of layer normalisation.

use burn::backend::{Autodiff, autodiff::checkpoint::strategy::CheckpointStrategy, tensor::FloatTensor};

use super::{LayerNormGradients, LayerNormOps};
use crate::backward_op::{Operation, apply_operation};

#[derive(Clone, Copy, Debug)]
struct LayerNorm;

impl<B: LayerNormGradients> Operation<B, 4> for LayerNorm {
    /// Gamma, the normalised rows, and one over their standard deviations.
    type Saved = [FloatTensor<B>; 3];

    fn forward(self, [input, residual, gamma, beta]: [FloatTensor<B>; 4]) -> (FloatTensor<B>, Self::Saved) {
        let (output, normalised, inverse_std) = B::normalise_and_save(input, residual, gamma.clone(), beta);
        (output, [gamma, normalised, inverse_std])
    }

    fn gradients(self, gradient: FloatTensor<B>, [gamma, normalised, inverse_std]: Self::Saved) -> [FloatTensor<B>; 4] {
        let (sum, gamma, beta) = B::layer_norm_gradients(gradient, gamma, normalised, inverse_std);
        [sum.clone(), sum, gamma, beta]
    }
}

impl<B: LayerNormGradients, C: CheckpointStrategy> LayerNormOps for Autodiff<B, C> {
    fn add_and_normalise(
        input: FloatTensor<Self>,
        residual: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        apply_operation::<B, C, _, 4>(LayerNorm, [input, residual, gamma, beta])
    }
}
