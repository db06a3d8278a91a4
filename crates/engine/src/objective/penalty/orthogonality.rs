//! Orthogonality: mean over pairs i ≠ j of `corr(z_i, z_j)²` over the batch, so that the numbers of the code are
//! uncorrelated.
//!
//! After Cogswell et al., "Reducing Overfitting in Deep Networks by Decorrelating Representations", ICLR 2016. They
//! penalise covariances, which also fall when the code shrinks; correlations do not depend on its scale.

use burn::tensor::Tensor;
use pinhole_kernels::matmul::matmul;

/// Added to variances, so that a unit that is constant over the batch counts as uncorrelated.
const EPSILON: f32 = 1e-8;

/// Mean squared correlation of two different units of `code` [samples, units]: 0 to 1, and 0 for a single unit.
pub fn orthogonality(code: Tensor<2>) -> Tensor<1> {
    let [samples, units] = code.dims();
    let centred = code.clone() - code.mean_dim(0);
    let deviation = centred.clone().square().mean_dim(0).add_scalar(EPSILON).sqrt();
    let standardised = centred / deviation;
    let correlations = matmul(standardised.clone().transpose(), standardised).div_scalar(samples as f32);
    let off_diagonal = Tensor::eye(units, &correlations.device()).neg().add_scalar(1.0);
    let pairs = (units * (units - 1)).max(1);
    (correlations * off_diagonal).square().sum().div_scalar(pairs as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::{assert_gradient, normal, number, tensor};

    #[test]
    fn is_the_mean_squared_correlation() {
        let code = tensor([[1.0, 1.0, 5.0], [2.0, 3.0, 5.0], [3.0, 2.0, 5.0]]);
        // The first two correlate by a half, the third is constant; of six ordered pairs two count.
        assert!((number(orthogonality(code)) - 2.0 * 0.25 / 6.0).abs() < 1e-5);
    }

    #[test]
    fn scale_and_mean_do_not_matter_and_copies_give_1() {
        let code = normal([20, 3], 1);
        let moved = code.clone().mul_scalar(7.0) + 3.0;
        assert!((number(orthogonality(code.clone())) - number(orthogonality(moved))).abs() < 1e-5);
        let copies = Tensor::cat(vec![code.clone().narrow(1, 0, 1), code.narrow(1, 0, 1).neg()], 1);
        assert!((number(orthogonality(copies)) - 1.0).abs() < 1e-5);
        assert!(number(orthogonality(normal([20, 1], 1))).abs() < 1e-9);
    }

    #[test]
    fn gradient_equals_finite_differences() {
        assert_gradient(normal([6, 3], 2), orthogonality);
    }
}
