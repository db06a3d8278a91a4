//! KL sparsity: `Σ_j ρ ln(ρ / ρ̂_j) + (1 - ρ) ln((1 - ρ) / (1 - ρ̂_j))`, ρ̂_j the mean activation of unit j over the
//! batch. It keeps each unit active for a share ρ of the samples.
//!
//! Ng, "Sparse Autoencoder", CS294A lecture notes 2011.

use burn::tensor::Tensor;

/// Least distance of a mean activation from 0 and 1, which keeps the logarithms finite.
const EPSILON: f32 = 1e-6;

/// Sum over units of the KL divergence, in nats, of Bernoulli(`rho`) from Bernoulli(mean activation). `code` is
/// [samples, units], values 0 to 1.
pub fn kl_sparsity(code: Tensor<2>, rho: f32) -> Tensor<1> {
    let rho_hat = code.mean_dim(0).clamp(EPSILON, 1.0 - EPSILON);
    let one_minus_rho_hat = rho_hat.clone().neg().add_scalar(1.0);
    let negative_entropy = rho * rho.ln() + (1.0 - rho) * (1.0 - rho).ln();
    let cross_entropy = rho_hat.log().mul_scalar(-rho) - one_minus_rho_hat.log().mul_scalar(1.0 - rho);
    cross_entropy.add_scalar(negative_entropy).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::{assert_gradient, number, tensor, uniform};

    #[test]
    fn is_the_kl_divergence_of_two_bernoulli_distributions() {
        let code = tensor([[0.1, 0.9], [0.3, 0.5]]);
        let divergence = |q: f64| 0.05 * (0.05 / q).ln() + 0.95 * (0.95 / (1.0 - q)).ln();
        assert!((number(kl_sparsity(code, 0.05)) - divergence(0.2) - divergence(0.7)).abs() < 1e-5);
    }

    #[test]
    fn is_0_at_rho_and_finite_at_0_and_1() {
        assert!(number(kl_sparsity(tensor([[0.05, 0.05]]), 0.05)).abs() < 1e-6);
        assert!(number(kl_sparsity(tensor([[0.0, 1.0]]), 0.05)).is_finite());
    }

    #[test]
    fn gradient_equals_finite_differences() {
        assert_gradient(uniform([5, 4], 1).mul_scalar(0.6) + 0.2, |code| kl_sparsity(code, 0.1));
    }
}
