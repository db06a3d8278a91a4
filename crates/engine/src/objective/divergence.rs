//! How far a variational code is from its prior, the standard normal distribution.
//!
//! Kingma and Welling, "Auto-Encoding Variational Bayes", ICLR 2014, appendix B.

use burn::tensor::Tensor;

/// The divergence of each sample's normal distributions from the standard one, in nats: the sum over units, the mean over
/// samples. `mean` and `log_variance` are [samples, units].
pub fn divergence(mean: Tensor<2>, log_variance: Tensor<2>) -> Tensor<1> {
    let doubled = log_variance.clone().exp() + mean.square() - log_variance - 1.0;
    doubled.mul_scalar(0.5).sum_dim(1).mean()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::{assert_gradient, normal, number, tensor, uniform};

    /// The divergence of N(mean, deviation²) by adding up over a fine grid.
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
    fn is_the_integral_that_it_stands_for() {
        for (mean, log_variance) in [(0.0_f32, 0.0_f32), (1.5, -1.0), (-0.3, 0.8)] {
            let expected = integrated(f64::from(mean), f64::from(log_variance / 2.0).exp());
            assert!((number(divergence(tensor([[mean]]), tensor([[log_variance]]))) - expected).abs() < 1e-5);
        }
    }

    #[test]
    fn units_add_up_and_samples_are_averaged() {
        let found = number(divergence(tensor([[1.0, 2.0], [0.0, 0.0]]), tensor([[0.0, 0.0], [0.0, 0.0]])));
        assert!((found - 1.25).abs() < 1e-6, "(0.5 + 2.0 + 0.0 + 0.0) / 2 samples");
    }

    #[test]
    fn the_gradients_are_slopes() {
        let (mean, log_variance) = (normal([3, 4], 1), uniform([3, 4], 2) - 0.5);
        assert_gradient(mean.clone(), |at| divergence(at, log_variance.clone()));
        assert_gradient(log_variance, |at| divergence(mean.clone(), at));
    }
}
