//! Negative evidence lower bound of a variational autoencoder: `-E_q(z|x)[ln p(x|z)] + KL(q(z|x) || p(z))`, in nats per
//! sample (Kingma and Welling 2014, equation 3). The expectation is estimated by one z per sample.

use std::f64::consts::PI;

use pinhole_numerics::random::{Stream, generator};
use pinhole_protocol::ReconstructionLoss;
use rand::RngExt;
use rand_distr::StandardNormal;

use super::{evaluator::Evaluator, measured_value::MeasuredValue};
use crate::{
    EngineError,
    network::{Autoencoder, Latent, Mode},
    read_back::read,
};

/// Negative evidence lower bound, nats per sample.
pub(super) async fn negative_elbo<P: AsyncFn()>(evaluator: &Evaluator<'_, P>) -> Result<MeasuredValue, EngineError> {
    let inputs = evaluator.held_out.values();
    let posterior = |network: &Autoencoder, batch| match network.forward_with_mode(batch, &mut Mode::Inference).latent {
        Latent::Gaussian { mu, logvar } => [mu, logvar],
        _ => unreachable!("the measure does not apply to other bottlenecks"),
    };
    let [mu, logvar] = evaluator.run_batches(inputs, evaluator.input_width(), posterior).await?;
    let z = sample_posterior(&mu, &logvar, evaluator.seed());
    let is_bernoulli = evaluator.model.experiment.spec().objective.loss == ReconstructionLoss::BinaryCrossEntropy;
    let decode = |network: &Autoencoder, z| [if is_bernoulli { network.decode_logits(z) } else { network.decode(z) }];
    let [decoded] = evaluator.run_batches(&z, evaluator.code_width(), decode).await?;
    let reconstruction = match evaluator.model.network.output_logvar() {
        Some(logvar) if !is_bernoulli => gaussian_nats(&decoded, inputs, f64::from(read(logvar).await?[0])),
        _ => bernoulli_nats(&decoded, inputs),
    };
    Ok(MeasuredValue::new((kl_divergence_nats(&mu, &logvar) + reconstruction) / evaluator.held_out.len() as f64))
}

/// One sample z of each posterior N(mu, exp(logvar)).
fn sample_posterior(mu: &[f32], logvar: &[f32], seed: u64) -> Vec<f32> {
    let mut rng = generator(seed, Stream::Measure, 2);
    let mut sample = |(mu, logvar): (&f32, &f32)| {
        let epsilon: f32 = rng.sample(StandardNormal);
        mu + (logvar / 2.0).exp() * epsilon
    };
    mu.iter().zip(logvar).map(&mut sample).collect()
}

/// Sum of the KL divergences of the normal distributions N(mu, exp(logvar)) from N(0, 1), in nats (Kingma and Welling
/// 2014, appendix B).
pub fn kl_divergence_nats(mu: &[f32], logvar: &[f32]) -> f64 {
    mu.iter().zip(logvar).map(|(&mu, &logvar)| unit_kl_divergence_nats(mu, logvar)).sum()
}

/// KL divergence of N(mu, exp(logvar)) from N(0, 1), in nats.
pub fn unit_kl_divergence_nats(mu: f32, logvar: f32) -> f64 {
    let (mu, logvar) = (f64::from(mu), f64::from(logvar));
    0.5 * (mu * mu + logvar.exp() - 1.0 - logvar)
}

/// Binary cross-entropy of `targets` under Bernoulli(sigmoid(`logits`)), in nats, summed over values.
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

/// Negative log-likelihood of `targets` under N(mu, exp(logvar)), with one variance for all, in nats, summed over
/// values.
pub fn gaussian_nats(mu: &[f32], targets: &[f32], logvar: f64) -> f64 {
    let squares: f64 = mu.iter().zip(targets).map(|(&mu, &target)| (f64::from(mu) - f64::from(target)).powi(2)).sum();
    0.5 * (mu.len() as f64 * ((2.0 * PI).ln() + logvar) + squares / logvar.exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::reference::reference;

    #[test]
    fn terms_equal_those_of_pytorch() {
        for case in reference().elbos {
            let found = [
                kl_divergence_nats(&case.mu, &case.logvar),
                bernoulli_nats(&case.logits, &case.targets),
                gaussian_nats(&case.logits, &case.targets, case.output_logvar),
            ];
            let expected = [case.kl_divergence, case.bernoulli, case.gaussian];
            for (found, expected) in found.into_iter().zip(expected) {
                assert!((found - expected).abs() < 1e-9 * expected.abs(), "{found} is not {expected}");
            }
        }
    }

    #[test]
    fn the_kl_divergence_of_a_standard_normal_is_0() {
        assert!(kl_divergence_nats(&[0.0; 3], &[0.0; 3]).abs() < 1e-12);
        assert!((unit_kl_divergence_nats(2.0, 0.0) - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_confident_logit_costs_0_if_right_and_its_magnitude_if_wrong() {
        assert!(bernoulli_nats(&[200.0, -200.0], &[1.0, 0.0]) < 1e-12);
        assert!((bernoulli_nats(&[-200.0], &[1.0]) - 200.0).abs() < 1e-9);
        assert!((bernoulli_nats(&[0.0], &[0.3]) - 2.0_f64.ln()).abs() < 1e-12);
    }
}
