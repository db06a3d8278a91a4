//! Products of matrices on the GPU: all pairs in one launch.

use burn::tensor::Shape;
use burn_cubecl::{CubeBackend, tensor::CubeTensor};

use super::{MatmulOps, Orientation, sizes};
use crate::gpu::{
    empty,
    product::{Buffers, Epilogue, Load, Operand, Output, Product},
    rows,
};

impl MatmulOps for CubeBackend {
    fn matmul_oriented(left: CubeTensor, right: CubeTensor, orientations: [Orientation; 2]) -> CubeTensor {
        let (left, right) = (rows(left), rows(right));
        let dims = |tensor: &CubeTensor| tensor.meta.shape().dims();
        let [pairs, rows, inner, columns] = sizes(dims(&left), dims(&right), orientations);
        let output = empty(&left, Shape::new([pairs, rows, columns]));
        let product = Product {
            rows,
            inner,
            columns,
            a: Operand::plain(match orientations[0] {
                Orientation::AsIs => Load::Lanes { inner },
                Orientation::Transposed => Load::Steps { lanes: rows },
            }),
            b: Operand::plain(match orientations[1] {
                Orientation::AsIs => Load::Steps { lanes: columns },
                Orientation::Transposed => Load::Lanes { inner },
            }),
            output: Output::Rows,
            epilogue: Epilogue::None,
            batch: pairs,
        };
        product.launch(&Buffers { a: &left, b: &right, output: &output, activated: None, vector: None });
        output
    }
}
