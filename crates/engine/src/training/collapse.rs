//! Codes that have stopped saying anything, found at the end of an epoch and told once.

use std::collections::HashMap;

use burn::tensor::Tensor;

use crate::{
    EngineError,
    measure::{perplexity, unit_kl_divergence_nats},
    network::{Autoencoder, Latent, Mode},
    read_back::read,
};

/// Units below it say less about a sample than a hundredth of a nat (Burda et al. 2016 call them inactive).
const LEAST_DIVERGENCE: f64 = 0.01;
/// A codebook of which less is used has lost its meaning; a perplexity of 1 is a single vector.
const LEAST_USED_SHARE: f64 = 0.05;
const LEAST_PERPLEXITY: f64 = 2.0;
/// Priors have deviations of about 1 (of the ring: 0.7).
const LEAST_DEVIATION: f32 = 0.01;
/// A discriminator that guesses costs itself ln 2 = 0.69 nats; one this sure gives the encoder no gradient to follow.
const LEAST_DISCRIMINATOR_LOSS: f32 = 0.02;

/// A way to collapse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Collapse {
    /// A variational code is its prior, whatever the sample.
    Posterior,
    /// One codebook vector, or nearly, stands for everything.
    Codebook,
    /// An adversarial code is the same for every sample.
    Codes,
    /// The discriminator is never wrong.
    Discriminator,
}

impl Collapse {
    /// What happened and what to do about it.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Posterior => {
                "The code has collapsed onto its prior: it says nothing about its sample any more, and the decoder answers \
                 all of them alike. Lower beta, or warm it up over a third of the steps."
            }
            Self::Codebook => {
                "The codebook has collapsed: hardly any of its vectors is used. Make it smaller, lower the learning rate, \
                 or raise the commitment's weight."
            }
            Self::Codes => {
                "The codes have collapsed into one point: the encoder says the same of every sample. Lower the weight of \
                 fooling the discriminator, or the learning rate."
            }
            Self::Discriminator => {
                "The discriminator tells codes from the prior without fail, so the encoder cannot learn from it. Make it \
                 smaller, raise the weight of fooling it, or lower the learning rate."
            }
        }
    }
}

/// Looks at the codes of the same few samples after every epoch.
pub(super) struct CollapseWatch {
    /// [samples, values].
    probe: Tensor<2>,
    told: Vec<Collapse>,
}

impl CollapseWatch {
    pub const fn new(probe: Tensor<2>) -> Self {
        Self { probe, told: Vec::new() }
    }

    /// What has collapsed and was not told yet. `discriminator_loss` is the epoch's mean, if there is one.
    pub async fn look(
        &mut self,
        network: &Autoencoder,
        discriminator_loss: Option<f32>,
    ) -> Result<Vec<Collapse>, EngineError> {
        let mut found = self.codes(network, discriminator_loss.is_some()).await?;
        found.extend(
            discriminator_loss.filter(|loss| *loss < LEAST_DISCRIMINATOR_LOSS).map(|_| Collapse::Discriminator),
        );
        found.retain(|collapse| !self.told.contains(collapse));
        self.told.extend(&found);
        Ok(found)
    }

    async fn codes(&self, network: &Autoencoder, is_adversarial: bool) -> Result<Vec<Collapse>, EngineError> {
        let passage = network.forward_with_mode(self.probe.clone(), &mut Mode::Inference);
        let collapse = match passage.latent {
            Latent::Gaussian { mu: mean, logvar: log_variance } => {
                let [_, units] = mean.dims();
                let [mean, log_variance] = [read(mean).await?, read(log_variance).await?];
                posterior(&mean, &log_variance, units).then_some(Collapse::Posterior)
            }
            Latent::Quantised { z_q: chosen, .. } => {
                let codes = network.bottleneck().codebook().map_or(1, |codebook| codebook.dims()[0]);
                let [_, dimension] = chosen.dims();
                codebook(&read(chosen).await?, dimension, codes).then_some(Collapse::Codebook)
            }
            Latent::Plain if is_adversarial => {
                let deviations = read(passage.code.var(0).sqrt()).await?;
                deviations.iter().all(|deviation| *deviation < LEAST_DEVIATION).then_some(Collapse::Codes)
            }
            Latent::Plain => None,
        };
        Ok(collapse.into_iter().collect())
    }
}

/// Rows of `units` means and logarithms of variances.
fn posterior(means: &[f32], log_variances: &[f32], units: usize) -> bool {
    let samples = (means.len() / units) as f64;
    let divergence = |unit: usize| {
        let of_unit = means.iter().zip(log_variances).skip(unit).step_by(units);
        of_unit.map(|(&mean, &log_variance)| unit_kl_divergence_nats(mean, log_variance)).sum::<f64>() / samples
    };
    (0..units).all(|unit| divergence(unit) < LEAST_DIVERGENCE)
}

/// `chosen` are the vectors that replaced the samples' own, one after the other, of a codebook of `codes`.
fn codebook(chosen: &[f32], dimension: usize, codes: usize) -> bool {
    let mut uses: HashMap<Vec<u32>, u32> = HashMap::new();
    for vector in chosen.chunks_exact(dimension) {
        *uses.entry(vector.iter().map(|value| value.to_bits()).collect()).or_default() += 1;
    }
    let used_share = uses.len() as f64 / codes as f64;
    let uses: Vec<u32> = uses.into_values().collect();
    codes > 1 && (perplexity(&uses) < LEAST_PERPLEXITY || used_share < LEAST_USED_SHARE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_posterior_has_collapsed_when_no_unit_says_anything() {
        assert!(posterior(&[0.05, 0.0, -0.05, 0.0], &[0.0; 4], 2));
        assert!(!posterior(&[0.05, 1.0, -0.05, -1.0], &[0.0, -2.0, 0.0, -2.0], 2), "the second unit is alive");
        assert!(!posterior(&[1.0, 0.05, -1.0, -0.05], &[-2.0, 0.0, -2.0, 0.0], 2), "the first unit is alive");
    }

    #[test]
    fn a_codebook_has_collapsed_when_hardly_any_of_it_is_used() {
        let of = |uses: &[usize], codes| {
            let chosen: Vec<f32> =
                uses.iter().enumerate().flat_map(|(index, &uses)| vec![index as f32; 2 * uses]).collect();
            codebook(&chosen, 2, codes)
        };
        assert!(of(&[100], 64));
        assert!(of(&[98, 1, 1], 16), "the perplexity is 1.1");
        assert!(of(&[30, 30, 30], 64), "5 % of 64 vectors are more than 3");
        assert!(!of(&[30, 30, 30], 16));
        assert!(!of(&[100], 1), "there is no other");
    }
}
