//! Self-attention over short sequences (Vaswani et al. 2017): `softmax(q k^T / sqrt(d)) v` for every head of every sample.
//!
//! Burn composes it of three copies that part queries, keys and values, two batched products, a softmax and a copy that
//! joins the heads. Here everything is read and written where it lies: two kernels forward, two back. What every step
//! takes of the others is kept for the way back, which is little for a sequence of dozens of steps; a long one would want
//! it computed anew (Dao et al. 2022).

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

/// What every step gathers from all steps of its sample, [samples, steps, width], the heads side by side.
///
/// `projected` is [samples, steps, 3 x width]: queries, keys and values, each with the heads side by side.
pub fn attend(projected: Tensor<3>, heads: usize) -> Tensor<3> {
    Tensor::from_dispatch(Dispatch::attend(projected.into_dispatch(), heads))
}

/// What a backend does for [`attend`].
#[backend_extension(Cube: cfg(feature = "gpu"), Flex, Autodiff)]
pub trait AttentionOps: Backend {
    /// See [`attend`].
    fn attend(projected: FloatTensor<Self>, heads: usize) -> FloatTensor<Self> {
        Self::attend_and_keep(projected, heads).0
    }

    /// What is gathered, and the share that every step takes of every other: [samples, heads, steps, steps].
    fn attend_and_keep(projected: FloatTensor<Self>, heads: usize) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// Gradient of `projected` from that of what was gathered.
    fn attention_gradient(
        gradient: FloatTensor<Self>,
        projected: FloatTensor<Self>,
        shares: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}

/// The sizes of attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Sizes {
    pub samples: usize,
    pub heads: usize,
    pub steps: usize,
    /// Of queries, keys and values alike: of all heads together.
    pub width: usize,
}

impl Sizes {
    const fn new([samples, steps, projected]: [usize; 3], heads: usize) -> Self {
        Self { samples, heads, steps, width: projected / 3 }
    }

    pub const fn per_head(&self) -> usize {
        self.width / self.heads
    }

    /// What the fit of a query and a key is multiplied by, so that its spread does not depend on the width.
    pub fn scale(&self) -> f32 {
        (self.per_head() as f32).sqrt().recip()
    }

    const fn gathered_shape(&self) -> [usize; 3] {
        [self.samples, self.steps, self.width]
    }

    const fn projected_shape(&self) -> [usize; 3] {
        [self.samples, self.steps, 3 * self.width]
    }

    const fn shares_shape(&self) -> [usize; 4] {
        [self.samples, self.heads, self.steps, self.steps]
    }
}
