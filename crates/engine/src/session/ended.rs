//! What a finished run leaves to choose from: the best epoch's network and the last.

use pinhole_protocol::{Bytes, Event, RunModel, RunModels};

use super::{
    activity::ActiveRun,
    state::{BUSY, Session},
};
use crate::{EngineError, Model, training::ShownSamples};

const NO_CHOICE: EngineError = EngineError::State(
    "There is no other network to take: only a run that has just ended, and whose best epoch was not its last, leaves two.",
);

/// Both networks, and how they are shown.
pub(super) struct Ended {
    best: Model,
    last: Model,
    models: RunModels,
    samples: ShownSamples,
}

impl Ended {
    /// What `active` leaves; `None` if its best epoch is its last, so that `last` is all there is.
    pub fn of(active: &ActiveRun, last: &Model) -> Option<Self> {
        let best_epoch = active.run.better_epoch()?;
        let models = RunModels {
            best_epoch,
            last_epoch: last.history().len(),
            has_more_steps: active.run.is_within_epoch(),
            current: RunModel::Best,
        };
        let samples = active.run.shown_samples().clone();
        Some(Self { best: active.model(), last: last.clone(), models, samples })
    }

    /// What there is to choose, and what is chosen.
    pub const fn models(&self) -> RunModels {
        self.models
    }

    /// The chosen one.
    pub const fn model(&self) -> &Model {
        match self.models.current {
            RunModel::Best => &self.best,
            RunModel::Last => &self.last,
        }
    }
}

impl<E: Fn(Event), P: AsyncFn()> Session<E, P> {
    /// Takes one of the two networks in hand.
    pub(super) async fn take_run_model(&mut self, which: RunModel) -> Result<(), EngineError> {
        if self.activity.is_some() {
            return Err(BUSY);
        }
        let compute = self.compute()?.clone();
        let ended = self.ended.as_mut().ok_or(NO_CHOICE)?;
        ended.models.current = which;
        let (models, model) = (ended.models, ended.model().clone());
        let grid = ended.samples.show(model.network(), &compute).await?;
        self.tell(Event::RunModels(models));
        self.tell(Event::Samples(grid));
        self.tell(Event::Checkpoint(Bytes(model.to_checkpoint().await?)));
        self.model = Some(model);
        self.measure(&[]).await
    }
}
