//! KL divergence of a variational code from its prior, summed over the code:
//! `KL(N(mu, exp(logvar)) || N(0, 1)) = (mu² + exp(logvar) - 1 - logvar) / 2`.
//!
//! Kingma and Welling, "Auto-Encoding Variational Bayes", ICLR 2014, appendix B.

use burn::tensor::Tensor;

/// KL divergence in nats, the sum over the code and the mean over samples. `mu` and `logvar` are
/// [samples, latent size].
pub fn kl_divergence(mu: Tensor<2>, logvar: Tensor<2>) -> Tensor<1> {
    let doubled = logvar.clone().exp() + mu.square() - logvar - 1.0;
    doubled.mul_scalar(0.5).sum_dim(1).mean()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::{assert_gradient, normal, number, tensor, uniform};

    /// The divergence of N(mean, deviation²) from N(0, 1), integrated numerically.
    fn integrated(mean: f64, deviation: f64) -> f64 {
        let steps = 200_000;
        let width = 24.0 * deviation / f64::from(steps);
        let summand = |step: i32| {
            let x = mean - 12.0 * deviation + (f64::from(step) + 0.5) * width;
            let log_density = |mean: f64, deviation: f64| {
                -0.5 * ((x - mean) / deviation).powi(2) - (deviation * std::f64::consts::TAU.sqrt()).ln()
            };
            let density = log_density(mean, deviation);
            density.exp() * (density - log_density(0.0, 1.0)) * width
        };
        (0..steps).map(summand).sum()
    }

    #[test]
    fn equals_the_integral_of_its_definition() {
        for (mu, logvar) in [(0.0_f32, 0.0_f32), (1.5, -1.0), (-0.3, 0.8)] {
            let expected = integrated(f64::from(mu), f64::from(logvar / 2.0).exp());
            assert!((number(kl_divergence(tensor([[mu]]), tensor([[logvar]]))) - expected).abs() < 1e-5);
        }
    }

    #[test]
    fn sums_over_the_code_and_averages_over_samples() {
        let found = number(kl_divergence(tensor([[1.0, 2.0], [0.0, 0.0]]), tensor([[0.0, 0.0], [0.0, 0.0]])));
        assert!((found - 1.25).abs() < 1e-6, "(0.5 + 2.0 + 0.0 + 0.0) / 2 samples");
    }

    #[test]
    fn gradients_equal_finite_differences() {
        let (mu, logvar) = (normal([3, 4], 1), uniform([3, 4], 2) - 0.5);
        assert_gradient(mu.clone(), |at| kl_divergence(at, logvar.clone()));
        assert_gradient(logvar, |at| kl_divergence(mu.clone(), at));
    }
}
