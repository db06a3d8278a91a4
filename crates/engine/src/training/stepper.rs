//! Takes steps: draws batches, lets the network learn from them, and counts.

use pinhole_protocol::{CheckedExperiment, EpochRecord, Schedule};

use super::{Start, epoch::Pass, images::ResidentSamples, learner::Learner, learning_rate, teacher::Teacher};
use crate::{
    Compute, EngineError,
    data::{self, SampleSet, Split},
    network::StepRng,
    objective::{Batch, Losses},
};

/// A network, what it learns from, and how far it is. What a step draws depends on the seed and the step alone, so that a
/// run that is taken up again goes on as it would have.
pub(super) struct Stepper {
    pub experiment: CheckedExperiment,
    pub samples: ResidentSamples,
    pub split: Split,
    pub learner: Learner,
    teacher: Option<Teacher>,
    pass: Pass,
    /// Steps done, those of earlier runs included.
    step: usize,
    /// Batches of the step under way.
    gathered: usize,
    /// Samples that it will have seen.
    step_samples: usize,
}

/// What came of a batch.
pub(super) enum TrainedBatch {
    /// The step waits for more.
    Gathered,
    /// It was the step's last: the step's losses, on the device.
    Stepped(Box<Losses>),
    /// The epoch had none left.
    None,
}

impl Stepper {
    /// Uploads the samples, which suit the experiment, and makes the network; `epoch` epochs lie behind it.
    ///
    /// # Errors
    /// When the samples do not fit the device, or the start does not fit the experiment.
    pub fn new(
        compute: &Compute,
        experiment: CheckedExperiment,
        samples: &SampleSet,
        start: Start,
        epoch: usize,
    ) -> Result<Self, EngineError> {
        let spec = experiment.spec();
        let count = spec.data.limit.map_or(samples.len(), |limit| limit.min(samples.len()));
        let teacher = start.teacher(&experiment)?;
        let mut learner = Learner::new(start.network(&experiment, compute)?, &experiment);
        if let Some(state) = start.learner_state(&experiment) {
            learner.resume(state, experiment.plan());
        }
        let split = data::split(count, spec.schedule.validation_share, spec.seed);
        let resident = ResidentSamples::upload(compute, samples, count, spec.schedule.augmentation)?;
        let pass = Pass::training(&resident, &split.train, &spec.schedule, spec.seed, epoch);
        let mut stepper = Self {
            samples: resident,
            split,
            learner,
            teacher,
            pass,
            step: 0,
            gathered: 0,
            step_samples: 0,
            experiment,
        };
        stepper.step = epoch * stepper.steps_per_epoch();
        Ok(stepper)
    }

    /// Learns from the next batch, if the epoch has one. `history` are the epochs before it; `with_sizes` measures the
    /// gradient if this ends a step.
    pub fn train_batch(&mut self, history: &[EpochRecord], with_sizes: bool) -> TrainedBatch {
        self.train_batch_at(self.learning_rate(self.step, history), with_sizes)
    }

    /// As `train_batch`, at a rate that is not the schedule's.
    pub fn train_batch_at(&mut self, rate: f64, with_sizes: bool) -> TrainedBatch {
        if self.gathered == 0 {
            self.step_samples = self.pass.samples_ahead(self.schedule().accumulated_batches);
        }
        let Some(batch) = self.pass.next_batch(&self.samples, self.experiment.spec().objective.corruption) else {
            return TrainedBatch::None;
        };
        let batch = self.instructed(batch);
        let share = batch.samples() as f32 / self.step_samples as f32;
        let progress = self.step as f32 / self.steps() as f32;
        let draws = self.step * self.schedule().accumulated_batches + self.gathered;
        let mut chance = StepRng::new(self.experiment.spec().seed, draws);
        self.learner.gather(&self.experiment, &batch, share, progress, &mut chance);
        self.gathered += 1;
        if self.gathered < self.schedule().accumulated_batches && self.pass.samples_ahead(1) > 0 {
            return TrainedBatch::Gathered;
        }
        self.gathered = 0;
        self.step += 1;
        TrainedBatch::Stepped(Box::new(self.learner.step(rate, with_sizes)))
    }

    /// The batch with the answers that are wanted of the network: the teacher's, if there is one.
    pub fn instructed(&self, batch: Batch) -> Batch {
        match &self.teacher {
            Some(teacher) => teacher.instruct(batch),
            None => batch,
        }
    }

    /// Whether a teacher answers in place of the data.
    pub const fn has_teacher(&self) -> bool {
        self.teacher.is_some()
    }

    /// Begins epoch `epoch`, counted from 0.
    pub fn begin_epoch(&mut self, epoch: usize) {
        let spec = self.experiment.spec();
        self.pass = Pass::training(&self.samples, &self.split.train, &spec.schedule, spec.seed, epoch);
    }

    /// The schedule's rate at step `step`.
    pub fn learning_rate(&self, step: usize, history: &[EpochRecord]) -> f64 {
        learning_rate(self.schedule(), step, self.steps_per_epoch(), history)
    }

    /// How training proceeds.
    pub const fn schedule(&self) -> &Schedule {
        &self.experiment.spec().schedule
    }

    /// Steps done, those of earlier runs included.
    pub const fn step(&self) -> usize {
        self.step
    }

    /// Steps of the whole run.
    pub fn steps(&self) -> usize {
        self.schedule().epochs * self.steps_per_epoch()
    }

    /// Samples of a step.
    pub const fn samples_per_step(&self) -> usize {
        self.schedule().batch_size * self.schedule().accumulated_batches
    }

    /// Steps of an epoch; the last may have fewer batches, and the last batch fewer samples.
    pub fn steps_per_epoch(&self) -> usize {
        self.split.train.len().div_ceil(self.samples_per_step())
    }
}
