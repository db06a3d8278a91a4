//! Products of matrices on the CPU, one pair after another.

use burn_flex::{Flex, FlexTensor};
use pinhole_numerics::matmul::Matrix;

use super::{MatmulOps, Orientation, sizes};
use crate::cpu::{BiasActivation, Contiguous, contiguous, matmul};

impl MatmulOps for Flex {
    fn matmul_oriented(lhs: FlexTensor, rhs: FlexTensor, orientations: [Orientation; 2]) -> FlexTensor {
        let (lhs, rhs) = (contiguous(lhs), contiguous(rhs));
        let [batch, m, k, n] = sizes(lhs.dims(), rhs.dims(), orientations);
        Contiguous::filled([batch, m, n], |output| {
            let pairs = lhs.values().chunks_exact(m * k).zip(rhs.values().chunks_exact(k * n));
            for ((lhs, rhs), output) in pairs.zip(output.chunks_exact_mut(m * n)) {
                let lhs = oriented(lhs, [m, k], orientations[0]);
                let rhs = oriented(rhs, [k, n], orientations[1]);
                matmul(lhs, rhs, BiasActivation::default(), output);
            }
        })
    }
}

/// The values as a matrix of the shape [rows, columns].
fn oriented(values: &[f32], shape: [usize; 2], orientation: Orientation) -> Matrix<'_> {
    let stored = Matrix::new(values, orientation.of(shape));
    match orientation {
        Orientation::AsIs => stored,
        Orientation::Transposed => stored.transposed(),
    }
}
