//! The session's activity, and the times at which a run's samples and checkpoints are emitted.

use std::time::Duration;

use pinhole_protocol::{Bytes, Event, TrainingEnd, TrainingPhase};
use tracing::debug;
use web_time::Instant;

use super::preparation::SamplePreparation;
use crate::{
    EngineError, Model,
    latent::RunSamples,
    training::{LearningRateFinder, RunAdvance, StepLosses, TrainingRun},
};

const FIRST_CHECKPOINT_AFTER: Duration = Duration::from_secs(1);
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(3);
/// Time of training per time of writing checkpoints: they cost less than 2 %, however large the network is.
const TRAINING_PER_CHECKPOINT: u32 = 50;
const PREVIEW_INTERVAL: Duration = Duration::from_secs(1);

/// Long-running work of the session.
pub(super) enum Activity {
    Preparing(Box<SamplePreparation>, Goal),
    Training(Box<ActiveRun>),
    FindingLearningRate(Box<LearningRateFinder>),
}

/// Activity that follows the preparation of samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    Train,
    FindLearningRate,
}

/// A run, with the times of its next preview and checkpoint.
pub(super) struct ActiveRun {
    pub run: TrainingRun,
    /// The teacher, if the run distils another model.
    pub teacher: Option<Model>,
    /// All samples, with those that the run trains on.
    pub samples: RunSamples,
    name: String,
    preview_at: Instant,
    checkpoint_at: Instant,
}

impl ActiveRun {
    pub fn new(run: TrainingRun, samples: RunSamples, name: String, teacher: Option<Model>) -> Self {
        let now = Instant::now();
        Self {
            run,
            teacher,
            samples,
            name,
            preview_at: now + PREVIEW_INTERVAL,
            checkpoint_at: now + FIRST_CHECKPOINT_AFTER,
        }
    }

    /// Processes one batch and emits its events. Returns the end of the run, if it has ended.
    pub async fn work(&mut self, emit: &impl Fn(Event)) -> Result<Option<TrainingEnd>, EngineError> {
        match self.run.advance().await? {
            RunAdvance::BatchDone { losses } if !losses.is_empty() => {
                emit(Event::Progress(self.run.progress(TrainingPhase::Running, losses)));
            }
            RunAdvance::BatchDone { .. } => {}
            RunAdvance::EpochDone(record) => emit(Event::EpochDone(record)),
            RunAdvance::Warned(warning) => emit(Event::Warning(warning.into())),
            RunAdvance::Ended(end) => return Ok(Some(end)),
        }
        let now = Instant::now();
        if now >= self.preview_at {
            self.emit_preview(emit).await?;
            // Counted from the preview's end, so that a slow device still spends most of its time on training.
            self.preview_at = Instant::now() + PREVIEW_INTERVAL;
        }
        if now >= self.checkpoint_at && self.run.is_between_steps() {
            self.emit_checkpoint(TrainingPhase::Running, emit).await?;
        }
        Ok(None)
    }

    /// Makes the next checkpoint due at the end of the current step.
    pub fn hasten_checkpoint(&mut self) {
        self.checkpoint_at = Instant::now();
    }

    /// Takes one training step, after the validation before it if that is due. Returns the end of the run, if it has ended.
    pub async fn step(&mut self, emit: &impl Fn(Event)) -> Result<Option<TrainingEnd>, EngineError> {
        let before = self.run.step();
        let mut losses = StepLosses::default();
        while self.run.step() == before {
            match self.run.advance().await? {
                RunAdvance::BatchDone { losses: read } => losses.extend(read),
                RunAdvance::EpochDone(record) => emit(Event::EpochDone(record)),
                RunAdvance::Warned(warning) => emit(Event::Warning(warning.into())),
                RunAdvance::Ended(end) => return Ok(Some(end)),
            }
        }
        losses.extend(self.run.read_losses().await?);
        emit(Event::Progress(self.run.progress(TrainingPhase::Paused, losses)));
        self.emit_preview(emit).await?;
        Ok(None)
    }

    /// Emits the progress up to the pause, and a checkpoint.
    pub async fn emit_paused(&mut self, emit: &impl Fn(Event)) -> Result<(), EngineError> {
        let losses = self.run.read_losses().await?;
        emit(Event::Progress(self.run.progress(TrainingPhase::Paused, losses)));
        self.emit_checkpoint(TrainingPhase::Paused, emit).await
    }

    /// Emits the losses that were not read yet.
    pub async fn emit_losses(&mut self, phase: TrainingPhase, emit: &impl Fn(Event)) -> Result<(), EngineError> {
        let losses = self.run.read_losses().await?;
        if !losses.is_empty() {
            emit(Event::Progress(self.run.progress(phase, losses)));
        }
        Ok(())
    }

    /// Emits a checkpoint, which holds the place in the epoch once all losses before it are read.
    async fn emit_checkpoint(&mut self, phase: TrainingPhase, emit: &impl Fn(Event)) -> Result<(), EngineError> {
        let start = Instant::now();
        self.emit_losses(phase, emit).await?;
        let checkpoint = self.last_model().await?.to_checkpoint().await?;
        debug!(step = self.run.step(), bytes = checkpoint.len(), "checkpoint");
        emit(Event::Checkpoint(Bytes(checkpoint)));
        let now = Instant::now();
        self.checkpoint_at = now + CHECKPOINT_INTERVAL.max((now - start) * TRAINING_PER_CHECKPOINT);
        Ok(())
    }

    /// The current model; after the end of the run, that of the best epoch.
    pub fn model(&self) -> Model {
        self.run.model(self.name.clone())
    }

    /// Emits the last preview and returns the model of the last step.
    pub async fn finish(&self, emit: &impl Fn(Event)) -> Result<Model, EngineError> {
        self.emit_preview(emit).await?;
        self.last_model().await
    }

    async fn last_model(&self) -> Result<Model, EngineError> {
        self.run.last_model(self.name.clone()).await
    }

    async fn emit_preview(&self, emit: &impl Fn(Event)) -> Result<(), EngineError> {
        emit(Event::Samples(self.run.preview().await?));
        Ok(())
    }
}
