//! Gaussian likelihood: how sure the reconstruction is, is learnt too, so that nobody has to weigh it against a penalty.
//!
//! Rybkin, Daniilidis and Levine, "Simple and Effective VAE Training with Calibrated Decoders", ICML 2021 (sigma-VAE).

use std::f32::consts::TAU;

use burn::tensor::Tensor;

use super::mse::mse;

/// The mean negative log-likelihood `(d² / e^s + s + ln 2π) / 2` of the difference `d` in nats, over `hidden` values or
/// all. `log_variance`, one number, is `s`, learnt with the network.
pub fn gaussian_nll(
    reconstruction: Tensor<2>,
    clean: Tensor<2>,
    log_variance: Tensor<1>,
    hidden: Option<Tensor<2>>,
) -> Tensor<1> {
    let precision = log_variance.clone().neg().exp();
    // The variance is the same for all values, so it stays outside the mean.
    (mse(reconstruction, clean, hidden) * precision + log_variance).add_scalar(TAU.ln()).mul_scalar(0.5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::{assert_gradient, number, scalar, tensor, uniform};

    #[test]
    fn is_the_likelihood_of_a_normal_distribution() {
        let loss = gaussian_nll(tensor([[0.5]]), tensor([[0.1]]), scalar(-1.2), None);
        let variance = (-1.2_f64).exp();
        let density = (-(0.4_f64 * 0.4) / (2.0 * variance)).exp() / (std::f64::consts::TAU * variance).sqrt();
        assert!((number(loss) + density.ln()).abs() < 1e-6);
    }

    #[test]
    fn the_best_variance_is_the_mean_squared_error() {
        let (reconstruction, clean) = (uniform([3, 4], 1), uniform([3, 4], 2));
        let loss = |variance: f64| {
            let log_variance = scalar(variance.ln() as f32);
            number(gaussian_nll(reconstruction.clone(), clean.clone(), log_variance, None))
        };
        let error = number((reconstruction.clone() - clean.clone()).square().mean());
        assert!(loss(error) < loss(0.8 * error) && loss(error) < loss(1.25 * error));
    }

    #[test]
    fn both_gradients_are_slopes() {
        let (clean, hidden) = (uniform([3, 4], 2), uniform([3, 4], 3).greater_elem(0.5).float());
        assert_gradient(uniform([3, 4], 1), |at| gaussian_nll(at, clean.clone(), scalar(-1.0), Some(hidden.clone())));
        assert_gradient(tensor([[-1.0]]), |at| gaussian_nll(uniform([3, 4], 1), clean.clone(), at.flatten(0, 1), None));
    }
}
