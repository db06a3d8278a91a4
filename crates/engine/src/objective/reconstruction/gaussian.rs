//! Gaussian likelihood with a learnt variance: `(d² / exp(s) + s + ln 2π) / 2`, d the difference and s the log
//! variance. The variance balances the reconstruction against other terms, in place of a weight chosen by hand.
//!
//! Rybkin, Daniilidis and Levine, "Simple and Effective VAE Training with Calibrated Decoders", ICML 2021 (sigma-VAE).

use std::f32::consts::TAU;

use burn::tensor::Tensor;

use super::mse::mse;

/// Mean negative log-likelihood in nats over the values where `mask` is 1, or over all. `logvar`, `[1]`, is the same for
/// all values.
pub fn gaussian_nll(
    reconstruction: Tensor<2>,
    target: Tensor<2>,
    logvar: Tensor<1>,
    mask: Option<Tensor<2>>,
) -> Tensor<1> {
    let precision = logvar.clone().neg().exp();
    // The variance is the same for all values, so it can stay outside the mean.
    (mse(reconstruction, target, mask) * precision + logvar).add_scalar(TAU.ln()).mul_scalar(0.5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::{assert_gradient, number, scalar, tensor, uniform};

    #[test]
    fn equals_the_density_of_a_normal_distribution() {
        let loss = gaussian_nll(tensor([[0.5]]), tensor([[0.1]]), scalar(-1.2), None);
        let variance = (-1.2_f64).exp();
        let density = (-(0.4_f64 * 0.4) / (2.0 * variance)).exp() / (std::f64::consts::TAU * variance).sqrt();
        assert!((number(loss) + density.ln()).abs() < 1e-6);
    }

    #[test]
    fn the_best_variance_is_the_mean_squared_error() {
        let (reconstruction, target) = (uniform([3, 4], 1), uniform([3, 4], 2));
        let loss = |variance: f64| {
            let logvar = scalar(variance.ln() as f32);
            number(gaussian_nll(reconstruction.clone(), target.clone(), logvar, None))
        };
        let error = number((reconstruction.clone() - target.clone()).square().mean());
        assert!(loss(error) < loss(0.8 * error) && loss(error) < loss(1.25 * error));
    }

    #[test]
    fn gradients_equal_finite_differences() {
        let (target, mask) = (uniform([3, 4], 2), uniform([3, 4], 3).greater_elem(0.5).float());
        assert_gradient(uniform([3, 4], 1), |at| gaussian_nll(at, target.clone(), scalar(-1.0), Some(mask.clone())));
        assert_gradient(tensor([[-1.0]]), |at| {
            gaussian_nll(uniform([3, 4], 1), target.clone(), at.flatten(0, 1), None)
        });
    }
}
