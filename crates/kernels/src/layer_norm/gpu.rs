//! Layer normalisation on the GPU: one kernel forward, two back.

use burn::tensor::Shape;
use burn_cubecl::{CubeBackend, tensor::CubeTensor};

use super::{
    LayerNormGradients, LayerNormOps,
    wgsl::{ColumnSums, RowKernel},
};
use crate::gpu::{Kernel, WORKGROUP_SIZE, contiguous, empty, launch, launch_elementwise};

impl LayerNormOps for CubeBackend {
    fn add_and_normalise(input: CubeTensor, residual: CubeTensor, gamma: CubeTensor, beta: CubeTensor) -> CubeTensor {
        Self::normalise_and_save(input, residual, gamma, beta).0
    }
}

impl LayerNormGradients for CubeBackend {
    fn normalise_and_save(
        input: CubeTensor,
        residual: CubeTensor,
        gamma: CubeTensor,
        beta: CubeTensor,
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        let [input, residual, gamma, beta] = [input, residual, gamma, beta].map(contiguous);
        let [rows, width] = input.meta.shape().dims();
        let [output, normalised] = [(); 2].map(|()| empty(&input, Shape::new([rows, width])));
        let inverse_std = empty(&input, Shape::new([rows]));
        let buffers = [&input, &residual, &gamma, &beta, &output, &normalised, &inverse_std];
        launch_elementwise(RowKernel::Forward([rows, width]), &buffers);
        (output, normalised, inverse_std)
    }

    fn layer_norm_gradients(
        gradient: CubeTensor,
        gamma: CubeTensor,
        normalised: CubeTensor,
        inverse_std: CubeTensor,
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        let (dy, gamma) = (contiguous(gradient), contiguous(gamma));
        let [rows, width] = normalised.meta.shape().dims();
        let dx = empty(&dy, Shape::new([rows, width]));
        launch_elementwise(RowKernel::Backward([rows, width]), &[&dy, &gamma, &normalised, &inverse_std, &dx]);
        let [dgamma, dbeta] = [(); 2].map(|()| empty(&dy, Shape::new([width])));
        let kernel = Kernel::new(ColumnSums([rows, width]), [WORKGROUP_SIZE as u32, 1], ColumnSums::wgsl);
        launch(kernel, [width as u32, 1, 1], &[&dy, &normalised, &dgamma, &dbeta]);
        (dx, dgamma, dbeta)
    }
}
