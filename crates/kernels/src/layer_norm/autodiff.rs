//! The way back through layer normalisation.

use burn::backend::{Autodiff, autodiff::checkpoint::strategy::CheckpointStrategy, tensor::FloatTensor};

use super::LayerNormOps;
use crate::way_back::{Operation, operate};

#[derive(Clone, Copy, Debug)]
struct LayerNorm;

impl<B: LayerNormOps> Operation<B, 4> for LayerNorm {
    /// Gamma, the rows before it, and one over their deviations.
    type Kept = [FloatTensor<B>; 3];

    fn forward(self, [input, added, gamma, beta]: [FloatTensor<B>; 4]) -> (FloatTensor<B>, Self::Kept) {
        let (output, normal, scales) = B::normalise_and_keep(input, added, gamma.clone(), beta);
        (output, [gamma, normal, scales])
    }

    fn gradients(self, gradient: FloatTensor<B>, [gamma, normal, scales]: Self::Kept) -> [FloatTensor<B>; 4] {
        let (sum, gamma, beta) = B::normalisation_gradients(gradient, gamma, normal, scales);
        [sum.clone(), sum, gamma, beta]
    }
}

impl<B: LayerNormOps, C: CheckpointStrategy> LayerNormOps for Autodiff<B, C> {
    fn normalise(
        input: FloatTensor<Self>,
        added: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        operate::<B, C, _, 4>(LayerNorm, [input, added, gamma, beta])
    }

    fn normalise_and_keep(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("the graph keeps what the way back needs")
    }

    fn normalisation_gradients(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("Burn goes back once: a gradient has no gradient")
    }
}
