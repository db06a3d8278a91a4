//! The other player of an adversarial autoencoder: the discriminator's own steps (Makhzani et al. 2016).

use burn::{
    module::ParamId,
    optim::{GradientsAccumulator, GradientsParams, ModuleOptimizer},
    tensor::Tensor,
};
use pinhole_protocol::{BottleneckPlan, CheckedExperiment, Prior};

use super::optimiser::{Memories, optimiser};
use crate::{
    network::{Autoencoder, StepRng},
    objective::{discriminator_loss, sample_prior},
};

/// Learns to tell codes from draws of the prior. Its gradients never reach the autoencoder, and the autoencoder's never
/// reach it.
pub(super) struct Adversary {
    prior: Prior,
    parameters: Vec<ParamId>,
    optimiser: ModuleOptimizer,
    gradients: GradientsAccumulator<Autoencoder>,
}

impl Adversary {
    /// `parameters` are the discriminator's, whose memories are among those. `None` if the code has no adversary.
    pub fn new(experiment: &CheckedExperiment, parameters: &[ParamId], memories: &Memories) -> Option<Self> {
        let BottleneckPlan::Adversarial { prior } = experiment.plan().bottleneck else { return None };
        Some(Self {
            prior,
            parameters: parameters.to_vec(),
            optimiser: optimiser(&experiment.spec().schedule, memories),
            gradients: GradientsAccumulator::new(),
        })
    }

    /// Adds a share of the gradient on these codes to that of the step under way. Answers the loss, [1].
    pub fn gather(&mut self, network: &Autoencoder, codes: Tensor<2>, share: f32, chance: &mut StepRng) -> Tensor<1> {
        let codes = codes.detach();
        let drawn = sample_prior(self.prior, codes.dims(), chance, &codes.device());
        let loss = discriminator_loss(network.discriminate(drawn), network.discriminate(codes));
        let mut gradients = loss.clone().mul_scalar(share).backward();
        self.gradients.accumulate(network, GradientsParams::from_params(&mut gradients, network, &self.parameters));
        loss.inner()
    }

    /// Takes the step.
    pub fn step(&mut self, rate: f64, network: Autoencoder) -> Autoencoder {
        let gradients = self.gradients.grads();
        self.optimiser.step(rate, network, gradients)
    }
}
