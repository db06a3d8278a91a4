//! Tracing spans of a run and of its epochs, and the events of the run as a whole.

use pinhole_protocol::{DeviceInfo, EpochRecord, TrainingEnd};
use tracing::{Span, field::display, info, info_span};

use crate::training::stepper::Stepper;

/// Span of a run, and in it that of its current epoch.
pub(super) struct RunSpans {
    run: Span,
    epoch: Span,
}

impl RunSpans {
    /// Opens both spans; `epoch` is the number of the first epoch, from 1.
    pub fn begin_run(stepper: &Stepper, device: &DeviceInfo, epoch: usize) -> Self {
        let plan = stepper.experiment.plan();
        let run = info_span!("run", seed = stepper.experiment.spec().seed);
        info!(
            parent: &run,
            device = device.name.as_str(),
            layers = plan.layers.len(),
            parameters = plan.parameters(),
            training_samples = stepper.split.train.len(),
            validation_samples = stepper.split.validation.len(),
            steps = stepper.steps(),
            "run started"
        );
        Self { epoch: info_span!(parent: &run, "epoch", number = epoch), run }
    }

    /// Replaces the span of the epoch by one for the next.
    pub fn begin_epoch(&mut self, epoch: usize) {
        self.epoch = info_span!(parent: &self.run, "epoch", number = epoch);
    }

    /// Span of the current epoch, a child of the run's.
    pub fn epoch(&self) -> Span {
        self.epoch.clone()
    }

    /// Logs the losses of a finished epoch.
    pub fn end_epoch(&self, record: EpochRecord) {
        let validation_loss = record.validation_loss.map(display);
        info!(parent: &self.epoch, train_loss = %record.train_loss, validation_loss, "epoch ended");
    }

    /// Logs the end of the run.
    pub fn end_run(&self, end: &TrainingEnd, step: usize) {
        info!(parent: &self.run, ?end, step, "run ended");
    }
}
