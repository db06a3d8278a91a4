//! The learner: the network with its optimisers, gradients and losses; one call of `step` is one optimiser step.

#[cfg(test)]
mod tests;

use burn::{
    module::{Module, ModuleMapper, Param, list_param_ids},
    optim::{GradientsAccumulator, GradientsParams, ModuleOptimizer},
    tensor::{GradientCheckpointingStrategy, Tensor},
};
use pinhole_protocol::{CheckedExperiment, NetworkPlan};

use super::{
    discriminator::DiscriminatorLearner,
    gradients::{Clipping, GradientNorms},
    moving_average::MovingAverage,
    optimiser::{OptimiserStates, optimiser},
    param_groups::ParamGroups,
    run_state::LearnerState,
};
use crate::{
    EngineError,
    network::{Autoencoder, Mode, StepRng},
    objective::{self, Batch, Losses, concat, scaled},
};

/// A network with autodiff, and its optimisers.
pub(super) struct Learner {
    /// `None` only within a step: the optimiser consumes the network in order to reuse its buffers.
    network: Option<Autoencoder>,
    optimiser: ModuleOptimizer,
    /// Optimiser state of each tensor, in the plan's order.
    optimiser_states: OptimiserStates,
    param_groups: ParamGroups,
    clipping: Clipping,
    average: Option<MovingAverage>,
    discriminator: Option<DiscriminatorLearner>,
    has_checkpointing: bool,
    /// Gradient of the batches accumulated for the current step.
    gradients: GradientsAccumulator<Autoencoder>,
    losses: Option<Losses>,
    gradient_norms: Option<GradientNorms>,
}

impl Learner {
    pub fn new(network: Autoencoder, experiment: &CheckedExperiment) -> Self {
        let schedule = &experiment.spec().schedule;
        let param_groups = ParamGroups::new(&network, schedule.part_rates);
        let optimiser_states = OptimiserStates::new(list_param_ids(&network));
        let mut learner = Self {
            network: None,
            optimiser: optimiser(schedule, &optimiser_states),
            clipping: Clipping::new(schedule),
            average: schedule.moving_average.map(MovingAverage::new),
            discriminator: DiscriminatorLearner::new(experiment, param_groups.discriminator(), &optimiser_states),
            has_checkpointing: schedule.gradient_checkpointing,
            gradients: GradientsAccumulator::new(),
            losses: None,
            gradient_norms: None,
            optimiser_states,
            param_groups,
        };
        learner.set_weights(network);
        learner
    }

    /// The current network without autodiff: the moving average of the weights, if there is one.
    pub fn snapshot(&self) -> Autoencoder {
        // Not a clone: clones share the running statistics of a batch normalisation with what they were cloned from.
        self.average.as_ref().and_then(MovingAverage::network).unwrap_or_else(|| self.network()).valid()
    }

    /// Replaces the weights and resets the moving average.
    pub fn set_weights(&mut self, network: Autoencoder) {
        let network = self.param_groups.apply_freezing(network);
        self.network = Some(if self.has_checkpointing { network.map(&mut Checkpointing) } else { network });
        self.average.iter_mut().for_each(MovingAverage::reset);
    }

    /// State of the weights and the optimisers.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn state(&self, plan: &NetworkPlan) -> Result<LearnerState, EngineError> {
        let is_averaged = self.average.as_ref().is_some_and(|average| average.network().is_some());
        let latest = if is_averaged { Some(self.network().read_weights(plan).await?) } else { None };
        Ok(LearnerState { latest, optimiser_states: self.optimiser_states.read().await? })
    }

    /// Restores the state of another learner, with whose network this one was created.
    pub fn restore(&mut self, state: &LearnerState, plan: &NetworkPlan) {
        if let Some(latest) = &state.latest {
            let average_weights = self.network().valid();
            self.set_weights(average_weights.clone().load(plan, latest.clone()));
            self.average.iter_mut().for_each(|average| average.restore(average_weights.clone()));
        }
        self.optimiser_states.restore(state.optimiser_states.iter().cloned());
    }

    /// Adds `share` times the gradient of a batch's loss to that of the current step. `progress` is the share of the
    /// run that is done, 0 to 1.
    pub fn accumulate(
        &mut self,
        experiment: &CheckedExperiment,
        batch: &Batch,
        share: f32,
        progress: f32,
        step_rng: &mut StepRng,
    ) {
        let network = self.network.as_ref().expect(PUT_BACK);
        let terms = objective::terms(experiment, network, batch, progress, &mut Mode::Training(step_rng));
        let mut gradients = scaled(terms.total(), share).backward();
        self.gradients.accumulate(
            network,
            GradientsParams::from_params(&mut gradients, network, self.param_groups.autoencoder()),
        );
        let Losses { values, weights } = terms.losses();
        let of_discriminator = self
            .discriminator
            .as_mut()
            .map(|discriminator| discriminator.accumulate(network, terms.code, share, step_rng));
        let values = scaled(concat(std::iter::once(values.inner()).chain(of_discriminator).collect()), share);
        let values = match self.losses.take() {
            Some(accumulated) => accumulated.values + values,
            None => values,
        };
        self.losses = Some(Losses { values, weights });
    }

    /// Takes one optimiser step with the accumulated gradient. Returns the losses before the step: each term and, if
    /// there is one, the discriminator's loss, which is not part of the sum.
    ///
    /// # Panics
    /// When no batch was accumulated.
    pub fn step(&mut self, rate: f64, with_gradient_norms: bool) -> Losses {
        let mut network = self.network.take().expect(PUT_BACK);
        let gradients = self.gradients.grads();
        if with_gradient_norms {
            self.gradient_norms = GradientNorms::measure(&network, &gradients);
        }
        let gradients = self.clipping.apply(&network, gradients);
        network = self.optimiser.step(self.param_groups.learning_rates(rate), network, gradients);
        if let Some(discriminator) = &mut self.discriminator {
            network = discriminator.step(rate, network);
        }
        if let Some(average) = &mut self.average {
            average.update(network.valid());
        }
        self.network = Some(network);
        self.losses.take().expect("a batch was accumulated for the step")
    }

    /// Gradient norms of the last step that was taken `with_gradient_norms`.
    pub const fn gradient_norms(&self) -> Option<&GradientNorms> {
        self.gradient_norms.as_ref()
    }

    fn network(&self) -> &Autoencoder {
        self.network.as_ref().expect(PUT_BACK)
    }
}

const PUT_BACK: &str = "the network is put back at the end of every step";

/// Turns on gradient checkpointing (Chen et al. 2016): the backward pass recomputes activations that are cheap to
/// compute. Burn reads the strategy from the parameters; all other tensors are constants and follow.
struct Checkpointing;

impl ModuleMapper for Checkpointing {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|tensor| tensor.with_gradient_checkpointing_strategy(GradientCheckpointingStrategy::Balanced))
    }
}
