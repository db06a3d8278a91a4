//! Products of matrices on the CPU, a pair after another.

use burn_flex::{Flex, FlexTensor};

use super::{MatmulOps, Orientation, sizes};
use crate::cpu::{Finish, Flat, Matrix, product};

impl MatmulOps for Flex {
    fn matmul_oriented(left: FlexTensor, right: FlexTensor, orientations: [Orientation; 2]) -> FlexTensor {
        let (left, right) = (Flat::of(left), Flat::of(right));
        let [pairs, rows, inner, columns] = sizes(left.dims(), right.dims(), orientations);
        Flat::filled([pairs, rows, columns], |output| {
            let pairs = left.values().chunks_exact(rows * inner).zip(right.values().chunks_exact(inner * columns));
            for ((left, right), output) in pairs.zip(output.chunks_exact_mut(rows * columns)) {
                let left = oriented(left, [rows, inner], orientations[0]);
                let right = oriented(right, [inner, columns], orientations[1]);
                product(left, right, Finish::default(), output);
            }
        })
    }
}

/// The values as a matrix of that shape.
fn oriented(values: &[f32], shape: [usize; 2], orientation: Orientation) -> Matrix<'_> {
    let stored = Matrix::new(values, orientation.of(shape));
    match orientation {
        Orientation::AsIs => stored,
        Orientation::Transposed => stored.transposed(),
    }
}
