//! Products of matrices on the GPU: all pairs in one launch.

use burn::tensor::Shape;
use burn_cubecl::{CubeBackend, tensor::CubeTensor};

use super::{MatmulOps, Orientation, sizes};
use crate::gpu::{
    contiguous, empty,
    matmul::{Buffers, Epilogue, Load, Matmul, Operand, RowMajor},
};

impl MatmulOps for CubeBackend {
    fn matmul_oriented(lhs: CubeTensor, rhs: CubeTensor, orientations: [Orientation; 2]) -> CubeTensor {
        let (lhs, rhs) = (contiguous(lhs), contiguous(rhs));
        let dims = |tensor: &CubeTensor| tensor.meta.shape().dims();
        let [batch, m, k, n] = sizes(dims(&lhs), dims(&rhs), orientations);
        let output = empty(&lhs, Shape::new([batch, m, n]));
        let matmul = Matmul {
            m,
            k,
            n,
            lhs: Operand::plain(match orientations[0] {
                Orientation::AsIs => Load::Lanes { k },
                Orientation::Transposed => Load::Steps { lanes: m },
            }),
            rhs: Operand::plain(match orientations[1] {
                Orientation::AsIs => Load::Steps { lanes: n },
                Orientation::Transposed => Load::Lanes { k },
            }),
            output: RowMajor,
            epilogue: Epilogue::None,
            batch,
        };
        matmul.launch(&Buffers { lhs: &lhs, rhs: &rhs, output: &output, y: None, vector: None });
        output
    }
}
