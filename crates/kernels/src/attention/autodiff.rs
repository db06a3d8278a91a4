//! The backward pass of attention.

use burn::backend::{Autodiff, autodiff::checkpoint::strategy::CheckpointStrategy, tensor::FloatTensor};

use super::{AttentionGradients, AttentionOps};
use crate::backward_op::{Operation, apply_operation};

/// The attributes of attention.
#[derive(Clone, Copy, Debug)]
struct Attention {
    heads: usize,
}

impl<B: AttentionGradients> Operation<B, 1> for Attention {
    /// Queries, keys and values, and the attention weights.
    type Saved = [FloatTensor<B>; 2];

    fn forward(self, [qkv]: [FloatTensor<B>; 1]) -> (FloatTensor<B>, Self::Saved) {
        let (output, weights) = B::attend_and_save(qkv.clone(), self.heads);
        (output, [qkv, weights])
    }

    fn gradients(self, gradient: FloatTensor<B>, [qkv, weights]: Self::Saved) -> [FloatTensor<B>; 1] {
        [B::attention_gradient(gradient, qkv, weights)]
    }
}

impl<B: AttentionGradients, C: CheckpointStrategy> AttentionOps for Autodiff<B, C> {
    fn attend(qkv: FloatTensor<Self>, heads: usize) -> FloatTensor<Self> {
        apply_operation::<B, C, _, 1>(Attention { heads }, [qkv])
    }
}
