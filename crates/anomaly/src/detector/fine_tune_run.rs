//! Fine-tuning of a network on new rows and some old ones.
//!
//! Old rows are replayed among the new, so that the network does not forget them (rehearsal; Robins 1995). Its effect
//! on new rows is measured on a fifth of them that is held out.

use std::time::Duration;

use pinhole_numerics::random::{Stream, generator};
use pinhole_protocol::{Experiment, Schedule};
use rand::seq::SliceRandom;

use super::{
    autoencoder::AutoencoderDetector,
    error::DetectorError,
    feature_table::FeatureTable,
    fit_run::{FitAdvance, FitProgress, FitRun},
    recipe::MIN_ROWS,
};
use crate::statistics::median;

/// Most new rows per old row: more would outweigh the old.
const NEW_ROWS_PER_OLD_ROW: usize = 3;
/// One new row of this many is held out.
const HELD_OUT_ONE_IN: usize = 5;
const STEPS: usize = 300;
/// A tenth of the recipe's: the network is near a minimum already.
const LEARNING_RATE: f32 = 5e-4;

/// Fine-tuning of a network.
pub struct FineTuneRun {
    before: AutoencoderDetector,
    fit: FitRun,
    replay: FeatureTable,
    held_out: FeatureTable,
}

/// Result of a [`FineTuneRun`].
#[derive(Clone, Debug)]
pub struct FineTunedNetwork {
    /// The fine-tuned network.
    pub network: AutoencoderDetector,
    /// Epochs of fine-tuning.
    pub epochs: usize,
    /// Old rows that were replayed.
    pub replayed: usize,
    /// Median error of the old rows, before and after.
    pub old_medians: [f64; 2],
    /// Median error of new rows that were held out, before and after.
    pub new_medians: [f64; 2],
    /// Old and new rows that trained it.
    pub rows: FeatureTable,
    /// New rows that did not train it.
    pub held_out: FeatureTable,
}

impl FineTuneRun {
    /// A run from the weights of `detector` on `new` rows, prepared as its own were, and `replay` rows (may be empty).
    ///
    /// # Errors
    /// When there are too few new rows, or they have another width than the detector's.
    pub fn new(
        detector: &AutoencoderDetector,
        new: &FeatureTable,
        replay: &FeatureTable,
        seed: u64,
    ) -> Result<Self, DetectorError> {
        let needed = detector.width();
        if let Some(other) = [new, replay].into_iter().find(|table| !table.is_empty() && table.width != needed) {
            return Err(DetectorError::Width { found: other.width, needed });
        }
        if new.len() < MIN_ROWS {
            return Err(DetectorError::TooFewRows { rows: new.len(), needed: MIN_ROWS });
        }
        let mut rows: Vec<u32> = (0..new.len() as u32).collect();
        rows.shuffle(&mut generator(seed, Stream::Rows, 2));
        let (held_out, trained) = rows.split_at(new.len() / HELD_OUT_ONE_IN);
        let max_new = if replay.is_empty() { usize::MAX } else { (NEW_ROWS_PER_OLD_ROW * replay.len()).max(MIN_ROWS) };
        let mut mixed = new.select(&trained[..trained.len().min(max_new)]);
        mixed.values.extend_from_slice(&replay.values);
        let experiment = fine_tuning_experiment(detector, mixed.len(), seed);
        Ok(Self {
            fit: FitRun::with_experiment(&mixed, experiment, Some(detector.weights().to_vec()))?,
            before: detector.clone(),
            replay: replay.clone(),
            held_out: new.select(held_out),
        })
    }

    /// Trains for about `slice`, at least one step.
    ///
    /// # Errors
    /// When the loss is NaN or infinite at every learning rate.
    pub fn advance(&mut self, slice: Duration) -> Result<FitAdvance, DetectorError> {
        self.fit.advance(slice)
    }

    /// Ends training with the weights so far.
    pub fn stop(&mut self) {
        self.fit.stop();
    }

    /// Progress so far.
    pub fn progress(&self) -> FitProgress {
        self.fit.progress()
    }

    /// Losses since the last call, oldest first.
    pub fn take_losses(&mut self) -> Vec<f32> {
        self.fit.take_losses()
    }

    /// The fine-tuned network, and the errors of old and new rows before and after.
    pub fn finish(self) -> FineTunedNetwork {
        let experiment = self.before.experiment().clone();
        let epochs = self.fit.epochs_begun();
        let (trained, rows) = self.fit.finish_with_rows();
        let steps = self.before.steps() + trained.steps();
        let warnings = trained.warnings().to_vec();
        let network = AutoencoderDetector::from_parts(experiment, trained.weights().to_vec(), warnings, steps);
        let medians = |table: &FeatureTable| [&self.before, &network].map(|network| median(errors(network, table)));
        FineTunedNetwork {
            epochs,
            replayed: self.replay.len(),
            old_medians: medians(&self.replay),
            new_medians: medians(&self.held_out),
            rows,
            held_out: self.held_out,
            network,
        }
    }
}

fn errors(network: &AutoencoderDetector, table: &FeatureTable) -> Vec<f64> {
    let mut errors = vec![0.0; table.len()];
    network.scorer().add_errors(&table.values, &mut errors);
    errors
}

/// The detector's experiment with a schedule for fine-tuning on so many rows.
fn fine_tuning_experiment(detector: &AutoencoderDetector, rows: usize, seed: u64) -> Experiment {
    let spec = detector.experiment().spec();
    let batch_size = spec.schedule.batch_size.min(rows);
    Experiment {
        data: pinhole_protocol::DataSpec {
            limit: Some(rows.min(pinhole_protocol::LIMITS.images)),
            ..spec.data.clone()
        },
        schedule: Schedule {
            epochs: STEPS.div_ceil(rows / batch_size),
            batch_size,
            learning_rate: LEARNING_RATE.min(spec.schedule.learning_rate),
            ..spec.schedule.clone()
        },
        seed,
        ..spec.clone()
    }
}
