//! KL sparsity: each unit shall be active for a small share of the samples.
//!
//! Ng, "Sparse Autoencoder", CS294A lecture notes 2011.

use burn::tensor::Tensor;

/// Keeps the logarithms finite where a unit is off, or on, for the whole batch.
const LEAST: f32 = 1e-6;

/// The sum over units of the divergence, in nats, of a coin with each unit's mean activation from one with `target`.
/// `code` is [samples, units], values 0 to 1.
pub fn kl_sparsity(code: Tensor<2>, target: f32) -> Tensor<1> {
    let active = code.mean_dim(0).clamp(LEAST, 1.0 - LEAST);
    let rest = active.clone().neg().add_scalar(1.0);
    let entropy = target * target.ln() + (1.0 - target) * (1.0 - target).ln();
    let cross_entropy = active.log().mul_scalar(-target) - rest.log().mul_scalar(1.0 - target);
    cross_entropy.add_scalar(entropy).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::{assert_gradient, number, tensor, uniform};

    #[test]
    fn is_the_divergence_of_two_coins() {
        let code = tensor([[0.1, 0.9], [0.3, 0.5]]);
        let divergence = |q: f64| 0.05 * (0.05 / q).ln() + 0.95 * (0.95 / (1.0 - q)).ln();
        assert!((number(kl_sparsity(code, 0.05)) - divergence(0.2) - divergence(0.7)).abs() < 1e-5);
    }

    #[test]
    fn the_target_costs_nothing_and_the_extremes_stay_finite() {
        assert!(number(kl_sparsity(tensor([[0.05, 0.05]]), 0.05)).abs() < 1e-6);
        assert!(number(kl_sparsity(tensor([[0.0, 1.0]]), 0.05)).is_finite());
    }

    #[test]
    fn the_gradient_is_the_slope() {
        assert_gradient(uniform([5, 4], 1).mul_scalar(0.6) + 0.2, |code| kl_sparsity(code, 0.1));
    }
}
