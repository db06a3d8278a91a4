//! Training a detector on a table, a step at a time.

use std::time::Duration;

use pinhole_protocol::{CheckedExperiment, Experiment};
use rand::seq::SliceRandom;
use web_time::Instant;

use super::{
    autoencoder::AutoencoderDetector,
    dense::{DenseLearner, LayerWeights, initial_weights, is_supported},
    error::DetectorError,
    features::FeatureTable,
    recipe::{self, FEWEST_ROWS},
};
use crate::{
    random::{Stream, generator},
    training::learning_rate,
};

/// A loss that is no number starts the training anew with a tenth of the rate, so often.
const MOST_RESTARTS: u32 = 2;

/// What [`FitRun::advance`] has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FitStep {
    /// Some steps; there are more.
    Worked,
    /// Nothing: the training is over, and [`FitRun::finish`] makes the detector.
    Done,
}

/// Where a training stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FitProgress {
    /// Steps done.
    pub step: usize,
    /// Steps in all.
    pub steps: usize,
    /// Of those, so many a second; 0 before anything is known.
    pub steps_per_s: f64,
    /// Seconds left at that rate.
    pub remaining_s: f64,
}

impl FitProgress {
    /// How much is done, 0 to 1.
    pub const fn share(&self) -> f64 {
        self.step as f64 / self.steps as f64
    }
}

/// A detector that is being trained. The rows are prepared: see [`FeatureTable`].
pub struct FitRun {
    experiment: CheckedExperiment,
    rows: FeatureTable,
    start: Vec<LayerWeights>,
    learner: DenseLearner,
    order: Vec<u32>,
    /// Batches taken from `order`.
    taken: usize,
    epoch: usize,
    step: usize,
    restarts: u32,
    losses: Vec<f32>,
    worked: Duration,
    is_stopped: bool,
}

impl FitRun {
    /// Trains by the recipe on `table`: all its rows are taken to be normal.
    ///
    /// # Errors
    /// When there are too few rows or no features, a value is no number, or the network does not fit in memory.
    pub fn new(table: &FeatureTable, seed: u64) -> Result<Self, DetectorError> {
        Self::with_experiment(table, recipe::experiment(table.len(), table.width, seed), None)
    }

    /// Trains another experiment, from `start` if there is one.
    ///
    /// # Errors
    /// As [`FitRun::new`], and when the experiment's network cannot be trained here.
    pub fn with_experiment(
        table: &FeatureTable,
        experiment: Experiment,
        start: Option<Vec<LayerWeights>>,
    ) -> Result<Self, DetectorError> {
        if table.width == 0 {
            return Err(DetectorError::NoFeature);
        }
        if table.len() < FEWEST_ROWS {
            return Err(DetectorError::TooFewRows { rows: table.len(), needed: FEWEST_ROWS });
        }
        let experiment = experiment.check()?;
        let plan = experiment.plan();
        if !is_supported(plan) {
            return Err(DetectorError::Unsupported);
        }
        if plan.input.len() != table.width {
            return Err(DetectorError::Width { came: table.width, needed: plan.input.len() });
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
            taken: 0,
            epoch: 0,
            step: 0,
            restarts: 0,
            losses: Vec::new(),
            worked: Duration::ZERO,
            is_stopped: false,
        };
        run.shuffle();
        Ok(run)
    }

    /// Works for about as long as `slice`, at least a step.
    ///
    /// # Errors
    /// When the loss is no number at any learning rate.
    pub fn advance(&mut self, slice: Duration) -> Result<FitStep, DetectorError> {
        let start = Instant::now();
        while !self.is_done() {
            self.train_batch()?;
            if start.elapsed() >= slice {
                break;
            }
        }
        self.worked += start.elapsed();
        Ok(if self.is_done() { FitStep::Done } else { FitStep::Worked })
    }

    /// Ends the training here; the result is the network as it is.
    pub fn stop(&mut self) {
        self.is_stopped = true;
    }

    /// Where it stands.
    pub fn progress(&self) -> FitProgress {
        let seconds = self.worked.as_secs_f64();
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

    /// Losses since the last call, oldest first: mean squared errors of the batches, in standard deviations squared.
    pub fn take_losses(&mut self) -> Vec<f32> {
        std::mem::take(&mut self.losses)
    }

    /// What is being trained.
    pub const fn experiment(&self) -> &CheckedExperiment {
        &self.experiment
    }

    /// The detector that came of it, measured on the rows that trained it.
    pub fn finish(self) -> AutoencoderDetector {
        self.finish_with_rows().0
    }

    /// As [`FitRun::finish`], with the rows that trained it.
    pub(super) fn finish_with_rows(self) -> (AutoencoderDetector, FeatureTable) {
        let detector = AutoencoderDetector::measured(self.experiment, self.learner.weights(), &self.rows, self.step);
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

    /// Whole batches only: what is left over of an epoch would be a step of few rows, and noisy. The next epoch's
    /// shuffling gives those rows their turn.
    fn steps_per_epoch(&self) -> usize {
        self.rows.len() / self.batch_size()
    }

    fn steps(&self) -> usize {
        self.experiment.spec().schedule.epochs * self.steps_per_epoch()
    }

    fn train_batch(&mut self) -> Result<(), DetectorError> {
        if self.taken == self.steps_per_epoch() {
            self.epoch += 1;
            self.shuffle();
        }
        let size = self.batch_size();
        let batch = &self.order[self.taken * size..(self.taken + 1) * size];
        let loss = self.learner.step(batch.iter().map(|&row| self.rows.row(row as usize)), self.rate());
        if !loss.is_finite() {
            return self.restart();
        }
        self.losses.push(loss);
        self.taken += 1;
        self.step += 1;
        Ok(())
    }

    fn rate(&self) -> f32 {
        let full = learning_rate(&self.experiment.spec().schedule, self.step, self.steps_per_epoch(), &[]);
        full as f32 / 10_f32.powi(self.restarts.cast_signed())
    }

    fn shuffle(&mut self) {
        self.taken = 0;
        self.order.shuffle(&mut generator(self.experiment.spec().seed, Stream::Shuffle, self.epoch as u64));
    }

    fn restart(&mut self) -> Result<(), DetectorError> {
        if self.restarts == MOST_RESTARTS {
            return Err(DetectorError::Diverged { rate: self.experiment.spec().schedule.learning_rate / 100.0 });
        }
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

/// At most as many rows as the experiment says, drawn by its seed, in their own order.
fn training_sample(table: &FeatureTable, experiment: &CheckedExperiment) -> FeatureTable {
    let spec = experiment.spec();
    table.sample(spec.data.limit.unwrap_or(table.len()), spec.seed, 0)
}
