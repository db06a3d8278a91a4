//! Scaled dot-product self-attention over short sequences (Vaswani et al. 2017), all heads at once.
//!
//! For every head of every sample, with queries Q, keys K and values V, all [steps, head size]:
//!
//! ```text
//! forward    scores  = Q K^T / sqrt(head size)      [steps, steps]
//!            weights = softmax(scores)              over keys
//!            output  = weights V
//! backward   dweights = doutput V^T
//!            dscores  = weights (dweights - sum of weights dweights over keys)
//!            dQ = dscores K / sqrt(head size)
//!            dK = dscores^T Q / sqrt(head size)
//!            dV = weights^T doutput
//! ```
//!
//! Burn composes it of three copies that part Q, K and V, two batched products, a softmax and a copy that joins the
//! heads. Here everything is read and written where it lies: two kernels forward, two back. The weights are saved for
//! the backward pass, which is little for a sequence of dozens of steps; a long one would want them computed anew (Dao
//! et al. 2022).

mod autodiff;
mod cpu;
#[cfg(feature = "gpu")]
mod gpu;
#[cfg(test)]
mod tests;
#[cfg(feature = "gpu")]
mod wgsl;

use burn::{
    backend::{Backend, Dispatch, backend_extension, tensor::FloatTensor},
    tensor::Tensor,
};

/// The output of attention, [samples, steps, width], its heads side by side.
///
/// `qkv` is [samples, steps, 3 x width]: queries, keys and values, each with its heads side by side.
pub fn attend(qkv: Tensor<3>, heads: usize) -> Tensor<3> {
    Tensor::from_dispatch(Dispatch::attend(qkv.into_dispatch(), heads))
}

/// The backend operation of [`attend`].
#[backend_extension(Cube: cfg(feature = "gpu"), Flex, Autodiff)]
pub trait AttentionOps: Backend {
    /// See [`attend`].
    fn attend(qkv: FloatTensor<Self>, heads: usize) -> FloatTensor<Self>;
}

/// The forward pass of [`attend`] with what its gradient needs, and the gradient, on a backend without autodiff.
pub trait AttentionGradients: AttentionOps {
    /// The output, and the attention weights [samples, heads, steps, steps].
    fn attend_and_save(qkv: FloatTensor<Self>, heads: usize) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// Gradient of `qkv`, from that of the output.
    fn attention_gradient(
        gradient: FloatTensor<Self>,
        qkv: FloatTensor<Self>,
        weights: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}

/// The sizes of attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Sizes {
    samples: usize,
    heads: usize,
    steps: usize,
    /// Width of queries, of keys and of values: of all heads together.
    width: usize,
}

impl Sizes {
    const fn new([samples, steps, qkv_width]: [usize; 3], heads: usize) -> Self {
        Self { samples, heads, steps, width: qkv_width / 3 }
    }

    const fn head_size(&self) -> usize {
        self.width / self.heads
    }

    /// Factor of the scores, `1 / sqrt(head size)`: their variance does not depend on the head size.
    fn scale(&self) -> f32 {
        (self.head_size() as f32).sqrt().recip()
    }

    const fn output_shape(&self) -> [usize; 3] {
        [self.samples, self.steps, self.width]
    }

    const fn qkv_shape(&self) -> [usize; 3] {
        [self.samples, self.steps, 3 * self.width]
    }

    const fn weights_shape(&self) -> [usize; 4] {
        [self.samples, self.heads, self.steps, self.steps]
    }
}
