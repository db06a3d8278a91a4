//! Learning-rate range test (Smith, "Cyclical Learning Rates for Training Neural Networks", WACV 2017).
//!
//! Step t of T trains with the rate eta(t) = eta_0 (eta_1 / eta_0)^(t / (T - 1)). The loss is smoothed by an
//! exponential average with bias correction, m(t) = b m(t-1) + (1 - b) L(t), L^(t) = m(t) / (1 - b^(t+1)).

use pinhole_protocol::{CheckedExperiment, TriedRate};

use super::{
    losses::PendingLosses,
    start::Start,
    stepper::{Stepper, TrainedBatch},
};
use crate::{
    Compute, EngineError,
    data::{self, SampleSet},
};

const MIN_RATE: f64 = 1e-7;
const MAX_RATE: f64 = 10.0;
/// Steps T of the test: twelve per factor of ten.
const STEPS: usize = 100;
/// Steps between two reads of the device.
const STEPS_PER_READ: usize = 5;
/// Smoothing factor b of the losses, as losses of single batches vary.
const SMOOTHING: f64 = 0.9;
/// The test ends when the smoothed loss exceeds its minimum by this factor.
const MAX_LOSS_RATIO: f64 = 4.0;
/// The loss counts as falling if its minimum is below this share of the first loss.
const FALLING_RATIO: f64 = 0.99;

/// Outcome of [`LearningRateFinder::advance`].
#[derive(Clone, Debug, PartialEq)]
pub enum FinderAdvance {
    /// A batch was processed.
    BatchDone,
    /// Losses of a few rates were read.
    Tried(Vec<TriedRate>),
    /// The test is over: the lower of a tenth of the rate with the lowest loss and the rate where the loss fell most
    /// steeply; `None` if it never fell.
    Found(Option<f32>),
}

/// A learning-rate range test, advanced one batch at a time. It trains a network of its own, which is discarded.
pub struct LearningRateFinder {
    stepper: Stepper,
    losses: PendingLosses,
    epoch: usize,
    smoothed_loss: SmoothedLoss,
    tried: Vec<TriedRate>,
    is_over: bool,
}

impl LearningRateFinder {
    /// Uploads the samples and initialises the network. Pictures are fitted to the network's input first.
    ///
    /// # Errors
    /// When there is no sample, or the samples are not compatible with the network or exceed the device.
    pub fn new(compute: &Compute, experiment: CheckedExperiment, samples: &SampleSet) -> Result<Self, EngineError> {
        let samples = data::fit_to_experiment(samples, &experiment)?;
        Ok(Self {
            stepper: Stepper::new(compute, experiment, &samples, Start::Fresh, 0, 0)?,
            losses: PendingLosses::new(),
            epoch: 0,
            smoothed_loss: SmoothedLoss::default(),
            tried: Vec::new(),
            is_over: false,
        })
    }

    /// Processes one batch.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn advance(&mut self) -> Result<FinderAdvance, EngineError> {
        if self.is_over {
            return Ok(FinderAdvance::Found(self.suggestion()));
        }
        match self.stepper.train_batch_at(rate(self.stepper.step()), false) {
            TrainedBatch::EpochDone => {
                self.epoch += 1;
                self.stepper.begin_epoch(self.epoch);
                Ok(FinderAdvance::BatchDone)
            }
            TrainedBatch::Accumulated => Ok(FinderAdvance::BatchDone),
            TrainedBatch::Stepped(losses) => {
                self.losses.push(*losses);
                let step = self.stepper.step();
                if step.is_multiple_of(STEPS_PER_READ) || step == STEPS {
                    self.read().await.map(FinderAdvance::Tried)
                } else {
                    Ok(FinderAdvance::BatchDone)
                }
            }
        }
    }

    /// Suggestion from the rates tried so far, as [`FinderAdvance::Found`] holds it.
    pub fn suggestion(&self) -> Option<f32> {
        suggestion(&self.tried)
    }

    async fn read(&mut self) -> Result<Vec<TriedRate>, EngineError> {
        let (rows, _) = self.losses.read(None).await?;
        let before = self.tried.len();
        for row in rows {
            let Some(loss) = self.smoothed_loss.add(row[0]) else {
                self.is_over = true;
                break;
            };
            self.tried.push(TriedRate { learning_rate: rate(self.tried.len()) as f32, loss });
        }
        self.is_over |= self.stepper.step() == STEPS;
        Ok(self.tried[before..].to_vec())
    }
}

/// Learning rate of a step, from 0: evenly spaced on a logarithmic axis.
fn rate(step: usize) -> f64 {
    MIN_RATE * (MAX_RATE / MIN_RATE).powf(step as f64 / (STEPS - 1) as f64)
}

/// Exponential average with bias correction, as in Adam.
#[derive(Debug)]
struct SmoothedLoss {
    sum: f64,
    weight: f64,
    min: f64,
}

impl Default for SmoothedLoss {
    fn default() -> Self {
        Self { sum: 0.0, weight: 0.0, min: f64::INFINITY }
    }
}

impl SmoothedLoss {
    /// Returns the average with one more loss; `None` if it is not finite or exceeds [`MAX_LOSS_RATIO`] times the
    /// minimum.
    fn add(&mut self, loss: f32) -> Option<f32> {
        self.sum = SMOOTHING * self.sum + (1.0 - SMOOTHING) * f64::from(loss);
        self.weight = SMOOTHING * self.weight + (1.0 - SMOOTHING);
        let smoothed = self.sum / self.weight;
        // Negative losses (of a likelihood) have no multiple to exceed.
        let is_exploding = self.min > 0.0 && smoothed > MAX_LOSS_RATIO * self.min;
        if !smoothed.is_finite() || is_exploding {
            return None;
        }
        self.min = self.min.min(smoothed);
        Some(smoothed as f32)
    }
}

/// The lower of a tenth of the rate with the lowest loss and the rate where the loss fell most steeply; `None` if it
/// never fell.
fn suggestion(tried: &[TriedRate]) -> Option<f32> {
    let lowest = tried.iter().min_by(|one, other| one.loss.total_cmp(&other.loss))?;
    let start = f64::from(tried[0].loss);
    if f64::from(lowest.loss) > start - (1.0 - FALLING_RATIO) * start.abs() {
        return None;
    }
    // Rates are evenly spaced on a logarithmic axis, so differences are slopes there.
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
    fn rates_are_evenly_spaced_on_a_logarithmic_axis() {
        assert!((rate(0) - 1e-7).abs() < 1e-15 && (rate(99) - 10.0).abs() < 1e-9);
        assert!((rate(51) / rate(50) - rate(11) / rate(10)).abs() < 1e-12);
    }

    #[test]
    fn a_constant_loss_is_smoothed_to_itself_and_an_exploding_one_ends_the_test() {
        let mut smoothed = SmoothedLoss::default();
        for _ in 0..20 {
            assert_eq!(smoothed.add(0.5), Some(0.5));
        }
        assert!(smoothed.add(1e9).is_none());
        assert!(SmoothedLoss::default().add(f32::NAN).is_none());
    }

    #[test]
    fn the_suggestion_is_where_the_loss_falls_before_it_rises() {
        // Falls around 1e-3, has its minimum at 0.1, and rises from there.
        let valley = |rate: f64| 1.0 / (1.0 + (rate / 1e-3)) + rate;
        let found = suggestion(&tried(valley)).expect("it falls");
        assert!((5e-4..=2e-3).contains(&found), "{found}");
        // Falls steeply right before its minimum.
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
