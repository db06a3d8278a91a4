//! What learns: the network, its optimiser, and whoever plays against it.

#[cfg(test)]
mod tests;

use burn::{
    module::{Module, ModuleMapper, Param, list_param_ids},
    optim::{GradientsAccumulator, GradientsParams, ModuleOptimizer},
    tensor::{GradientCheckpointingStrategy, Tensor},
};
use pinhole_protocol::{CheckedExperiment, NetworkPlan};

use super::{
    adversary::Adversary,
    gradients::{Clipping, GradientSizes},
    moving_average::MovingAverage,
    optimiser::{Memories, optimiser},
    parts::Parts,
    run_state::LearnerState,
};
use crate::{
    EngineError,
    network::{Autoencoder, Mode, StepRng},
    objective::{self, Batch, Losses, concat, scaled},
};

/// A network with autodiff, and what its optimiser remembers.
pub(super) struct Learner {
    /// `None` only within a step: the optimiser consumes the network, so that it can reuse its buffers.
    network: Option<Autoencoder>,
    optimiser: ModuleOptimizer,
    /// Of all tensors, as the plan lists them.
    memories: Memories,
    parts: Parts,
    clipping: Clipping,
    average: Option<MovingAverage>,
    adversary: Option<Adversary>,
    has_checkpointing: bool,
    /// Of the batches gathered for the step under way.
    gradients: GradientsAccumulator<Autoencoder>,
    losses: Option<Losses>,
    sizes: Option<GradientSizes>,
}

impl Learner {
    pub fn new(network: Autoencoder, experiment: &CheckedExperiment) -> Self {
        let schedule = &experiment.spec().schedule;
        let parts = Parts::new(&network, schedule.part_rates);
        let memories = Memories::new(list_param_ids(&network));
        let mut learner = Self {
            network: None,
            optimiser: optimiser(schedule, &memories),
            clipping: Clipping::new(schedule),
            average: schedule.moving_average.map(MovingAverage::new),
            adversary: Adversary::new(experiment, parts.discriminator(), &memories),
            has_checkpointing: schedule.gradient_checkpointing,
            gradients: GradientsAccumulator::new(),
            losses: None,
            sizes: None,
            memories,
            parts,
        };
        learner.restore(network);
        learner
    }

    /// The network as it is now, without autodiff: the moving average, where there is one.
    pub fn snapshot(&self) -> Autoencoder {
        // Not a clone: clones share the running statistics of a batch normalisation with what they were cloned from.
        self.average.as_ref().and_then(MovingAverage::network).unwrap_or_else(|| self.network()).valid()
    }

    /// Takes these weights instead.
    pub fn restore(&mut self, network: Autoencoder) {
        let network = self.parts.awaken(network);
        self.network = Some(if self.has_checkpointing { network.map(&mut Checkpointing) } else { network });
        self.average.iter_mut().for_each(MovingAverage::reset);
    }

    /// Where it stands.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn state(&self, plan: &NetworkPlan) -> Result<LearnerState, EngineError> {
        let is_averaged = self.average.as_ref().is_some_and(|average| average.network().is_some());
        let latest = if is_averaged { Some(self.network().read_weights(plan).await?) } else { None };
        Ok(LearnerState { latest, memories: self.memories.read().await? })
    }

    /// Takes up what another learner left, whose network this one has begun with.
    pub fn resume(&mut self, state: &LearnerState, plan: &NetworkPlan) {
        if let Some(latest) = &state.latest {
            let mean = self.network().valid();
            self.restore(mean.clone().load(plan, latest.clone()));
            self.average.iter_mut().for_each(|average| average.resume(mean.clone()));
        }
        self.memories.recall(state.memories.iter().cloned());
    }

    /// Adds the gradient on a batch, times `share`, to that of the step under way. `progress` is the share of the run
    /// that lies behind.
    pub fn gather(
        &mut self,
        experiment: &CheckedExperiment,
        batch: &Batch,
        share: f32,
        progress: f32,
        chance: &mut StepRng,
    ) {
        let network = self.network.as_ref().expect(PUT_BACK);
        let terms = objective::terms(experiment, network, batch, progress, &mut Mode::Training(chance));
        let mut gradients = scaled(terms.total(), share).backward();
        self.gradients
            .accumulate(network, GradientsParams::from_params(&mut gradients, network, self.parts.autoencoder()));
        let Losses { values, weights } = terms.losses();
        let of_adversary =
            self.adversary.as_mut().map(|adversary| adversary.gather(network, terms.code, share, chance));
        let values = scaled(concat(std::iter::once(values.inner()).chain(of_adversary).collect()), share);
        let values = match self.losses.take() {
            Some(before) => before.values + values,
            None => values,
        };
        self.losses = Some(Losses { values, weights });
    }

    /// One step against what was gathered. Answers the losses before it: each term, and the discriminator's if there is
    /// one, which is not part of the sum.
    ///
    /// # Panics
    /// When nothing was gathered.
    pub fn step(&mut self, rate: f64, with_sizes: bool) -> Losses {
        let mut network = self.network.take().expect(PUT_BACK);
        let gradients = self.gradients.grads();
        if with_sizes {
            self.sizes = GradientSizes::measure(&network, &gradients);
        }
        let gradients = self.clipping.apply(&network, gradients);
        network = self.optimiser.step(self.parts.learning_rates(rate), network, gradients);
        if let Some(adversary) = &mut self.adversary {
            network = adversary.step(rate, network);
        }
        if let Some(average) = &mut self.average {
            average.update(network.valid());
        }
        self.network = Some(network);
        self.losses.take().expect("a batch was gathered for the step")
    }

    /// How long the gradient was, at the last step that was taken `with_sizes`.
    pub const fn sizes(&self) -> Option<&GradientSizes> {
        self.sizes.as_ref()
    }

    fn network(&self) -> &Autoencoder {
        self.network.as_ref().expect(PUT_BACK)
    }
}

const PUT_BACK: &str = "the network is put back at the end of every step";

/// Lets the backward pass recompute what is cheap to (Chen et al. 2016). Burn reads the strategy off the parameters; the
/// other tensors are constants to it and follow.
struct Checkpointing;

impl ModuleMapper for Checkpointing {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|tensor| tensor.with_gradient_checkpointing_strategy(GradientCheckpointingStrategy::Balanced))
    }
}
