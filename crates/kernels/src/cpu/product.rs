//! The product of two matrices, and what a dense layer does to it on the way to memory.

use wide::f32x8;

use super::blocks::{Pass, Target, multiply};
use super::lanes::{load, store};
use super::tile::TALL;
use super::{Activation, Matrix};

/// What is done to the sums before they are written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Finish<'a> {
    /// One number an output of a dense layer, or a channel of a convolution; or none at all.
    pub bias: &'a [f32],
    /// What follows the bias.
    pub activation: Activation,
}

/// `activation(left right + bias)` into `out`, row-major [rows of `left`, columns of `right`].
///
/// With weights [in, out] and a batch of rows, a layer's forward pass is `x w`, the gradient by its inputs `dz w^T`, and
/// by its weights `x^T dz`, where `dz` is from [`Activation::backward`].
///
/// # Panics
///
/// If the shapes do not fit.
pub fn product(left: Matrix, right: Matrix, finish: Finish, out: &mut [f32]) {
    let ([rows, _], [_, columns]) = (left.shape(), right.shape());
    assert_eq!(out.len(), rows * columns, "numbers of a product");
    assert!(finish.bias.is_empty() || finish.bias.len() == columns, "a bias for each column");
    multiply(&left, &right.transposed(), &mut RowMajor::new(out, columns, finish));
}

/// A matrix that a product goes to.
pub(super) struct RowMajor<'a> {
    out: &'a mut [f32],
    columns: usize,
    finish: Finish<'a>,
    /// Of the columns at hand.
    bias: f32x8,
}

impl<'a> RowMajor<'a> {
    pub const fn new(out: &'a mut [f32], columns: usize, finish: Finish<'a>) -> Self {
        Self { out, columns, finish, bias: f32x8::ZERO }
    }
}

impl Target for RowMajor<'_> {
    fn begin(&mut self, column: usize) {
        self.bias = load(self.finish.bias.get(column..).unwrap_or_default());
    }

    #[inline]
    fn put(&mut self, row: usize, column: usize, sums: &[f32x8; TALL], pass: Pass) {
        for (line, &sum) in self.out[row * self.columns..].chunks_mut(self.columns).zip(sums) {
            let (places, mut sum) = (&mut line[column..], sum);
            if !pass.is_first {
                sum += load(places);
            }
            if pass.is_last {
                sum = self.finish.activation.forward(sum + self.bias);
            }
            store(sum, places);
        }
    }
}
