//! Detection of collapsed codes at the end of an epoch; each kind is reported once.

use std::collections::HashMap;

use burn::tensor::Tensor;

use crate::{
    EngineError,
    measure::{perplexity, unit_kl_divergence_nats},
    network::{Autoencoder, Latent, Mode},
    read_back::read,
};

/// Nats of KL divergence below which a unit of a variational code is inactive (Burda et al. 2016).
const MIN_DIVERGENCE: f64 = 0.01;
/// A codebook has collapsed if a smaller share of its vectors is used, or their perplexity is lower; at perplexity 1 a
/// single vector is used.
const MIN_USED_SHARE: f64 = 0.05;
const MIN_PERPLEXITY: f64 = 2.0;
/// Standard deviation below which a code's unit is constant; priors have about 1 (the ring: 0.7).
const MIN_STD_DEVIATION: f32 = 0.01;
/// Loss below which the discriminator gives the encoder no gradient. At chance it is ln 2 = 0.69 nats.
const MIN_DISCRIMINATOR_LOSS: f32 = 0.02;

/// Kinds of collapse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Collapse {
    /// Posterior collapse: a variational code equals its prior for every sample.
    Posterior,
    /// Nearly all samples use the same vector of the codebook.
    Codebook,
    /// An adversarial code is the same for every sample.
    Codes,
    /// The discriminator separates codes and prior without error.
    Discriminator,
}

impl Collapse {
    /// Sentences that say what happened and what to do about it.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Posterior => {
                "The code has collapsed onto its prior: it is the same for every sample, and so is the reconstruction. Lower \
                 beta, or warm it up over a third of the steps."
            }
            Self::Codebook => {
                "The codebook has collapsed: hardly any of its vectors is used. Make it smaller, lower the learning rate, \
                 or raise the commitment's weight."
            }
            Self::Codes => {
                "The codes have collapsed into one point: the encoder gives every sample the same code. Lower the weight of \
                 the adversarial loss, or the learning rate."
            }
            Self::Discriminator => {
                "The discriminator tells codes from the prior without error, so the encoder cannot learn from it. Make it \
                 smaller, raise the weight of the adversarial loss, or lower the learning rate."
            }
        }
    }
}

/// Checks the codes of the same few samples after every epoch.
pub(super) struct CollapseMonitor {
    /// Samples whose codes are checked, [samples, values].
    probe: Tensor<2>,
    reported: Vec<Collapse>,
}

impl CollapseMonitor {
    pub const fn new(probe: Tensor<2>) -> Self {
        Self { probe, reported: Vec::new() }
    }

    /// Kinds of collapse that were not reported before. `discriminator_loss` is the epoch's mean, if there is a
    /// discriminator.
    pub async fn check(
        &mut self,
        network: &Autoencoder,
        discriminator_loss: Option<f32>,
    ) -> Result<Vec<Collapse>, EngineError> {
        let mut found = self.check_codes(network, discriminator_loss.is_some()).await?;
        found.extend(discriminator_loss.filter(|loss| *loss < MIN_DISCRIMINATOR_LOSS).map(|_| Collapse::Discriminator));
        found.retain(|collapse| !self.reported.contains(collapse));
        self.reported.extend(&found);
        Ok(found)
    }

    async fn check_codes(&self, network: &Autoencoder, is_adversarial: bool) -> Result<Vec<Collapse>, EngineError> {
        let forward = network.forward_with_mode(self.probe.clone(), &mut Mode::Inference);
        let collapse = match forward.latent {
            Latent::Gaussian { mu, logvar } => {
                let [_, units] = mu.dims();
                let [mu, logvar] = [read(mu).await?, read(logvar).await?];
                is_posterior_collapsed(&mu, &logvar, units).then_some(Collapse::Posterior)
            }
            Latent::Quantised { z_q, .. } => {
                let codes = network.bottleneck().codebook().map_or(1, |codebook| codebook.dims()[0]);
                let [_, dimension] = z_q.dims();
                is_codebook_collapsed(&read(z_q).await?, dimension, codes).then_some(Collapse::Codebook)
            }
            Latent::Plain if is_adversarial => {
                let deviations = read(forward.code.var(0).sqrt()).await?;
                deviations.iter().all(|deviation| *deviation < MIN_STD_DEVIATION).then_some(Collapse::Codes)
            }
            Latent::Plain => None,
        };
        Ok(collapse.into_iter().collect())
    }
}

/// True if every unit is inactive. `mu` and `logvar` are [samples, units].
fn is_posterior_collapsed(mu: &[f32], logvar: &[f32], units: usize) -> bool {
    let samples = (mu.len() / units) as f64;
    let mean_divergence = |unit: usize| {
        let of_unit = mu.iter().zip(logvar).skip(unit).step_by(units);
        of_unit.map(|(&mu, &logvar)| unit_kl_divergence_nats(mu, logvar)).sum::<f64>() / samples
    };
    (0..units).all(|unit| mean_divergence(unit) < MIN_DIVERGENCE)
}

/// True if hardly any of a codebook's vectors is used. `z_q` holds the vector that quantised each sample, [samples,
/// dimension], of a codebook of `codes` vectors.
fn is_codebook_collapsed(z_q: &[f32], dimension: usize, codes: usize) -> bool {
    let mut uses: HashMap<Vec<u32>, u32> = HashMap::new();
    for vector in z_q.chunks_exact(dimension) {
        *uses.entry(vector.iter().map(|value| value.to_bits()).collect()).or_default() += 1;
    }
    let used_share = uses.len() as f64 / codes as f64;
    let uses: Vec<u32> = uses.into_values().collect();
    codes > 1 && (perplexity(&uses) < MIN_PERPLEXITY || used_share < MIN_USED_SHARE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_posterior_has_collapsed_when_every_unit_is_inactive() {
        assert!(is_posterior_collapsed(&[0.05, 0.0, -0.05, 0.0], &[0.0; 4], 2));
        assert!(
            !is_posterior_collapsed(&[0.05, 1.0, -0.05, -1.0], &[0.0, -2.0, 0.0, -2.0], 2),
            "the second unit is alive"
        );
        assert!(
            !is_posterior_collapsed(&[1.0, 0.05, -1.0, -0.05], &[-2.0, 0.0, -2.0, 0.0], 2),
            "the first unit is alive"
        );
    }

    #[test]
    fn a_codebook_has_collapsed_when_hardly_any_of_it_is_used() {
        let of = |uses: &[usize], codes| {
            let chosen: Vec<f32> =
                uses.iter().enumerate().flat_map(|(index, &uses)| vec![index as f32; 2 * uses]).collect();
            is_codebook_collapsed(&chosen, 2, codes)
        };
        assert!(of(&[100], 64));
        assert!(of(&[98, 1, 1], 16), "the perplexity is 1.1");
        assert!(of(&[30, 30, 30], 64), "5 % of 64 vectors are more than 3");
        assert!(!of(&[30, 30, 30], 16));
        assert!(!of(&[100], 1), "there is no other");
    }
}
