//! The product of two matrices, with the bias and the activation of a dense layer.

use pinhole_numerics::{
    lanes::{load, store},
    matmul::{self, DepthPart, Matrix, Output, TILE_ROWS},
};
use wide::f32x8;

use crate::Activation;

/// The end of a layer's forward pass: `activation(sum + bias)`, applied to sums before they are written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct BiasActivation<'a> {
    /// One number per output of a dense layer, or per channel of a convolution; or none at all.
    pub bias: &'a [f32],
    /// Activation after the bias.
    pub activation: Activation,
}

/// Writes `activation(lhs rhs + bias)` into `out`, row-major [rows of `lhs`, columns of `rhs`].
///
/// With weight W [in, out] and a batch x of rows, a layer's forward pass is `x W`, its input gradient `dz W^T` and its
/// weight gradient `x^T dz`, where `dz` is from [`Activation::backward`].
///
/// # Panics
///
/// If the shapes do not fit.
pub(crate) fn matmul(lhs: Matrix, rhs: Matrix, epilogue: BiasActivation, out: &mut [f32]) {
    let ([rows, _], [_, columns]) = (lhs.shape(), rhs.shape());
    assert_eq!(out.len(), rows * columns, "numbers of a product");
    assert!(epilogue.bias.is_empty() || epilogue.bias.len() == columns, "a bias for each column");
    matmul::matmul(&lhs, &rhs.transposed(), &mut RowMajor::new(out, columns, epilogue));
}

/// A row-major matrix that a product is written to.
pub(crate) struct RowMajor<'a> {
    out: &'a mut [f32],
    columns: usize,
    epilogue: BiasActivation<'a>,
    /// Bias of the current columns.
    bias: f32x8,
}

impl<'a> RowMajor<'a> {
    pub const fn new(out: &'a mut [f32], columns: usize, epilogue: BiasActivation<'a>) -> Self {
        Self { out, columns, epilogue, bias: f32x8::ZERO }
    }
}

impl Output for RowMajor<'_> {
    fn begin_columns(&mut self, column: usize) {
        self.bias = load(self.epilogue.bias.get(column..).unwrap_or_default());
    }

    #[inline]
    fn store(&mut self, row: usize, column: usize, sums: &[f32x8; TILE_ROWS], part: DepthPart) {
        for (line, &sum) in self.out[row * self.columns..].chunks_mut(self.columns).zip(sums) {
            let (out, mut sum) = (&mut line[column..], sum);
            if !part.is_first {
                sum += load(out);
            }
            if part.is_last {
                sum = self.epilogue.activation.forward(sum + self.bias);
            }
            store(sum, out);
        }
    }
}
