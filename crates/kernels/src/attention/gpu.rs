//! Attention on the GPU: two kernels each way.

use burn::tensor::Shape;
use burn_cubecl::{CubeBackend, tensor::CubeTensor};

use super::{AttentionOps, Sizes, pass::Pass};
use crate::gpu::{empty, launch_each, rows};

impl AttentionOps for CubeBackend {
    fn attend_and_keep(projected: CubeTensor, heads: usize) -> (CubeTensor, CubeTensor) {
        let sizes = Sizes::new(projected.meta.shape().dims(), heads);
        let projected = rows(projected);
        let shares = empty(&projected, Shape::new(sizes.shares_shape()));
        let gathered = empty(&projected, Shape::new(sizes.gathered_shape()));
        launch_each(Pass::Shares(sizes), &[&projected, &shares]);
        launch_each(Pass::Gather(sizes), &[&projected, &shares, &gathered]);
        (gathered, shares)
    }

    fn attention_gradient(gradient: CubeTensor, projected: CubeTensor, shares: CubeTensor) -> CubeTensor {
        let [_, heads, _, _] = shares.meta.shape().dims();
        let sizes = Sizes::new(projected.meta.shape().dims(), heads);
        let (gradient, projected) = (rows(gradient), rows(projected));
        let fits = empty(&shares, Shape::new(sizes.shares_shape()));
        let result = empty(&projected, Shape::new(sizes.projected_shape()));
        launch_each(Pass::FitGradient(sizes), &[&projected, &shares, &gradient, &fits]);
        launch_each(Pass::ProjectedGradient(sizes), &[&projected, &shares, &gradient, &fits, &result]);
        result
    }
}
