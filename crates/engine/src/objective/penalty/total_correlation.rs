//! Total correlation: the numbers of a variational code shall be independent of one another.
//!
//! Chen, Li, Grosse and Duvenaud, "Isolating Sources of Disentanglement in Variational Autoencoders", NeurIPS 2018
//! (beta-TCVAE), estimated by minibatch-weighted sampling, their appendix C.1.

use std::f32::consts::TAU;

use burn::tensor::Tensor;

/// Samples of a batch that are compared with one another. Every pair costs one value for each number of the code: 256
/// samples with a code of 64 are 4 million.
const MOST_SAMPLES: usize = 256;

/// The divergence, in nats a sample, of the codes' distribution from that with the same, but independent, numbers.
///
/// `drawn`, `mean` and `log_variance` are [samples, units]: what was drawn from each sample's normal distribution, and
/// that distribution. The estimate is biased and depends on the size of the batch, yet falls and rises as the truth does.
/// The paper divides each sum by the number of training samples too: that adds a constant, which trains nothing.
pub fn total_correlation(drawn: Tensor<2>, mean: Tensor<2>, log_variance: Tensor<2>) -> Tensor<1> {
    let [samples, _] = drawn.dims();
    let samples = samples.min(MOST_SAMPLES);
    let first = |values: Tensor<2>| values.narrow(0, 0, samples);
    // [drawn from sample i, as seen by sample j, unit]
    let difference = first(drawn).unsqueeze_dim::<3>(1) - first(mean).unsqueeze_dim(0);
    let log_variance = first(log_variance).unsqueeze_dim::<3>(0);
    let squared = difference.square() * log_variance.clone().neg().exp();
    let log_density = (squared + log_variance).add_scalar(TAU.ln()).mul_scalar(-0.5);

    let log_weight = (samples as f32).ln();
    let joint = log_sum_exp(log_density.clone().sum_dim(2)).sub_scalar(log_weight);
    let product = log_sum_exp(log_density).sub_scalar(log_weight).sum_dim(2);
    (joint - product).mean()
}

/// The logarithm of the sum of exponentials over the samples that see, dimension 1.
fn log_sum_exp(values: Tensor<3>) -> Tensor<3> {
    let largest = values.clone().detach().max_dim(1);
    (values - largest.clone()).exp().sum_dim(1).log() + largest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::{assert_gradient, floats, normal, number, uniform};

    /// The same in 64-bit floats, sum by sum.
    fn by_the_paper([drawn, mean, log_variance]: [&[f32]; 3], units: usize) -> f64 {
        let samples = drawn.len() / units;
        let log_density = |i: usize, j: usize, unit: usize| {
            let at = |values: &[f32], sample: usize| f64::from(values[sample * units + unit]);
            let variance = at(log_variance, j).exp();
            let difference = at(drawn, i) - at(mean, j);
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
    fn is_the_papers_estimate() {
        let [drawn, mean, log_variance] = [normal([7, 3], 1), normal([7, 3], 2), uniform([7, 3], 3)];
        let host = [&drawn, &mean, &log_variance].map(|values| floats(values.clone()));
        let expected = by_the_paper([&host[0], &host[1], &host[2]], 3);
        assert!((number(total_correlation(drawn, mean, log_variance)) - expected).abs() < 1e-4);
    }

    #[test]
    fn numbers_that_repeat_one_another_cost_more_than_independent_ones() {
        let estimate = |mean: Tensor<2>| {
            let drawn = mean.clone() + normal([200, 2], 9).mul_scalar(0.1);
            number(total_correlation(drawn, mean.clone(), mean.zeros_like().add_scalar(0.01_f32.ln())))
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
    fn the_gradients_are_slopes() {
        let [drawn, mean, log_variance] = [normal([5, 3], 1), normal([5, 3], 2), uniform([5, 3], 3)];
        let with = |drawn: &Tensor<2>, mean: &Tensor<2>, log_variance: &Tensor<2>| {
            total_correlation(drawn.clone(), mean.clone(), log_variance.clone())
        };
        assert_gradient(drawn.clone(), |at| with(&at, &mean, &log_variance));
        assert_gradient(mean.clone(), |at| with(&drawn, &at, &log_variance));
        assert_gradient(log_variance.clone(), |at| with(&drawn, &mean, &at));
    }
}
