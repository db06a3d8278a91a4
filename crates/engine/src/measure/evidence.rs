//! The evidence lower bound of a variational code, and which of its numbers carry anything.

use std::f64::consts::PI;

use pinhole_numerics::random::{Stream, generator};
use pinhole_protocol::ReconstructionLoss;
use rand::RngExt;
use rand_distr::StandardNormal;

use super::{Figure, subject::Subject};
use crate::{
    EngineError,
    network::{Autoencoder, Latent, Mode},
    read_back::read,
};

/// Variance of a unit's mean over the samples above which it is active (Burda et al. 2016).
const ACTIVE_VARIANCE: f64 = 0.01;

/// Negative evidence lower bound in nats a sample, estimated by one code drawn for each (Kingma and Welling 2014).
pub(super) async fn negative_elbo<P: AsyncFn()>(subject: &Subject<'_, P>) -> Result<Figure, EngineError> {
    let clean = subject.held_out.values();
    let distribution = |network: &Autoencoder, batch| match network.pass(batch, &mut Mode::Inference).latent {
        Latent::Gaussian { mean, log_variance } => [mean, log_variance],
        _ => unreachable!("a code that is no distribution is refused before it is measured"),
    };
    let [means, log_variances] = subject.send(clean, subject.input_width(), distribution).await?;
    let codes = drawn(&means, &log_variances, subject.seed());
    let is_bernoulli = subject.model.experiment.spec().objective.loss == ReconstructionLoss::BinaryCrossEntropy;
    let decode = |network: &Autoencoder, codes| {
        [if is_bernoulli { network.decode_logits(codes) } else { network.decode(codes) }]
    };
    let [decoded] = subject.send(&codes, subject.code_width(), decode).await?;
    let surprise = match subject.model.network.output_log_variance() {
        Some(log_variance) if !is_bernoulli => gaussian_nats(&decoded, clean, f64::from(read(log_variance).await?[0])),
        _ => bernoulli_nats(&decoded, clean),
    };
    Ok(Figure::alone((divergence(&means, &log_variances) + surprise) / subject.held_out.len() as f64))
}

/// A code for each sample, drawn from its distribution.
fn drawn(means: &[f32], log_variances: &[f32], seed: u64) -> Vec<f32> {
    let mut random = generator(seed, Stream::Measure, 2);
    let mut draw = |(mean, log_variance): (&f32, &f32)| {
        let noise: f32 = random.sample(StandardNormal);
        mean + (log_variance / 2.0).exp() * noise
    };
    means.iter().zip(log_variances).map(&mut draw).collect()
}

/// Divergence in nats of normal distributions, given by their means and the logarithms of their variances, from
/// independent standard normals (Kingma and Welling 2014, appendix B).
pub fn divergence(means: &[f32], log_variances: &[f32]) -> f64 {
    means.iter().zip(log_variances).map(|(&mean, &log_variance)| unit_divergence(mean, log_variance)).sum()
}

/// Divergence in nats of one normal distribution from the standard one.
pub fn unit_divergence(mean: f32, log_variance: f32) -> f64 {
    let (mean, log_variance) = (f64::from(mean), f64::from(log_variance));
    0.5 * (mean * mean + log_variance.exp() - 1.0 - log_variance)
}

/// Binary cross-entropy in nats of probabilities, given by their logits, summed over values.
pub fn bernoulli_nats(logits: &[f32], targets: &[f32]) -> f64 {
    logits
        .iter()
        .zip(targets)
        .map(|(&logit, &target)| {
            let (logit, target) = (f64::from(logit), f64::from(target));
            logit.max(0.0) - logit * target + (-logit.abs()).exp().ln_1p()
        })
        .sum()
}

/// Negative log-likelihood in nats of `targets` under normal distributions of one variance, summed over values.
pub fn gaussian_nats(means: &[f32], targets: &[f32], log_variance: f64) -> f64 {
    let squares: f64 =
        means.iter().zip(targets).map(|(&mean, &target)| (f64::from(mean) - f64::from(target)).powi(2)).sum();
    0.5 * (means.len() as f64 * ((2.0 * PI).ln() + log_variance) + squares / log_variance.exp())
}

/// Numbers of a variational code that are active: whose mean varies over the samples (rows of `width` means).
pub fn active_units(means: &[f32], width: usize) -> usize {
    (0..width).filter(|&unit| variance(means.iter().skip(unit).step_by(width).copied()) > ACTIVE_VARIANCE).count()
}

/// Population variance, in two passes.
fn variance(values: impl Iterator<Item = f32> + Clone) -> f64 {
    let count = values.clone().count() as f64;
    let mean = values.clone().map(f64::from).sum::<f64>() / count;
    values.map(|value| (f64::from(value) - mean).powi(2)).sum::<f64>() / count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::reference::reference;

    #[test]
    fn nats_are_those_of_pytorch() {
        for case in reference().evidence {
            let found = [
                divergence(&case.means, &case.log_variances),
                bernoulli_nats(&case.logits, &case.targets),
                gaussian_nats(&case.logits, &case.targets, case.log_variance),
            ];
            let expected = [case.divergence, case.bernoulli, case.gaussian];
            for (found, expected) in found.into_iter().zip(expected) {
                assert!((found - expected).abs() < 1e-9 * expected.abs(), "{found} is not {expected}");
            }
        }
    }

    #[test]
    fn a_standard_normal_diverges_from_nothing() {
        assert!(divergence(&[0.0; 3], &[0.0; 3]).abs() < 1e-12);
        assert!((unit_divergence(2.0, 0.0) - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_sure_and_right_logit_costs_nothing_and_a_wrong_one_itself() {
        assert!(bernoulli_nats(&[200.0, -200.0], &[1.0, 0.0]) < 1e-12);
        assert!((bernoulli_nats(&[-200.0], &[1.0]) - 200.0).abs() < 1e-9);
        assert!((bernoulli_nats(&[0.0], &[0.3]) - 2.0_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn units_are_active_when_their_means_vary() {
        // Of three units the first stays, the second moves by 0.1 (variance 0.0025), the third by 0.5 (0.0625).
        let means = [7.0, 0.0, 0.0, 7.0, 0.1, 0.5].repeat(20);
        assert_eq!(active_units(&means, 3), 1);
    }
}
