//! Training of an adversarial autoencoder's discriminator D (Makhzani et al. 2016).
//!
//! Per step it minimises L_D = -(E[log D(z')] + E[log(1 - D(z))]) / 2 over draws z' of the prior and the codes z of the
//! batch, which are detached.

use burn::{
    module::ParamId,
    optim::{GradientsAccumulator, GradientsParams, ModuleOptimizer},
    tensor::Tensor,
};
use pinhole_protocol::{BottleneckPlan, CheckedExperiment, Prior};

use super::optimiser::{OptimiserStates, optimiser};
use crate::{
    network::{Autoencoder, StepRng},
    objective::{discriminator_loss, sample_prior},
};

/// The discriminator's optimiser and accumulated gradient. Its gradient never reaches the autoencoder, nor the
/// autoencoder's the discriminator.
pub(super) struct DiscriminatorLearner {
    prior: Prior,
    parameters: Vec<ParamId>,
    optimiser: ModuleOptimizer,
    gradients: GradientsAccumulator<Autoencoder>,
}

impl DiscriminatorLearner {
    /// `parameters` are the discriminator's, whose optimiser states are among `optimiser_states`. `None` if the
    /// bottleneck is not adversarial.
    pub fn new(
        experiment: &CheckedExperiment,
        parameters: &[ParamId],
        optimiser_states: &OptimiserStates,
    ) -> Option<Self> {
        let BottleneckPlan::Adversarial { prior } = experiment.plan().bottleneck else { return None };
        Some(Self {
            prior,
            parameters: parameters.to_vec(),
            optimiser: optimiser(&experiment.spec().schedule, optimiser_states),
            gradients: GradientsAccumulator::new(),
        })
    }

    /// Adds `share` times the gradient of L_D on these codes to that of the current step. Returns L_D, `[1]`.
    pub fn accumulate(
        &mut self,
        network: &Autoencoder,
        codes: Tensor<2>,
        share: f32,
        step_rng: &mut StepRng,
    ) -> Tensor<1> {
        let codes = codes.detach();
        let drawn = sample_prior(self.prior, codes.dims(), step_rng, &codes.device());
        let loss = discriminator_loss(network.discriminate(drawn), network.discriminate(codes));
        let mut gradients = loss.clone().mul_scalar(share).backward();
        self.gradients.accumulate(network, GradientsParams::from_params(&mut gradients, network, &self.parameters));
        loss.inner()
    }

    /// Takes one optimiser step with the accumulated gradient.
    pub fn step(&mut self, rate: f64, network: Autoencoder) -> Autoencoder {
        let gradients = self.gradients.grads();
        self.optimiser.step(rate, network, gradients)
    }
}
