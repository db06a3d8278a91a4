//! Models of a training run: the current one, the best and the last.

use std::rc::Rc;

use super::TrainingRun;
use crate::{
    EngineError, Model,
    network::Autoencoder,
    training::{
        epoch_losses::EpochLosses,
        run_state::{BestWeightsState, MAX_WEIGHTS, RunState},
    },
};

impl TrainingRun {
    /// The current model; after the end of the run, that of the best epoch.
    pub fn model(&self, name: String) -> Model {
        self.model_of(self.network(), name)
    }

    /// The run's result.
    pub fn into_model(self, name: String) -> Model {
        self.model(name)
    }

    /// The model of the last step, with the state that resuming the run needs.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn last_model(&self, name: String) -> Result<Model, EngineError> {
        let run_state = self.state().await?.map(Rc::new);
        Ok(Model { run_state, ..self.model_of(self.stepper.learner.snapshot(), name) })
    }

    /// Number of the best epoch, from 1, if its weights are not those of the last step; `None` before the first epoch
    /// is over.
    pub fn earlier_best_epoch(&self) -> Option<usize> {
        let best = self.best_weights.best()?.epoch;
        (best < self.history.len() || self.is_within_epoch()).then_some(best)
    }

    /// True if steps were taken since the end of the last epoch.
    pub fn is_within_epoch(&self) -> bool {
        self.step() > self.history.len() * self.stepper.steps_per_epoch()
    }

    /// True if the losses of all steps were read and no step is half done: the state is then that of the last step, and
    /// a run that takes it up goes on within the epoch.
    fn has_read_losses(&self) -> bool {
        let steps = self.step() - self.history.len() * self.stepper.steps_per_epoch();
        self.epoch_losses.steps == steps && self.stepper.is_between_steps()
    }

    /// State that resuming the run needs; `None` if it is too large to be stored or holds non-finite values.
    async fn state(&self) -> Result<Option<RunState>, EngineError> {
        let plan = self.experiment().plan();
        if plan.parameters() > MAX_WEIGHTS {
            return Ok(None);
        }
        // No file holds the teacher, and without it a student's epochs are scored by another target.
        let best_weights = if self.stepper.has_teacher() {
            BestWeightsState::default()
        } else {
            self.best_weights.state(plan).await?
        };
        let epoch_losses = if self.has_read_losses() { self.epoch_losses.clone() } else { EpochLosses::default() };
        let state = RunState { learner: self.stepper.learner.state(plan).await?, best_weights, epoch_losses };
        Ok(state.is_finite().then_some(state))
    }

    /// The current network; after the end of the run, that of the best epoch.
    pub(super) fn network(&self) -> Autoencoder {
        let best = self.best_weights.best().filter(|_| self.end.is_some());
        best.map_or_else(|| self.stepper.learner.snapshot(), |best| best.network.clone())
    }

    fn model_of(&self, network: Autoencoder, name: String) -> Model {
        Model {
            name,
            network,
            experiment: self.experiment().clone(),
            history: self.history.clone(),
            run_state: None,
            compute: self.compute.clone(),
        }
    }
}
