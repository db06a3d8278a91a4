//! Products of matrices in pairs: `left right`, for each pair of a batch.
//!
//! Burn's general product answers the same, but is 694 kB of 4.1 MB of a page's engine, compressed: each of its plans is
//! compiled for every type of number and of quantisation. These are kernels that the layers have already.

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

/// `left right` of matrices [rows, inner] and [inner, columns] along the last two axes; the axes before are equal.
pub fn matmul<const D: usize>(left: Tensor<D>, right: Tensor<D>) -> Tensor<D> {
    oriented(left, right, Orientation::AsIs)
}

/// `left rightᵀ`, where `right` has [columns, inner], without turning it in memory.
pub fn matmul_transposed<const D: usize>(left: Tensor<D>, right: Tensor<D>) -> Tensor<D> {
    oriented(left, right, Orientation::Transposed)
}

fn oriented<const D: usize>(left: Tensor<D>, right: Tensor<D>, orientation: Orientation) -> Tensor<D> {
    let (mut shape, of_right) = (left.dims(), right.dims());
    assert_eq!(shape[..D - 2], of_right[..D - 2], "as many matrices on both sides");
    let pairs = |tensor: Tensor<D>| -> Tensor<3> {
        let dims = tensor.dims();
        tensor.reshape([dims[..D - 2].iter().product(), dims[D - 2], dims[D - 1]])
    };
    let right_shape = [of_right[D - 2], of_right[D - 1]];
    shape[D - 1] = orientation.of(right_shape)[1];
    Tensor::<3>::from_dispatch(Dispatch::matmul_oriented(
        pairs(left).into_dispatch(),
        pairs(right).into_dispatch(),
        [Orientation::AsIs, orientation],
    ))
    .reshape(shape)
}

/// How a matrix lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orientation {
    /// Row by row, as it is multiplied.
    AsIs,
    /// Row by row of its transpose.
    Transposed,
}

impl Orientation {
    const fn flipped(self) -> Self {
        match self {
            Self::AsIs => Self::Transposed,
            Self::Transposed => Self::AsIs,
        }
    }

    /// Rows and columns as they are multiplied, from those in memory.
    const fn of(self, [rows, columns]: [usize; 2]) -> [usize; 2] {
        match self {
            Self::AsIs => [rows, columns],
            Self::Transposed => [columns, rows],
        }
    }
}

/// What a backend does for [`matmul`].
#[backend_extension(Cube: cfg(feature = "gpu"), Flex, Autodiff)]
pub trait MatmulOps: Backend {
    /// Multiplies [pairs, rows, inner] by [pairs, inner, columns], each as its orientation says.
    fn matmul_oriented(
        left: FloatTensor<Self>,
        right: FloatTensor<Self>,
        orientations: [Orientation; 2],
    ) -> FloatTensor<Self>;
}

/// Pairs, rows, inner size and columns of a product, from the shapes in memory.
fn sizes(left: [usize; 3], right: [usize; 3], orientations: [Orientation; 2]) -> [usize; 4] {
    let [rows, inner] = orientations[0].of([left[1], left[2]]);
    let [inner_of_right, columns] = orientations[1].of([right[1], right[2]]);
    assert_eq!(inner, inner_of_right, "columns of the left matrices are rows of the right ones");
    [left[0], rows, inner, columns]
}
