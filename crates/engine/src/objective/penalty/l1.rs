//! L1 sparsity: `mean |z|`, which drives many numbers of the code to exactly 0.
//!
//! Tibshirani, "Regression Shrinkage and Selection via the Lasso", JRSS B 1996; on the code of a network, Glorot,
//! Bordes and Bengio, "Deep Sparse Rectifier Neural Networks", AISTATS 2011, section 4.1.

use burn::tensor::Tensor;

/// Mean absolute value of `code` [samples, latent size].
pub fn l1(code: Tensor<2>) -> Tensor<1> {
    code.abs().mean()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::{assert_gradient, number, tensor, uniform};

    #[test]
    fn is_the_mean_absolute_value() {
        assert!((number(l1(tensor([[1.0, -2.0], [0.0, 0.5]]))) - 3.5 / 4.0).abs() < 1e-7);
    }

    #[test]
    fn gradient_equals_finite_differences() {
        // Of both signs, none near the kink at 0.
        let code = Tensor::cat(vec![uniform([2, 4], 1) + 0.1, uniform([2, 4], 2) - 1.1], 0);
        assert_gradient(code, l1);
    }
}
