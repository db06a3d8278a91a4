//! Attention on the GPU: two kernels forward, two back.

use burn::tensor::Shape;
use burn_cubecl::{CubeBackend, tensor::CubeTensor};

use super::{AttentionGradients, AttentionOps, Sizes, wgsl::AttentionKernel};
use crate::gpu::{contiguous, empty, launch_elementwise};

impl AttentionOps for CubeBackend {
    fn attend(qkv: CubeTensor, heads: usize) -> CubeTensor {
        Self::attend_and_save(qkv, heads).0
    }
}

impl AttentionGradients for CubeBackend {
    fn attend_and_save(qkv: CubeTensor, heads: usize) -> (CubeTensor, CubeTensor) {
        let sizes = Sizes::new(qkv.meta.shape().dims(), heads);
        let qkv = contiguous(qkv);
        let weights = empty(&qkv, Shape::new(sizes.weights_shape()));
        let output = empty(&qkv, Shape::new(sizes.output_shape()));
        launch_elementwise(AttentionKernel::Weights(sizes), &[&qkv, &weights]);
        launch_elementwise(AttentionKernel::Output(sizes), &[&qkv, &weights, &output]);
        (output, weights)
    }

    fn attention_gradient(gradient: CubeTensor, qkv: CubeTensor, weights: CubeTensor) -> CubeTensor {
        let [_, heads, _, _] = weights.meta.shape().dims();
        let sizes = Sizes::new(qkv.meta.shape().dims(), heads);
        let (doutput, qkv) = (contiguous(gradient), contiguous(qkv));
        let dscores = empty(&weights, Shape::new(sizes.weights_shape()));
        let dqkv = empty(&qkv, Shape::new(sizes.qkv_shape()));
        launch_elementwise(AttentionKernel::ScoresGradient(sizes), &[&qkv, &weights, &doutput, &dscores]);
        launch_elementwise(AttentionKernel::QkvGradient(sizes), &[&qkv, &weights, &doutput, &dscores, &dqkv]);
        dqkv
    }
}
