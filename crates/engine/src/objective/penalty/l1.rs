//! L1 sparsity: many numbers of the code become exactly 0.
//!
//! Tibshirani, "Regression Shrinkage and Selection via the Lasso", JRSS B 1996; on the code of a network, Glorot, Bordes
//! and Bengio, "Deep Sparse Rectifier Neural Networks", AISTATS 2011, section 4.1.

use burn::tensor::Tensor;

/// The mean absolute value of `code` [samples, units].
pub fn l1(code: Tensor<2>) -> Tensor<1> {
    code.abs().mean()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::{assert_gradient, number, tensor, uniform};

    #[test]
    fn is_the_mean_size_of_a_number() {
        assert!((number(l1(tensor([[1.0, -2.0], [0.0, 0.5]]))) - 3.5 / 4.0).abs() < 1e-7);
    }

    #[test]
    fn the_gradient_is_the_slope() {
        // Of both signs, none near the kink at 0.
        let code = Tensor::cat(vec![uniform([2, 4], 1) + 0.1, uniform([2, 4], 2) - 1.1], 0);
        assert_gradient(code, l1);
    }
}
