//! What a run starts from.

use pinhole_protocol::{CheckedExperiment, DataSpec, EpochRecord, Experiment, Objective, Reuse, TrainingStart};

use super::{KeeperState, LearnerState, teacher::Teacher, transfer::transfer};
use crate::{Compute, EngineError, Model, network::Autoencoder};

/// What a run starts from, with the model that it needs.
#[derive(Clone, Copy, Debug)]
pub enum Start<'a> {
    /// New weights from the seed.
    Fresh,
    /// This model, whose network must be the experiment's; its epochs count. A checkpoint goes on as if its run had never
    /// stopped.
    Continue(&'a Model),
    /// New weights, but for those parts of the model that are reused.
    Transfer(&'a Model, Reuse),
    /// New weights, to answer as this model does.
    Distil(&'a Model),
}

impl<'a> Start<'a> {
    /// What `start` asks for, with the model in hand.
    ///
    /// # Errors
    /// When it needs a model and there is none.
    pub fn new(start: TrainingStart, model: Option<&'a Model>) -> Result<Self, EngineError> {
        let model = || model.ok_or(EngineError::State("There is no model yet: train one, or open a model file."));
        Ok(match start {
            TrainingStart::Fresh => Self::Fresh,
            TrainingStart::Continue => Self::Continue(model()?),
            TrainingStart::Transfer { reuse } => Self::Transfer(model()?, reuse),
            TrainingStart::Distil => Self::Distil(model()?),
        })
    }

    /// The epochs that lie behind.
    pub(super) fn history(self, experiment: &CheckedExperiment) -> Result<Vec<EpochRecord>, EngineError> {
        match self {
            Self::Continue(model) => continued_history(model, experiment),
            Self::Fresh | Self::Transfer(..) | Self::Distil(_) => Ok(Vec::new()),
        }
    }

    /// The network with its first weights.
    pub(super) fn network(self, experiment: &CheckedExperiment, compute: &Compute) -> Result<Autoencoder, EngineError> {
        let plan = experiment.plan();
        let fresh = || Autoencoder::new(plan, experiment.spec().seed, compute.device());
        match self {
            Self::Continue(model) => Ok(model.network.clone()),
            Self::Transfer(model, reuse) => transfer(fresh(), plan, model, reuse),
            Self::Fresh | Self::Distil(_) => Ok(fresh()),
        }
    }

    /// What the optimiser goes on with: what the same kind of optimiser left.
    pub(super) fn learner_state(self, experiment: &CheckedExperiment) -> Option<&'a LearnerState> {
        let Self::Continue(model) = self else { return None };
        let (last, next) = (&model.experiment.spec().schedule, &experiment.spec().schedule);
        let is_same =
            last.optimiser == next.optimiser && last.moving_average.is_some() == next.moving_average.is_some();
        model.run_state.as_ref().filter(|_| is_same).map(|state| &state.learner)
    }

    /// What the search for the best epoch goes on with: epochs that were scored in the same way.
    pub(super) fn keeper_state(self, experiment: &CheckedExperiment) -> Option<&'a KeeperState> {
        let Self::Continue(model) = self else { return None };
        let is_same = scored_by(model.experiment.spec()) == scored_by(experiment.spec());
        model.run_state.as_ref().filter(|_| is_same).map(|state| &state.keeper)
    }

    /// Who answers in place of the data.
    pub(super) fn teacher(self, experiment: &CheckedExperiment) -> Result<Option<Teacher>, EngineError> {
        match self {
            Self::Distil(model) => Teacher::new(model, experiment).map(Some),
            Self::Fresh | Self::Continue(_) | Self::Transfer(..) => Ok(None),
        }
    }
}

/// What a score depends on, the network aside.
fn scored_by(experiment: &Experiment) -> (&DataSpec, &Objective, u64, f32) {
    (&experiment.data, &experiment.objective, experiment.seed, experiment.schedule.validation_share)
}

fn continued_history(model: &Model, experiment: &CheckedExperiment) -> Result<Vec<EpochRecord>, EngineError> {
    if model.experiment.plan() != experiment.plan() {
        return Err(EngineError::setting(
            "network",
            "The model in hand is another network: train a fresh one, or choose the model's own settings.",
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
