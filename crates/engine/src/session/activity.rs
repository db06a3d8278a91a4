//! A run that the session advances: when what is told of it.

use std::time::Duration;

use pinhole_protocol::{Bytes, Event, TrainingEnd, TrainingPhase};
use web_time::Instant;

use super::preparation::Preparation;
use crate::{
    EngineError, Model,
    training::{Advance, LearningRateFinder, StepLosses, TrainingRun},
};

const FIRST_CHECKPOINT: Duration = Duration::from_secs(1);
const CHECKPOINTS: Duration = Duration::from_secs(5);
const SAMPLES: Duration = Duration::from_secs(1);

/// What the session works at.
pub(super) enum Activity {
    Preparing(Box<Preparation>, Goal),
    Training(Box<ActiveRun>),
    Finding(Box<LearningRateFinder>),
}

/// What images are prepared for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    Train,
    FindLearningRate,
}

/// A run, and when its next pictures and checkpoint are due.
pub(super) struct ActiveRun {
    pub run: TrainingRun,
    /// Whose answers it learns, if it learns another model's.
    pub teacher: Option<Model>,
    name: String,
    samples_at: Instant,
    checkpoint_at: Instant,
}

impl ActiveRun {
    pub fn new(run: TrainingRun, name: String, teacher: Option<Model>) -> Self {
        let now = Instant::now();
        Self { run, teacher, name, samples_at: now + SAMPLES, checkpoint_at: now + FIRST_CHECKPOINT }
    }

    /// One batch, and its news. Answers how the run ended, if it did.
    pub async fn work(&mut self, emit: &impl Fn(Event)) -> Result<Option<TrainingEnd>, EngineError> {
        match self.run.advance().await? {
            Advance::BatchDone { losses } if !losses.is_empty() => {
                emit(Event::Progress(self.run.progress(TrainingPhase::Running, losses)));
            }
            Advance::BatchDone { .. } => {}
            Advance::EpochDone(record) => emit(Event::EpochDone(record)),
            Advance::Warned(warning) => emit(Event::Warning(warning.into())),
            Advance::Ended(end) => return Ok(Some(end)),
        }
        let now = Instant::now();
        if now >= self.samples_at {
            self.show_samples(emit).await?;
            // Counted from the end, so that a slow device is not busy with pictures alone.
            self.samples_at = Instant::now() + SAMPLES;
        }
        if now >= self.checkpoint_at {
            emit(Event::Checkpoint(Bytes(self.last_model().await?.to_checkpoint().await?)));
            self.checkpoint_at = Instant::now() + CHECKPOINTS;
        }
        Ok(None)
    }

    /// One training step; the validation that lies before it, too. Answers how the run ended, if it did.
    pub async fn step(&mut self, emit: &impl Fn(Event)) -> Result<Option<TrainingEnd>, EngineError> {
        let before = self.run.step();
        let mut losses = StepLosses::default();
        while self.run.step() == before {
            match self.run.advance().await? {
                Advance::BatchDone { losses: read } => losses.extend(read),
                Advance::EpochDone(record) => emit(Event::EpochDone(record)),
                Advance::Warned(warning) => emit(Event::Warning(warning.into())),
                Advance::Ended(end) => return Ok(Some(end)),
            }
        }
        losses.extend(self.run.read_losses().await?);
        emit(Event::Progress(self.run.progress(TrainingPhase::Paused, losses)));
        self.show_samples(emit).await?;
        Ok(None)
    }

    /// Tells of everything up to the pause.
    pub async fn tell_paused(&mut self, emit: &impl Fn(Event)) -> Result<(), EngineError> {
        let losses = self.run.read_losses().await?;
        emit(Event::Progress(self.run.progress(TrainingPhase::Paused, losses)));
        Ok(())
    }

    /// The model as it is now; after the end, that of the best epoch.
    pub fn model(&self) -> Model {
        self.run.model(self.name.clone())
    }

    /// The pictures of the end, and the model of the last step.
    pub async fn finish(&self, emit: &impl Fn(Event)) -> Result<Model, EngineError> {
        self.show_samples(emit).await?;
        self.last_model().await
    }

    async fn last_model(&self) -> Result<Model, EngineError> {
        self.run.last_model(self.name.clone()).await
    }

    async fn show_samples(&self, emit: &impl Fn(Event)) -> Result<(), EngineError> {
        emit(Event::Samples(self.run.preview().await?));
        Ok(())
    }
}
