//! An encoder layer of a Transformer (Vaswani et al. 2017), normalised after each half, as PyTorch's default.

use burn::{
    module::Module,
    nn::Linear,
    tensor::{Device, Tensor},
};
use pinhole_kernels::{Activation, attention::attend};
use pinhole_protocol::LayerPlan;

use super::{
    dense::{apply, linear},
    normalisation::ResidualNorm,
};

/// Self-attention and a feed-forward layer, each added to what it reads.
#[derive(Module, Debug)]
pub(super) struct Transformer {
    /// Queries, keys and values side by side.
    in_projection: Linear,
    out_projection: Linear,
    widen: Linear,
    narrow: Linear,
    attention_norm: ResidualNorm,
    feed_forward_norm: ResidualNorm,
    heads: usize,
}

impl Transformer {
    pub fn new(width: usize, heads: usize, hidden: usize, device: &Device) -> Self {
        Self {
            in_projection: linear([width, 3 * width], device),
            out_projection: linear([width, width], device),
            widen: linear([width, hidden], device),
            narrow: linear([hidden, width], device),
            attention_norm: ResidualNorm::new(width, device),
            feed_forward_norm: ResidualNorm::new(width, device),
            heads,
        }
    }

    pub fn forward(&self, plan: &LayerPlan, batch: Tensor<2>) -> Tensor<2> {
        let ([samples, _], steps, width) = (batch.dims(), plan.input.height, plan.input.width);
        let each_step = batch.reshape([samples * steps, width]);
        let gathered = self.gather([samples, steps, width], each_step.clone());
        let attended = self.attention_norm.forward(each_step, gathered);
        let widened = apply(&self.widen, attended.clone(), Activation::Relu);
        let fed = apply(&self.narrow, widened, Activation::Linear);
        self.feed_forward_norm.forward(attended, fed).reshape([samples, steps * width])
    }

    /// Every step gathers from all steps of its sample, by how well its query fits their keys; [samples x steps, width].
    fn gather(&self, [samples, steps, width]: [usize; 3], each_step: Tensor<2>) -> Tensor<2> {
        let projected = apply(&self.in_projection, each_step, Activation::Linear);
        let gathered = attend(projected.reshape([samples, steps, 3 * width]), self.heads);
        apply(&self.out_projection, gathered.reshape([samples * steps, width]), Activation::Linear)
    }
}
