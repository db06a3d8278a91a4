//! The stepper: draws batches, accumulates their gradients and takes the optimiser's steps.

use pinhole_protocol::{CheckedExperiment, EpochRecord, Schedule};

use super::{
    batches::BatchIter,
    learner::Learner,
    learning_rate::learning_rate,
    resident_samples::{ResidentSamples, attribute_scale},
    start::Start,
    teacher::Teacher,
};
use crate::{
    Compute, EngineError,
    data::{self, SampleSet, Split},
    network::StepRng,
    objective::{Batch, Losses},
};

/// A learner with its samples, and the number of steps done. Random draws of a step depend on the seed and the step
/// alone, so that a resumed run continues as if it had never stopped.
pub(super) struct Stepper {
    pub experiment: CheckedExperiment,
    pub samples: ResidentSamples,
    pub split: Split,
    pub learner: Learner,
    teacher: Option<Teacher>,
    batches: BatchIter,
    /// Steps done, including those of earlier runs.
    step: usize,
    /// Batches accumulated for the current step.
    batches_in_step: usize,
    /// Samples of all batches of the current step.
    samples_in_step: usize,
}

/// Outcome of [`Stepper::train_batch`].
pub(super) enum TrainedBatch {
    /// The step needs more batches.
    Accumulated,
    /// The batch completed a step, whose losses are still on the device.
    Stepped(Box<Losses>),
    /// The epoch has no batch left.
    EpochDone,
}

impl Stepper {
    /// Uploads the samples, which are compatible with the experiment, and initialises the network. `epoch` epochs are
    /// done, and `steps` steps of the next.
    ///
    /// # Errors
    /// When the samples exceed the device's memory, or the start is not compatible with the experiment.
    pub fn new(
        compute: &Compute,
        experiment: CheckedExperiment,
        samples: &SampleSet,
        start: Start,
        epoch: usize,
        steps: usize,
    ) -> Result<Self, EngineError> {
        let spec = experiment.spec();
        let count = spec.data.limit.map_or(samples.len(), |limit| limit.min(samples.len()));
        let teacher = start.teacher(&experiment)?;
        let split = data::split(count, spec.schedule.validation_share, spec.seed);
        let mut network = start.network(&experiment, compute)?;
        let regression = spec.network.regression.as_ref();
        if let Some(scale) = regression.and_then(|head| attribute_scale(samples, &split, &head.attribute)) {
            network = network.with_regression_scale(scale);
        }
        let mut learner = Learner::new(network, &experiment);
        if let Some(state) = start.learner_state(&experiment) {
            learner.restore(state, experiment.plan());
        }
        let resident = ResidentSamples::upload(compute, samples, &split, spec)?;
        let mut batches = BatchIter::training(&resident, &split.train, &spec.schedule, spec.seed, epoch);
        batches.skip(steps * spec.schedule.accumulated_batches, &resident, spec.objective.corruption);
        let mut stepper = Self {
            samples: resident,
            split,
            learner,
            teacher,
            batches,
            step: 0,
            batches_in_step: 0,
            samples_in_step: 0,
            experiment,
        };
        stepper.step = epoch * stepper.steps_per_epoch() + steps.min(stepper.steps_per_epoch());
        Ok(stepper)
    }

    /// Trains on the next batch, if the epoch has one. `history` holds the epochs so far; with `with_gradient_norms`
    /// the gradient is measured if the batch completes a step.
    pub fn train_batch(&mut self, history: &[EpochRecord], with_gradient_norms: bool) -> TrainedBatch {
        self.train_batch_at(self.learning_rate(self.step, history), with_gradient_norms)
    }

    /// As `train_batch`, with a learning rate other than the schedule's.
    pub fn train_batch_at(&mut self, rate: f64, with_gradient_norms: bool) -> TrainedBatch {
        if self.batches_in_step == 0 {
            self.samples_in_step = self.batches.samples_in_next(self.schedule().accumulated_batches);
        }
        let Some(batch) = self.batches.next_batch(&self.samples, self.experiment.spec().objective.corruption) else {
            return TrainedBatch::EpochDone;
        };
        let batch = self.with_teacher_targets(batch);
        let share = batch.samples() as f32 / self.samples_in_step as f32;
        let progress = self.step as f32 / self.steps() as f32;
        let draw = self.step * self.schedule().accumulated_batches + self.batches_in_step;
        let mut step_rng = StepRng::new(self.experiment.spec().seed, draw);
        self.learner.accumulate(&self.experiment, &batch, share, progress, &mut step_rng);
        self.batches_in_step += 1;
        if self.batches_in_step < self.schedule().accumulated_batches && self.batches.samples_in_next(1) > 0 {
            return TrainedBatch::Accumulated;
        }
        self.batches_in_step = 0;
        self.step += 1;
        TrainedBatch::Stepped(Box::new(self.learner.step(rate, with_gradient_norms)))
    }

    /// The batch with the teacher's reconstruction as its target, if there is a teacher.
    pub fn with_teacher_targets(&self, batch: Batch) -> Batch {
        match &self.teacher {
            Some(teacher) => teacher.with_teacher_targets(batch),
            None => batch,
        }
    }

    /// True if a teacher's reconstructions are the targets.
    pub const fn has_teacher(&self) -> bool {
        self.teacher.is_some()
    }

    /// True if no batch was accumulated since the last step.
    pub const fn is_between_steps(&self) -> bool {
        self.batches_in_step == 0
    }

    /// Begins epoch `epoch`, counted from 0.
    pub fn begin_epoch(&mut self, epoch: usize) {
        let spec = self.experiment.spec();
        self.batches = BatchIter::training(&self.samples, &self.split.train, &spec.schedule, spec.seed, epoch);
    }

    /// Learning rate of step `step` by the schedule.
    pub fn learning_rate(&self, step: usize, history: &[EpochRecord]) -> f64 {
        learning_rate(self.schedule(), step, self.steps_per_epoch(), history)
    }

    /// The experiment's schedule.
    pub const fn schedule(&self) -> &Schedule {
        &self.experiment.spec().schedule
    }

    /// Steps done, including those of earlier runs.
    pub const fn step(&self) -> usize {
        self.step
    }

    /// Steps of the whole run.
    pub fn steps(&self) -> usize {
        self.schedule().epochs * self.steps_per_epoch()
    }

    /// Samples per step.
    pub const fn samples_per_step(&self) -> usize {
        self.schedule().batch_size * self.schedule().accumulated_batches
    }

    /// Steps per epoch. The last step may have fewer batches, and the last batch fewer samples.
    pub fn steps_per_epoch(&self) -> usize {
        self.split.train.len().div_ceil(self.samples_per_step())
    }
}
