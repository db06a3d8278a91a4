//! Starting weights of a run.

use pinhole_protocol::{
    CheckedExperiment, DataSpec, EpochRecord, Experiment, Objective, Reuse, Schedule, TrainingStart,
};

use super::{
    epoch_losses::EpochLosses,
    run_state::{BestWeightsState, LearnerState},
    teacher::Teacher,
    transfer::transfer,
};
use crate::{Compute, EngineError, Model, network::Autoencoder};

/// Starting weights of a run, with the model that they need.
#[derive(Clone, Copy, Debug)]
pub enum Start<'a> {
    /// New weights, drawn from the seed.
    Fresh,
    /// The model's weights; its network must be the experiment's, and its epochs count. A checkpoint continues as if
    /// its run had never stopped.
    Continue(&'a Model),
    /// New weights, except for the parts of the model that are reused.
    Transfer(&'a Model, Reuse),
    /// New weights, trained on this model's reconstructions as targets.
    Distil(&'a Model),
}

impl<'a> Start<'a> {
    /// The start that `start` asks for, with the current model.
    ///
    /// # Errors
    /// When `start` needs a model and there is none.
    pub fn new(start: TrainingStart, model: Option<&'a Model>) -> Result<Self, EngineError> {
        let model = || model.ok_or(EngineError::State("There is no model yet: train one, or open a model file."));
        Ok(match start {
            TrainingStart::Fresh => Self::Fresh,
            TrainingStart::Continue => Self::Continue(model()?),
            TrainingStart::Transfer { reuse } => Self::Transfer(model()?, reuse),
            TrainingStart::Distil => Self::Distil(model()?),
        })
    }

    /// Epochs done before the run.
    pub(super) fn history(self, experiment: &CheckedExperiment) -> Result<Vec<EpochRecord>, EngineError> {
        match self {
            Self::Continue(model) => continued_history(model, experiment),
            Self::Fresh | Self::Transfer(..) | Self::Distil(_) => Ok(Vec::new()),
        }
    }

    /// The network with its starting weights.
    pub(super) fn network(self, experiment: &CheckedExperiment, compute: &Compute) -> Result<Autoencoder, EngineError> {
        let plan = experiment.plan();
        let fresh = || Autoencoder::new(plan, experiment.spec().seed, compute.device());
        match self {
            Self::Continue(model) => Ok(model.network.clone()),
            Self::Transfer(model, reuse) => transfer(fresh(), plan, model, reuse),
            Self::Fresh | Self::Distil(_) => Ok(fresh()),
        }
    }

    /// Learner state to continue with, if the same kind of optimiser left it.
    pub(super) fn learner_state(self, experiment: &CheckedExperiment) -> Option<&'a LearnerState> {
        let Self::Continue(model) = self else { return None };
        let (last, next) = (&model.experiment.spec().schedule, &experiment.spec().schedule);
        let is_same =
            last.optimiser == next.optimiser && last.moving_average.is_some() == next.moving_average.is_some();
        model.run_state.as_ref().filter(|_| is_same).map(|state| &state.learner)
    }

    /// Best epoch to continue with, if its score compares with the scores of this run.
    pub(super) fn best_weights_state(self, experiment: &CheckedExperiment) -> Option<&'a BestWeightsState> {
        let Self::Continue(model) = self else { return None };
        let is_same = scored_by(model.experiment.spec()) == scored_by(experiment.spec());
        model.run_state.as_ref().filter(|_| is_same).map(|state| &state.best_weights)
    }

    /// Steps done in the epoch that is not over, if this run draws the same batches; none without such an epoch.
    pub(super) fn epoch_losses(self, experiment: &CheckedExperiment) -> EpochLosses {
        let Self::Continue(model) = self else { return EpochLosses::default() };
        let is_same = batched_by(model.experiment.spec()) == batched_by(experiment.spec());
        model.run_state.as_ref().filter(|_| is_same).map(|state| state.epoch_losses.clone()).unwrap_or_default()
    }

    /// The teacher, if its reconstructions are the targets.
    pub(super) fn teacher(self, experiment: &CheckedExperiment) -> Result<Option<Teacher>, EngineError> {
        match self {
            Self::Distil(model) => Teacher::new(model, experiment).map(Some),
            Self::Fresh | Self::Continue(_) | Self::Transfer(..) => Ok(None),
        }
    }
}

/// Settings that a score depends on, besides the network.
fn scored_by(experiment: &Experiment) -> (&DataSpec, &Objective, u64, f32) {
    (&experiment.data, &experiment.objective, experiment.seed, experiment.schedule.validation_share)
}

/// Settings that an epoch's batches and their losses depend on.
fn batched_by(experiment: &Experiment) -> impl PartialEq + use<'_> {
    let Schedule { batch_size, accumulated_batches, augmentation, .. } = experiment.schedule;
    (scored_by(experiment), batch_size, accumulated_batches, augmentation)
}

fn continued_history(model: &Model, experiment: &CheckedExperiment) -> Result<Vec<EpochRecord>, EngineError> {
    if model.experiment.plan() != experiment.plan() {
        return Err(EngineError::setting(
            "network",
            "The current model is another network: train a fresh one, or choose the model's own settings.",
        ));
    }
    let epochs = model.history.len();
    if epochs >= experiment.spec().schedule.epochs {
        return Err(EngineError::setting(
            "schedule.epochs",
            format!("This model has been trained for {epochs} epochs already: ask for more epochs to go on."),
        ));
    }
    Ok(model.history.clone())
}
