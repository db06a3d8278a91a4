//! Batched products of matrices: `lhs rhs` for each pair of a batch, with lhs [m, k] and rhs [k, n].
//!
//! ```text
//! forward    y    = lhs rhs
//! backward   dlhs = dy rhs^T
//!            drhs = lhs^T dy
//! ```
//!
//! Burn's general product computes the same, but is 694 kB of 4.1 MB of a page's engine, compressed: each of its plans
//! is compiled for every type of number and of quantisation. Here the kernels are those of the layers.

mod autodiff;
mod cpu;
#[cfg(feature = "gpu")]
mod gpu;
#[cfg(test)]
mod tests;

use burn::{
    backend::{Backend, Dispatch, backend_extension, tensor::FloatTensor},
    tensor::Tensor,
};

/// `lhs rhs` of matrices [m, k] and [k, n] along the last two axes; the axes before are equal.
pub fn matmul<const D: usize>(lhs: Tensor<D>, rhs: Tensor<D>) -> Tensor<D> {
    oriented(lhs, rhs, Orientation::AsIs)
}

/// `lhs rhs^T`, where `rhs` has [n, k], without transposing it in memory.
pub fn matmul_transposed<const D: usize>(lhs: Tensor<D>, rhs: Tensor<D>) -> Tensor<D> {
    oriented(lhs, rhs, Orientation::Transposed)
}

fn oriented<const D: usize>(lhs: Tensor<D>, rhs: Tensor<D>, orientation: Orientation) -> Tensor<D> {
    let (mut shape, rhs_dims) = (lhs.dims(), rhs.dims());
    assert_eq!(shape[..D - 2], rhs_dims[..D - 2], "as many matrices on both sides");
    let batched = |tensor: Tensor<D>| -> Tensor<3> {
        let dims = tensor.dims();
        tensor.reshape([dims[..D - 2].iter().product(), dims[D - 2], dims[D - 1]])
    };
    let rhs_shape = [rhs_dims[D - 2], rhs_dims[D - 1]];
    shape[D - 1] = orientation.of(rhs_shape)[1];
    Tensor::<3>::from_dispatch(Dispatch::matmul_oriented(
        batched(lhs).into_dispatch(),
        batched(rhs).into_dispatch(),
        [Orientation::AsIs, orientation],
    ))
    .reshape(shape)
}

/// The orientation of a matrix in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orientation {
    /// Row-major, as it is multiplied.
    AsIs,
    /// The transpose is row-major.
    Transposed,
}

impl Orientation {
    const fn flipped(self) -> Self {
        match self {
            Self::AsIs => Self::Transposed,
            Self::Transposed => Self::AsIs,
        }
    }

    /// Rows and columns as they are multiplied, from those in memory, or the other way round.
    const fn of(self, [rows, columns]: [usize; 2]) -> [usize; 2] {
        match self {
            Self::AsIs => [rows, columns],
            Self::Transposed => [columns, rows],
        }
    }
}

/// The backend operation of [`matmul`]; its gradients are products too.
#[backend_extension(Cube: cfg(feature = "gpu"), Flex, Autodiff)]
pub trait MatmulOps: Backend {
    /// Multiplies [batch, m, k] by [batch, k, n], each stored in its orientation.
    fn matmul_oriented(
        lhs: FloatTensor<Self>,
        rhs: FloatTensor<Self>,
        orientations: [Orientation; 2],
    ) -> FloatTensor<Self>;
}

/// Batch, m, k and n of a product, from the shapes in memory.
fn sizes(lhs: [usize; 3], rhs: [usize; 3], orientations: [Orientation; 2]) -> [usize; 4] {
    let [m, k] = orientations[0].of([lhs[1], lhs[2]]);
    let [rhs_k, n] = orientations[1].of([rhs[1], rhs[2]]);
    assert_eq!(k, rhs_k, "columns of lhs are rows of rhs");
    [lhs[0], m, k, n]
}
