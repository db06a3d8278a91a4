//! A strided view of a matrix, as an operand.

use std::ops::Range;

use super::Operand;
use crate::lanes::interleave;

/// A view of a matrix in a slice, with any strides: a transposed one costs nothing.
#[derive(Clone, Copy, Debug)]
pub struct Matrix<'a> {
    values: &'a [f32],
    /// Rows and columns.
    shape: [usize; 2],
    /// Distance from a row to the next and from a column to the next, in numbers.
    strides: [usize; 2],
}

impl<'a> Matrix<'a> {
    /// A row-major matrix [rows, columns].
    ///
    /// # Panics
    ///
    /// If `values` holds another count of numbers.
    pub fn new(values: &'a [f32], shape: [usize; 2]) -> Self {
        assert_eq!(values.len(), shape[0] * shape[1], "numbers of a matrix {shape:?}");
        Self { values, shape, strides: [shape[1], 1] }
    }

    /// A matrix with any strides, counted in numbers.
    ///
    /// # Panics
    ///
    /// If the last number lies beyond the end of `values`.
    pub fn strided(values: &'a [f32], shape: [usize; 2], strides: [usize; 2]) -> Self {
        if shape[0] * shape[1] > 0 {
            let last = (shape[0] - 1) * strides[0] + (shape[1] - 1) * strides[1];
            assert!(last < values.len(), "a matrix {shape:?} with strides {strides:?} in {} numbers", values.len());
        }
        Self { values, shape, strides }
    }

    /// The transpose, over the same numbers.
    #[must_use]
    pub const fn transposed(self) -> Self {
        let ([rows, columns], [down, along]) = (self.shape, self.strides);
        Self { values: self.values, shape: [columns, rows], strides: [along, down] }
    }

    /// Rows and columns.
    pub const fn shape(&self) -> [usize; 2] {
        self.shape
    }

    #[inline]
    fn at(&self, row: usize, column: usize) -> f32 {
        self.values[row * self.strides[0] + column * self.strides[1]]
    }

    /// Part of a row whose numbers are contiguous.
    #[inline]
    fn row(&self, row: usize, columns: &Range<usize>) -> &'a [f32] {
        &self.values[row * self.strides[0]..][columns.clone()]
    }
}

/// Its lanes are its rows: rhs is passed transposed.
impl Operand for Matrix<'_> {
    fn lanes(&self) -> usize {
        self.shape[0]
    }

    fn depth(&self) -> usize {
        self.shape[1]
    }

    fn pack<const N: usize>(&self, first: usize, depth: Range<usize>, strip: &mut [[f32; N]]) {
        let lanes = N.min(self.shape[0] - first);
        if lanes < N {
            strip.fill([0.0; N]);
        }
        match self.strides {
            [1, stride] if lanes == N && stride >= N => {
                let steps = self.values.get(depth.start * stride + first..).unwrap_or_default().chunks(stride);
                for (entry, step) in strip.iter_mut().zip(steps) {
                    entry.copy_from_slice(&step[..N]);
                }
            }
            [_, 1] if lanes == N => interleave(std::array::from_fn(|lane| self.row(first + lane, &depth)), strip),
            _ => {
                for (entry, step) in strip.iter_mut().zip(depth) {
                    for (lane, value) in entry[..lanes].iter_mut().enumerate() {
                        *value = self.at(first + lane, step);
                    }
                }
            }
        }
    }
}
