//! Layer normalisation on the GPU: one kernel forward, two back.

use burn::tensor::Shape;
use burn_cubecl::{CubeBackend, tensor::CubeTensor};

use super::{
    LayerNormOps,
    pass::{ColumnSums, Pass},
};
use crate::gpu::{Kernel, WORKGROUP, empty, launch, launch_each, rows};

impl LayerNormOps for CubeBackend {
    fn normalise_and_keep(
        input: CubeTensor,
        added: CubeTensor,
        gamma: CubeTensor,
        beta: CubeTensor,
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        let [input, added, gamma, beta] = [input, added, gamma, beta].map(rows);
        let [count, width] = input.meta.shape().dims();
        let [output, normal] = [(); 2].map(|()| empty(&input, Shape::new([count, width])));
        let scales = empty(&input, Shape::new([count]));
        let buffers = [&input, &added, &gamma, &beta, &output, &normal, &scales];
        launch_each(Pass::Forward([count, width]), &buffers);
        (output, normal, scales)
    }

    fn normalisation_gradients(
        gradient: CubeTensor,
        gamma: CubeTensor,
        normal: CubeTensor,
        scales: CubeTensor,
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        let (gradient, gamma) = (rows(gradient), rows(gamma));
        let [count, width] = normal.meta.shape().dims();
        let sum = empty(&gradient, Shape::new([count, width]));
        launch_each(Pass::Backward([count, width]), &[&gradient, &gamma, &normal, &scales, &sum]);
        let [of_gamma, of_beta] = [(); 2].map(|()| empty(&gradient, Shape::new([width])));
        let kernel = Kernel::new(ColumnSums([count, width]), [WORKGROUP as u32, 1], ColumnSums::text);
        launch(kernel, [width as u32, 1, 1], &[&gradient, &normal, &of_gamma, &of_beta]);
        (sum, of_gamma, of_beta)
    }
}
