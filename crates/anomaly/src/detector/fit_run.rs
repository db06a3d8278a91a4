//! Training of a detector's network, step by step.

use std::time::Duration;

use pinhole_numerics::{
    learning_rate::{cosine, warm_up},
    random::{Stream, generator},
};
use pinhole_protocol::{CheckedExperiment, Experiment, LearningRateSchedule, SpecError};
use rand::seq::SliceRandom;
use tracing::warn;
use web_time::Instant;

use super::{
    autoencoder::AutoencoderDetector,
    dense::{DenseLearner, LayerWeights, initial_weights, is_supported},
    error::DetectorError,
    feature_table::FeatureTable,
    recipe::{self, MIN_ROWS},
};

/// Most restarts: after a loss that is NaN or infinite, training starts anew at a tenth of the learning rate.
const MAX_RESTARTS: u32 = 2;

/// Result of [`FitRun::advance`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FitAdvance {
    /// More steps follow.
    More,
    /// Training is over: [`FitRun::finish`] returns the detector.
    Done,
}

/// Progress of a training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FitProgress {
    /// Steps done.
    pub step: usize,
    /// Steps in all.
    pub steps: usize,
    /// Steps per second; 0 before the first.
    pub steps_per_s: f64,
    /// Seconds left at that speed.
    pub remaining_s: f64,
}

impl FitProgress {
    /// Share of the steps that is done, 0 to 1.
    pub const fn share(&self) -> f64 {
        self.step as f64 / self.steps as f64
    }
}

/// Training of a network on prepared rows.
pub struct FitRun {
    experiment: CheckedExperiment,
    rows: FeatureTable,
    start: Vec<LayerWeights>,
    learner: DenseLearner,
    /// Row indices in the shuffled order of the epoch.
    order: Vec<u32>,
    /// Batches of this epoch that were trained.
    batches_done: usize,
    epoch: usize,
    step: usize,
    restarts: u32,
    losses: Vec<f32>,
    elapsed: Duration,
    is_stopped: bool,
}

impl FitRun {
    /// A run by the [recipe](recipe::experiment) on all rows of `table`.
    ///
    /// # Errors
    /// When there are too few rows or no features, a value is NaN or infinite, or the network does not fit in memory.
    pub fn new(table: &FeatureTable, seed: u64) -> Result<Self, DetectorError> {
        Self::with_experiment(table, recipe::experiment(table.len(), table.width, seed), None)
    }

    /// A run by another experiment, from the weights `start` if given.
    ///
    /// # Errors
    /// As [`FitRun::new`], and when the experiment's network or schedule is not supported.
    pub fn with_experiment(
        table: &FeatureTable,
        experiment: Experiment,
        start: Option<Vec<LayerWeights>>,
    ) -> Result<Self, DetectorError> {
        if table.width == 0 {
            return Err(DetectorError::NoFeature);
        }
        if table.len() < MIN_ROWS {
            return Err(DetectorError::TooFewRows { rows: table.len(), needed: MIN_ROWS });
        }
        let experiment = experiment.check()?;
        if !matches!(
            experiment.spec().schedule.learning_rate_schedule,
            LearningRateSchedule::Cosine | LearningRateSchedule::Constant
        ) {
            let message = "a detector trains at a constant learning rate or along a cosine";
            return Err(SpecError::new("schedule.learning_rate_schedule", message).into());
        }
        let plan = experiment.plan();
        if !is_supported(plan) {
            return Err(DetectorError::Unsupported);
        }
        if plan.input.len() != table.width {
            return Err(DetectorError::Width { found: table.width, needed: plan.input.len() });
        }
        let rows = training_sample(table, &experiment);
        if let Some(bad) = rows.values.iter().position(|value| !value.is_finite()) {
            return Err(DetectorError::NotFinite { row: bad / rows.width + 1 });
        }
        let start = start.unwrap_or_else(|| initial_weights(plan, experiment.spec().seed));
        let learner = learner(&experiment, &start, 0);
        let mut run = Self {
            order: (0..rows.len() as u32).collect(),
            experiment,
            rows,
            start,
            learner,
            batches_done: 0,
            epoch: 0,
            step: 0,
            restarts: 0,
            losses: Vec::new(),
            elapsed: Duration::ZERO,
            is_stopped: false,
        };
        run.shuffle();
        Ok(run)
    }

    /// Trains for about `slice`, at least one step.
    ///
    /// # Errors
    /// When the loss is NaN or infinite at every learning rate.
    pub fn advance(&mut self, slice: Duration) -> Result<FitAdvance, DetectorError> {
        let start = Instant::now();
        while !self.is_done() {
            self.train_batch()?;
            if start.elapsed() >= slice {
                break;
            }
        }
        self.elapsed += start.elapsed();
        Ok(if self.is_done() { FitAdvance::Done } else { FitAdvance::More })
    }

    /// Ends training with the weights so far.
    pub fn stop(&mut self) {
        self.is_stopped = true;
    }

    /// Progress so far.
    pub fn progress(&self) -> FitProgress {
        let seconds = self.elapsed.as_secs_f64();
        let steps = self.steps();
        let steps_per_s = if seconds > 0.0 { self.step as f64 / seconds } else { 0.0 };
        let left = steps.saturating_sub(self.step) as f64;
        FitProgress {
            step: self.step,
            steps,
            steps_per_s,
            remaining_s: if steps_per_s > 0.0 { left / steps_per_s } else { 0.0 },
        }
    }

    /// Losses since the last call, oldest first: mean squared error of each batch, in squared standard deviations.
    pub fn take_losses(&mut self) -> Vec<f32> {
        std::mem::take(&mut self.losses)
    }

    /// Experiment that is trained.
    pub const fn experiment(&self) -> &CheckedExperiment {
        &self.experiment
    }

    /// The trained network, with the warnings of its training.
    pub fn finish(self) -> AutoencoderDetector {
        self.finish_with_rows().0
    }

    /// The trained network and the rows that trained it.
    pub(super) fn finish_with_rows(self) -> (AutoencoderDetector, FeatureTable) {
        let detector =
            AutoencoderDetector::with_warnings(self.experiment, self.learner.weights(), &self.rows, self.step);
        (detector, self.rows)
    }

    /// Epochs begun so far.
    pub(super) const fn epochs_begun(&self) -> usize {
        self.epoch + 1
    }

    fn is_done(&self) -> bool {
        self.is_stopped || self.step >= self.steps()
    }

    fn batch_size(&self) -> usize {
        self.experiment.spec().schedule.batch_size.min(self.rows.len())
    }

    /// Whole batches only: the rest of an epoch would be a noisy step of few rows. The next epoch's shuffling includes
    /// those rows.
    fn steps_per_epoch(&self) -> usize {
        self.rows.len() / self.batch_size()
    }

    fn steps(&self) -> usize {
        self.experiment.spec().schedule.epochs * self.steps_per_epoch()
    }

    fn train_batch(&mut self) -> Result<(), DetectorError> {
        if self.batches_done == self.steps_per_epoch() {
            self.epoch += 1;
            self.shuffle();
        }
        let size = self.batch_size();
        let batch = &self.order[self.batches_done * size..(self.batches_done + 1) * size];
        let loss = self.learner.step(batch.iter().map(|&row| self.rows.row(row as usize)), self.learning_rate());
        if !loss.is_finite() {
            return self.restart();
        }
        self.losses.push(loss);
        self.batches_done += 1;
        self.step += 1;
        Ok(())
    }

    fn learning_rate(&self) -> f32 {
        let schedule = &self.experiment.spec().schedule;
        let steps = self.steps();
        let annealing = match schedule.learning_rate_schedule {
            LearningRateSchedule::Cosine => cosine(self.step as f64 / steps as f64),
            _ => 1.0,
        };
        let full = f64::from(schedule.learning_rate) * annealing * warm_up(schedule.warm_up_share, self.step, steps);
        full as f32 / 10_f32.powi(self.restarts.cast_signed())
    }

    fn shuffle(&mut self) {
        self.batches_done = 0;
        self.order.shuffle(&mut generator(self.experiment.spec().seed, Stream::Shuffle, self.epoch as u64));
    }

    fn restart(&mut self) -> Result<(), DetectorError> {
        if self.restarts == MAX_RESTARTS {
            return Err(DetectorError::Diverged {
                learning_rate: self.experiment.spec().schedule.learning_rate / 100.0,
            });
        }
        warn!(step = self.step, restarts = self.restarts, "loss is not finite: training restarts");
        self.restarts += 1;
        self.learner = learner(&self.experiment, &self.start, self.restarts);
        (self.step, self.epoch) = (0, 0);
        self.losses.clear();
        self.shuffle();
        Ok(())
    }
}

fn learner(experiment: &CheckedExperiment, start: &[LayerWeights], restarts: u32) -> DenseLearner {
    let masks = generator(experiment.spec().seed, Stream::Dropout, u64::from(restarts));
    DenseLearner::new(experiment.plan(), start, experiment.spec().network.dropout, masks)
}

/// At most `data.limit` rows, drawn by the experiment's seed, in their own order.
fn training_sample(table: &FeatureTable, experiment: &CheckedExperiment) -> FeatureTable {
    let spec = experiment.spec();
    table.sample(spec.data.limit.unwrap_or(table.len()), spec.seed, 0)
}
