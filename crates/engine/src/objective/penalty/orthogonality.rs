//! Orthogonality: the numbers of the code shall not repeat one another.
//!
//! After Cogswell et al., "Reducing Overfitting in Deep Networks by Decorrelating Representations", ICLR 2016. They punish
//! covariances, which a code can escape by shrinking; correlations leave it its scale.

use burn::tensor::Tensor;
use pinhole_kernels::matmul::matmul;

/// Added to variances, so that a unit that is the same for the whole batch counts as uncorrelated.
const EPSILON: f32 = 1e-8;

/// The mean squared correlation, over the batch, of two different numbers of `code` [samples, units]: 0 to 1. Of a code of
/// one number it is 0.
pub fn orthogonality(code: Tensor<2>) -> Tensor<1> {
    let [samples, units] = code.dims();
    let centred = code.clone() - code.mean_dim(0);
    let deviation = centred.clone().square().mean_dim(0).add_scalar(EPSILON).sqrt();
    let standardised = centred / deviation;
    let correlations = matmul(standardised.clone().transpose(), standardised).div_scalar(samples as f32);
    let others = Tensor::eye(units, &correlations.device()).neg().add_scalar(1.0);
    let pairs = (units * (units - 1)).max(1);
    (correlations * others).square().sum().div_scalar(pairs as f32)
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
    fn scale_and_place_do_not_matter_and_copies_cost_all() {
        let code = normal([20, 3], 1);
        let moved = code.clone().mul_scalar(7.0) + 3.0;
        assert!((number(orthogonality(code.clone())) - number(orthogonality(moved))).abs() < 1e-5);
        let copies = Tensor::cat(vec![code.clone().narrow(1, 0, 1), code.narrow(1, 0, 1).neg()], 1);
        assert!((number(orthogonality(copies)) - 1.0).abs() < 1e-5);
        assert!(number(orthogonality(normal([20, 1], 1))).abs() < 1e-9);
    }

    #[test]
    fn the_gradient_is_the_slope() {
        assert_gradient(normal([6, 3], 2), orthogonality);
    }
}
