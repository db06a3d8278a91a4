//! Encoder layer of a Transformer (Vaswani et al., "Attention Is All You Need", NeurIPS 2017), normalised after each
//! half as PyTorch's `TransformerEncoderLayer` is by default:
//!
//! ```text
//! Q, K, V = x W_qkv + b_qkv                       heads side by side
//! h = LayerNorm(x + softmax(Q Kᵀ / √d) V W_o + b_o)   d: width of a head
//! y = LayerNorm(h + W_2 relu(W_1 h + b_1) + b_2)
//! ```

use burn::{
    module::Module,
    nn::Linear,
    tensor::{Device, Tensor},
};
use pinhole_kernels::{Activation, attention::attend};
use pinhole_protocol::LayerPlan;

use super::{
    dense::{self, zero_linear},
    normalisation::ResidualLayerNorm,
};

/// Self-attention and a feed-forward network, each with a residual connection and a layer normalisation.
#[derive(Module, Debug)]
pub(super) struct Transformer {
    /// Queries, keys and values side by side: [width, 3 x width].
    qkv_projection: Linear,
    output_projection: Linear,
    linear_1: Linear,
    linear_2: Linear,
    attention_norm: ResidualLayerNorm,
    feed_forward_norm: ResidualLayerNorm,
    heads: usize,
}

impl Transformer {
    pub fn new(width: usize, heads: usize, hidden: usize, device: &Device) -> Self {
        Self {
            qkv_projection: zero_linear([width, 3 * width], device),
            output_projection: zero_linear([width, width], device),
            linear_1: zero_linear([width, hidden], device),
            linear_2: zero_linear([hidden, width], device),
            attention_norm: ResidualLayerNorm::new(width, device),
            feed_forward_norm: ResidualLayerNorm::new(width, device),
            heads,
        }
    }

    /// [samples, steps x width] to [samples, steps x width].
    pub fn forward(&self, plan: &LayerPlan, batch: Tensor<2>) -> Tensor<2> {
        let ([samples, _], steps, width) = (batch.dims(), plan.input.height, plan.input.width);
        let x = batch.reshape([samples * steps, width]);
        let attention = self.self_attention([samples, steps, width], x.clone());
        let h = self.attention_norm.forward(x, attention);
        let hidden = dense::forward(&self.linear_1, h.clone(), Activation::Relu);
        let feed_forward = dense::forward(&self.linear_2, hidden, Activation::Linear);
        self.feed_forward_norm.forward(h, feed_forward).reshape([samples, steps * width])
    }

    /// Multi-head self-attention with its output projection, [samples x steps, width].
    fn self_attention(&self, [samples, steps, width]: [usize; 3], x: Tensor<2>) -> Tensor<2> {
        let qkv = dense::forward(&self.qkv_projection, x, Activation::Linear);
        let heads = attend(qkv.reshape([samples, steps, 3 * width]), self.heads);
        dense::forward(&self.output_projection, heads.reshape([samples * steps, width]), Activation::Linear)
    }
}
