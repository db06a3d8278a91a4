//! Which learning rate to begin with: a sweep from far too small to far too large (Smith 2017).

use pinhole_protocol::{CheckedExperiment, TriedRate};

use super::{
    Start,
    losses::PendingLosses,
    stepper::{Stepper, TrainedBatch},
};
use crate::{
    Compute, EngineError,
    data::{self, SampleSet},
};

const FIRST: f64 = 1e-7;
const LAST: f64 = 10.0;
/// Steps of the sweep: twelve for each tenfold.
const STEPS: usize = 100;
/// Steps between two reads of the device.
const SLICE: usize = 5;
/// What a smoothed loss keeps of what it was: single batches jump about.
const SMOOTHING: f64 = 0.9;
/// Beyond so many times the best loss there is nothing more to learn.
const BLOWN_UP: f64 = 4.0;
/// The loss must fall by more than batches jump about to count as falling.
const LEAST_FALL: f64 = 0.99;

/// What [`LearningRateFinder::advance`] has done.
#[derive(Clone, Debug, PartialEq)]
pub enum Find {
    /// A batch.
    Worked,
    /// A few rates were tried.
    Tried(Vec<TriedRate>),
    /// All rates were tried, or the loss blew up: a tenth of the rate where the loss was lowest, or where it fell most
    /// steeply, whichever is lower; `None` if it never fell.
    Found(Option<f32>),
}

/// A sweep over learning rates, advanced a batch at a time. It trains a network of its own and throws it away.
pub struct LearningRateFinder {
    stepper: Stepper,
    losses: PendingLosses,
    epoch: usize,
    smoothed: Smoothed,
    tried: Vec<TriedRate>,
    is_over: bool,
}

impl LearningRateFinder {
    /// Uploads the samples and makes the network. Pictures are brought to the network's input first.
    ///
    /// # Errors
    /// When there is no sample, or the samples do not suit the network or fit the device.
    pub fn new(compute: &Compute, experiment: CheckedExperiment, samples: &SampleSet) -> Result<Self, EngineError> {
        let samples = data::fit_to_experiment(samples, &experiment)?;
        Ok(Self {
            stepper: Stepper::new(compute, experiment, &samples, Start::Fresh, 0)?,
            losses: PendingLosses::new(),
            epoch: 0,
            smoothed: Smoothed::default(),
            tried: Vec::new(),
            is_over: false,
        })
    }

    /// Does one batch of work.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn advance(&mut self) -> Result<Find, EngineError> {
        if self.is_over {
            return Ok(Find::Found(self.suggestion()));
        }
        match self.stepper.train_batch_at(rate(self.stepper.step()), false) {
            TrainedBatch::None => {
                self.epoch += 1;
                self.stepper.begin_epoch(self.epoch);
                Ok(Find::Worked)
            }
            TrainedBatch::Gathered => Ok(Find::Worked),
            TrainedBatch::Stepped(losses) => {
                self.losses.push(*losses);
                let step = self.stepper.step();
                if step.is_multiple_of(SLICE) || step == STEPS {
                    self.read().await.map(Find::Tried)
                } else {
                    Ok(Find::Worked)
                }
            }
        }
    }

    /// What the rates that were tried so far suggest.
    pub fn suggestion(&self) -> Option<f32> {
        suggestion(&self.tried)
    }

    async fn read(&mut self) -> Result<Vec<TriedRate>, EngineError> {
        let (rows, _) = self.losses.read(None).await?;
        let before = self.tried.len();
        for row in rows {
            let Some(loss) = self.smoothed.add(row[0]) else {
                self.is_over = true;
                break;
            };
            self.tried.push(TriedRate { learning_rate: rate(self.tried.len()) as f32, loss });
        }
        self.is_over |= self.stepper.step() == STEPS;
        Ok(self.tried[before..].to_vec())
    }
}

/// The rate of a step, from 0: evenly many for each tenfold.
fn rate(step: usize) -> f64 {
    FIRST * (LAST / FIRST).powf(step as f64 / (STEPS - 1) as f64)
}

/// An exponential average, corrected for its start as Adam's are.
#[derive(Debug)]
struct Smoothed {
    sum: f64,
    weight: f64,
    best: f64,
}

impl Default for Smoothed {
    fn default() -> Self {
        Self { sum: 0.0, weight: 0.0, best: f64::INFINITY }
    }
}

impl Smoothed {
    /// The average with one more loss; `None` if it is no longer a number or has blown up.
    fn add(&mut self, loss: f32) -> Option<f32> {
        self.sum = SMOOTHING * self.sum + (1.0 - SMOOTHING) * f64::from(loss);
        self.weight = SMOOTHING * self.weight + (1.0 - SMOOTHING);
        let smoothed = self.sum / self.weight;
        // Losses below 0 (of a likelihood) have no multiples to blow up to.
        let has_blown_up = self.best > 0.0 && smoothed > BLOWN_UP * self.best;
        if !smoothed.is_finite() || has_blown_up {
            return None;
        }
        self.best = self.best.min(smoothed);
        Some(smoothed as f32)
    }
}

/// A tenth of the rate where the loss was lowest, or where it fell most steeply, whichever is lower; `None` if it never
/// fell.
fn suggestion(tried: &[TriedRate]) -> Option<f32> {
    let lowest = tried.iter().min_by(|one, other| one.loss.total_cmp(&other.loss))?;
    let start = f64::from(tried[0].loss);
    if f64::from(lowest.loss) > start - (1.0 - LEAST_FALL) * start.abs() {
        return None;
    }
    // Rates are evenly spaced on a logarithmic axis: differences are slopes there.
    let steepest = tried
        .windows(3)
        .min_by(|one, other| (one[2].loss - one[0].loss).total_cmp(&(other[2].loss - other[0].loss)))?;
    Some((lowest.learning_rate / 10.0).min(steepest[1].learning_rate))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(loss: impl Fn(f64) -> f64) -> Vec<TriedRate> {
        (0..STEPS).map(|step| TriedRate { learning_rate: rate(step) as f32, loss: loss(rate(step)) as f32 }).collect()
    }

    #[test]
    fn rates_rise_evenly_from_tiny_to_huge() {
        assert!((rate(0) - 1e-7).abs() < 1e-15 && (rate(99) - 10.0).abs() < 1e-9);
        assert!((rate(51) / rate(50) - rate(11) / rate(10)).abs() < 1e-12);
    }

    #[test]
    fn a_constant_loss_is_smoothed_to_itself_and_an_explosion_ends_the_sweep() {
        let mut smoothed = Smoothed::default();
        for _ in 0..20 {
            assert_eq!(smoothed.add(0.5), Some(0.5));
        }
        assert!(smoothed.add(1e9).is_none());
        assert!(Smoothed::default().add(f32::NAN).is_none());
    }

    #[test]
    fn the_suggestion_is_where_the_loss_falls_before_it_rises() {
        // Falls around 1e-3, is lowest at 0.1, and rises from there.
        let valley = |rate: f64| 1.0 / (1.0 + (rate / 1e-3)) + rate;
        let found = suggestion(&tried(valley)).expect("it falls");
        assert!((5e-4..=2e-3).contains(&found), "{found}");
        // Falls steeply right before its lowest point.
        let cliff = |rate: f64| if rate < 0.5 { 1.0 - rate } else { 10.0 };
        let found = suggestion(&tried(cliff)).expect("it falls");
        assert!((0.03..=0.05).contains(&found), "{found}");
    }

    #[test]
    fn nothing_is_suggested_where_nothing_falls() {
        assert_eq!(suggestion(&tried(|rate| 1.0 + rate)), None);
        assert_eq!(suggestion(&tried(|_| 0.7)), None);
        assert_eq!(suggestion(&[]), None);
    }
}
