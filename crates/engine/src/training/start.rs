//! What a run starts from.

use pinhole_protocol::{CheckedExperiment, EpochRecord, Reuse, TrainingStart};

use super::{teacher::Teacher, transfer::transfer};
use crate::{Compute, EngineError, Model, network::Autoencoder};

/// What a run starts from, with the model that it needs.
#[derive(Clone, Copy, Debug)]
pub enum Start<'a> {
    /// New weights from the seed.
    Fresh,
    /// This model, whose network must be the experiment's; its epochs count.
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

    /// Who answers in place of the data.
    pub(super) fn teacher(self, experiment: &CheckedExperiment) -> Result<Option<Teacher>, EngineError> {
        match self {
            Self::Distil(model) => Teacher::new(model, experiment).map(Some),
            Self::Fresh | Self::Continue(_) | Self::Transfer(..) => Ok(None),
        }
    }
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
