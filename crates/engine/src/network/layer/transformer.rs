//! An encoder layer of a Transformer (Vaswani et al. 2017), normalised after each half, as PyTorch's default.

use burn::{
    module::Module,
    nn::{LayerNorm, Linear},
    tensor::{Device, Tensor, activation},
};
use pinhole_kernels::Activation;
use pinhole_protocol::LayerPlan;

use super::{
    dense::{self, linear},
    rows, steps,
};
use crate::network::layer::normalisation::layer_norm;

/// Self-attention and a feed-forward layer, each added to what it reads.
#[derive(Module, Debug)]
pub(super) struct Transformer {
    /// Queries, keys and values side by side.
    in_projection: Linear,
    out_projection: Linear,
    widen: Linear,
    narrow: Linear,
    attention_norm: LayerNorm,
    feed_forward_norm: LayerNorm,
    heads: usize,
}

impl Transformer {
    pub fn new(width: usize, heads: usize, hidden: usize, device: &Device) -> Self {
        Self {
            in_projection: linear([width, 3 * width], device),
            out_projection: linear([width, width], device),
            widen: linear([width, hidden], device),
            narrow: linear([hidden, width], device),
            attention_norm: layer_norm(width, device),
            feed_forward_norm: layer_norm(width, device),
            heads,
        }
    }

    pub fn forward(&self, plan: &LayerPlan, batch: Tensor<2>) -> Tensor<2> {
        let sequence = steps(plan.input, batch);
        let attended = self.attention_norm.forward(sequence.clone() + self.attend(sequence));
        let widened = each_step(&self.widen, attended.clone(), Activation::Relu);
        let fed = each_step(&self.narrow, widened, Activation::Linear);
        rows(self.feed_forward_norm.forward(attended + fed))
    }

    /// Every step gathers from all steps, by how well its query fits their keys.
    fn attend(&self, sequence: Tensor<3>) -> Tensor<3> {
        let [samples, count, width] = sequence.dims();
        let per_head = width / self.heads;
        let projected = each_step(&self.in_projection, sequence, Activation::Linear);
        let [queries, keys, values] = [0, 1, 2].map(|index| {
            let part = projected.clone().narrow(2, index * width, width);
            part.reshape([samples, count, self.heads, per_head]).swap_dims(1, 2)
        });
        let fit = queries.matmul(keys.transpose()).div_scalar((per_head as f64).sqrt());
        let gathered: Tensor<4> = activation::softmax(fit, 3).matmul(values);
        let side_by_side = gathered.swap_dims(1, 2).reshape([samples, count, width]);
        each_step(&self.out_projection, side_by_side, Activation::Linear)
    }
}

fn each_step(linear: &Linear, sequence: Tensor<3>, activation: Activation) -> Tensor<3> {
    let [samples, count, width] = sequence.dims();
    let values = dense::apply(linear, sequence.reshape([samples * count, width]), activation);
    let [_, width] = values.dims();
    values.reshape([samples, count, width])
}
