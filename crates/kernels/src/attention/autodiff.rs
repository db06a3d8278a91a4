//! The way back through attention.

use burn::backend::{Autodiff, autodiff::checkpoint::strategy::CheckpointStrategy, tensor::FloatTensor};

use super::AttentionOps;
use crate::way_back::{Operation, operate};

/// What is not a tensor.
#[derive(Clone, Copy, Debug)]
struct Attention {
    heads: usize,
}

impl<B: AttentionOps> Operation<B, 1> for Attention {
    /// What was projected, and the shares.
    type Kept = [FloatTensor<B>; 2];

    fn forward(self, [projected]: [FloatTensor<B>; 1]) -> (FloatTensor<B>, Self::Kept) {
        let (gathered, shares) = B::attend_and_keep(projected.clone(), self.heads);
        (gathered, [projected, shares])
    }

    fn gradients(self, gradient: FloatTensor<B>, [projected, shares]: Self::Kept) -> [FloatTensor<B>; 1] {
        [B::attention_gradient(gradient, projected, shares)]
    }
}

impl<B: AttentionOps, C: CheckpointStrategy> AttentionOps for Autodiff<B, C> {
    fn attend(projected: FloatTensor<Self>, heads: usize) -> FloatTensor<Self> {
        operate::<B, C, _, 1>(Attention { heads }, [projected])
    }

    fn attend_and_keep(_: FloatTensor<Self>, _: usize) -> (FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("the graph keeps what the way back needs")
    }

    fn attention_gradient(_: FloatTensor<Self>, _: FloatTensor<Self>, _: FloatTensor<Self>) -> FloatTensor<Self> {
        unreachable!("Burn goes back once: a gradient has no gradient")
    }
}
