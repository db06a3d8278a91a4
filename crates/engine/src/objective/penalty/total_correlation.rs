//! Total correlation: `KL(q(z) || Π_j q(z_j))`, which is 0 if the numbers of a variational code are independent.
//!
//! Chen, Li, Grosse and Duvenaud, "Isolating Sources of Disentanglement in Variational Autoencoders", NeurIPS 2018
//! (beta-TCVAE), estimated by minibatch-weighted sampling, their appendix C.1.

use std::f32::consts::TAU;

use burn::tensor::Tensor;

/// Most samples of a batch that are compared with one another. Every pair holds one value per number of the code: 256
/// samples with a code of 64 are 4 million values.
const MAX_SAMPLES: usize = 256;

/// Total correlation in nats per sample: the mean over samples i of `ln q(z_i) - Σ_u ln q(z_iu)`, where `q(z_i)` is the
/// mean over samples j of the density `N(z_i; mu_j, exp(logvar_j))`.
///
/// `z`, `mu` and `logvar` are [samples, units]. The estimate is biased by the size of the batch, but rises and falls
/// with the true value. The paper also divides each sum by the number of training samples: a constant, without a
/// gradient.
pub fn total_correlation(z: Tensor<2>, mu: Tensor<2>, logvar: Tensor<2>) -> Tensor<1> {
    let [samples, _] = z.dims();
    let samples = samples.min(MAX_SAMPLES);
    let first = |values: Tensor<2>| values.narrow(0, 0, samples);
    // [sample i of z, sample j of the posterior, unit]
    let difference = first(z).unsqueeze_dim::<3>(1) - first(mu).unsqueeze_dim(0);
    let logvar = first(logvar).unsqueeze_dim::<3>(0);
    let squared = difference.square() * logvar.clone().neg().exp();
    let log_density = (squared + logvar).add_scalar(TAU.ln()).mul_scalar(-0.5);

    let log_samples = (samples as f32).ln();
    let joint = log_sum_exp(log_density.clone().sum_dim(2)).sub_scalar(log_samples);
    let product = log_sum_exp(log_density).sub_scalar(log_samples).sum_dim(2);
    (joint - product).mean()
}

/// Logarithm of the sum of exponentials over dimension 1, the samples j.
fn log_sum_exp(values: Tensor<3>) -> Tensor<3> {
    let largest = values.clone().detach().max_dim(1);
    (values - largest.clone()).exp().sum_dim(1).log() + largest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::{assert_gradient, floats, normal, number, uniform};

    /// The same in 64-bit floats, sum by sum.
    fn by_the_paper([z, mu, logvar]: [&[f32]; 3], units: usize) -> f64 {
        let samples = z.len() / units;
        let log_density = |i: usize, j: usize, unit: usize| {
            let at = |values: &[f32], sample: usize| f64::from(values[sample * units + unit]);
            let variance = at(logvar, j).exp();
            let difference = at(z, i) - at(mu, j);
            -0.5 * (difference * difference / variance + (std::f64::consts::TAU * variance).ln())
        };
        let weight = samples as f64;
        let of_sample = |i: usize| {
            let all = |j: usize| (0..units).map(|unit| log_density(i, j, unit)).sum::<f64>().exp();
            let joint = ((0..samples).map(all).sum::<f64>() / weight).ln();
            let single = |unit: usize| ((0..samples).map(|j| log_density(i, j, unit).exp()).sum::<f64>() / weight).ln();
            joint - (0..units).map(single).sum::<f64>()
        };
        (0..samples).map(of_sample).sum::<f64>() / samples as f64
    }

    #[test]
    fn equals_the_estimate_of_the_paper() {
        let [z, mu, logvar] = [normal([7, 3], 1), normal([7, 3], 2), uniform([7, 3], 3)];
        let host = [&z, &mu, &logvar].map(|values| floats(values.clone()));
        let expected = by_the_paper([&host[0], &host[1], &host[2]], 3);
        assert!((number(total_correlation(z, mu, logvar)) - expected).abs() < 1e-4);
    }

    #[test]
    fn correlated_units_have_more_than_independent_ones() {
        let estimate = |mu: Tensor<2>| {
            let z = mu.clone() + normal([200, 2], 9).mul_scalar(0.1);
            number(total_correlation(z, mu.clone(), mu.zeros_like().add_scalar(0.01_f32.ln())))
        };
        let independent = normal([200, 2], 1);
        let one = independent.clone().narrow(1, 0, 1);
        let copied = Tensor::cat(vec![one.clone(), one], 1);
        // Of two normals that correlate by r it is -ln(1 - r²) / 2; here r = 1 / 1.01.
        let expected = -0.5 * (1.0 - 1.01_f64.powi(-2)).ln();
        let found = estimate(copied) - estimate(independent);
        assert!((found - expected).abs() < 0.3 * expected, "{found} where {expected} is right");
    }

    #[test]
    fn gradients_equal_finite_differences() {
        let [z, mu, logvar] = [normal([5, 3], 1), normal([5, 3], 2), uniform([5, 3], 3)];
        let loss = |z: &Tensor<2>, mu: &Tensor<2>, logvar: &Tensor<2>| {
            total_correlation(z.clone(), mu.clone(), logvar.clone())
        };
        assert_gradient(z.clone(), |at| loss(&at, &mu, &logvar));
        assert_gradient(mu.clone(), |at| loss(&z, &at, &logvar));
        assert_gradient(logvar.clone(), |at| loss(&z, &mu, &at));
    }
}
