//! A trained autoencoder that scores rows by how badly it rebuilds them.

use pinhole_protocol::CheckedExperiment;

use super::{
    dense::{ForwardPass, LANES},
    error::DetectorError,
    features::FeatureTable,
    health::Health,
    scale::ScoreScale,
};
use crate::network::LayerWeights;

/// The network, and how it did on the rows that trained it.
#[derive(Clone, Debug)]
pub struct AutoencoderDetector {
    experiment: CheckedExperiment,
    weights: Vec<LayerWeights>,
    calibration: Calibration,
    steps: usize,
}

/// How a network rebuilt its training rows, dropout off.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Calibration {
    /// Rows that it was measured on.
    pub rows: usize,
    /// Of those rows' scores.
    pub scale: ScoreScale,
    /// Root mean square of each feature's error.
    pub error_spread: Vec<f32>,
    /// What went wrong, in sentences for people.
    pub warnings: Vec<String>,
}

/// Why a row has its score.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// Mean squared error over the features.
    pub score: f64,
    /// The row as the network rebuilds it; [the preparation](pinhole_table) turns it back into the file's units.
    pub expected: Vec<f32>,
    /// One entry a group of features.
    pub groups: Vec<GroupError>,
}

/// What a group of features (a column of the file) adds to a row's score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupError {
    /// Share of the score, 0 to 1; all groups together make 1, or 0 where there is no error.
    pub share: f64,
    /// Seen minus expected of the feature with the largest error, in units of that feature's error in training.
    pub signed_error: f64,
}

impl AutoencoderDetector {
    /// Measures a network on the rows that trained it.
    pub(super) fn measured(
        experiment: CheckedExperiment,
        weights: Vec<LayerWeights>,
        rows: &FeatureTable,
        steps: usize,
    ) -> Self {
        let mut forward = ForwardPass::new(experiment.plan(), &weights);
        let mut health = Health::new(rows, forward.codes().len().min(experiment.plan().code.len()));
        let mut squares = vec![0.0_f64; rows.width];
        let mut scores = Vec::with_capacity(rows.len());
        for block in rows.values.chunks(LANES * rows.width) {
            let count = block.len() / rows.width;
            forward.run(block);
            scores.extend(forward.squared_errors()[..count].iter().map(|sum| sum / rows.width as f64));
            for (sum, (seen, rebuilt)) in squares.iter_mut().zip(forward.seen().iter().zip(forward.rebuilt())) {
                for lane in 0..count {
                    *sum += f64::from(seen[lane] - rebuilt[lane]).powi(2);
                }
            }
            health.note_codes(forward.codes(), count);
        }
        let warnings = health.warnings(&scores);
        let scale = ScoreScale::of_logarithms(&scores);
        let error_spread = squares.iter().map(|sum| (sum / rows.len() as f64).sqrt() as f32).collect();
        let calibration = Calibration { rows: rows.len(), scale, error_spread, warnings };
        Self { experiment, weights, calibration, steps }
    }

    /// Puts together what a file held: one entry of `weights` a layer, of its size.
    pub(super) const fn from_parts(
        experiment: CheckedExperiment,
        weights: Vec<LayerWeights>,
        calibration: Calibration,
        steps: usize,
    ) -> Self {
        Self { experiment, weights, calibration, steps }
    }

    /// What made it.
    pub const fn experiment(&self) -> &CheckedExperiment {
        &self.experiment
    }

    /// Its weights, one entry a layer.
    pub fn weights(&self) -> &[LayerWeights] {
        &self.weights
    }

    /// How it did on the rows that trained it.
    pub const fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// Steps that it was trained.
    pub const fn steps(&self) -> usize {
        self.steps
    }

    /// Features that it reads of a row.
    pub const fn width(&self) -> usize {
        self.experiment.plan().input.len()
    }

    /// Its network, ready to score. Packing takes as long as a few rows: keep it for many.
    pub fn scorer(&self) -> ForwardPass {
        ForwardPass::new(self.experiment.plan(), &self.weights)
    }

    /// The mean squared error of each row, rows lying one after the other.
    ///
    /// # Errors
    /// When the values are no whole number of rows.
    pub fn score(&self, rows: &[f32]) -> Result<Vec<f64>, DetectorError> {
        let width = self.width();
        if !rows.len().is_multiple_of(width) {
            return Err(DetectorError::Width { came: rows.len(), needed: width });
        }
        let mut scores = vec![0.0; rows.len() / width];
        self.scorer().add_errors(rows, &mut scores);
        Ok(scores)
    }

    /// Why `row` has its score; `groups` as in the [`FeatureTable`] that trained it.
    ///
    /// # Errors
    /// When it is no row of this detector.
    pub fn explain(&self, row: &[f32], groups: &[std::ops::Range<usize>]) -> Result<Explanation, DetectorError> {
        if row.len() != self.width() {
            return Err(DetectorError::Width { came: row.len(), needed: self.width() });
        }
        let mut forward = self.scorer();
        forward.run(row);
        let expected: Vec<f32> = forward.rebuilt().iter().map(|lanes| lanes[0]).collect();
        let errors: Vec<f64> =
            row.iter().zip(&expected).map(|(seen, expected)| f64::from(*seen) - f64::from(*expected)).collect();
        let total: f64 = errors.iter().map(|error| error * error).sum();
        let groups = groups.iter().map(|group| self.blame(&errors, group.clone(), total)).collect();
        Ok(Explanation { score: forward.squared_errors()[0] / row.len() as f64, expected, groups })
    }

    fn blame(&self, errors: &[f64], group: std::ops::Range<usize>, total: f64) -> GroupError {
        let sum: f64 = errors.get(group.clone()).unwrap_or_default().iter().map(|error| error * error).sum();
        let largest = group
            .filter(|&feature| feature < errors.len())
            .max_by(|&one, &other| errors[one].abs().total_cmp(&errors[other].abs()));
        let signed_error = largest.map_or(0.0, |feature| {
            errors[feature] / f64::from(self.calibration.error_spread[feature]).max(f64::from(f32::EPSILON))
        });
        GroupError { share: if total > 0.0 { sum / total } else { 0.0 }, signed_error }
    }
}
