//! The default detector, an ensemble: an autoencoder, nearest neighbours and, if it is unsupervised, an isolation
//! forest.
//!
//! Each member gives a row one number: the logarithm of the network's reconstruction error, that of the distance to the
//! fifth nearest training row, the isolation forest's score. Each is standardised by its mean and standard deviation
//! over the training rows, and the anomaly score is their mean: 0 is usual, 1 is a standard deviation above.
//!
//! Mean AUROC of three seeds (PyTorch) on the twelve tables of ADBench named in the README: trained on normal rows, the
//! network alone has .9755, the neighbours .9722, both .9765, and both with a forest .9698; trained on all rows, the
//! forest alone has .898, forest and network .902, all three .913. On 35 other tables, chosen before they were seen:
//! .8627, .8601 and .8698 on normal rows; .7286 (forest), .7357 and .7450 on all rows.

use pinhole_numerics::dense_rows::LANES;
use pinhole_protocol::table::FineTuneEffect;

use super::{
    autoencoder::AutoencoderDetector,
    error::DetectorError,
    feature_table::FeatureTable,
    fine_tune_run::{FineTuneRun, FineTunedNetwork},
    inlier_scaler::InlierScaler,
    neighbours::{MAX_REFERENCES, Neighbours},
    recipe,
    score_scale::ScoreScale,
};
use crate::baselines::IsolationForest;

/// Most rows over which the members' scores are standardised.
pub(super) const MAX_CALIBRATED: usize = 20_000;

/// Kind of rows that a detector is trained on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrainingMode {
    /// Rows that are known to be normal.
    SemiSupervised,
    /// All rows: some may be anomalies, so an isolation forest first selects inliers.
    Unsupervised,
}

/// Scales by which the members' scores are standardised; saved in a detector file.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct MemberScales {
    pub(super) network: ScoreScale,
    pub(super) neighbours: ScoreScale,
    pub(super) forest: Option<ScoreScale>,
}

impl MemberScales {
    /// Scales that standardise these scores.
    pub(super) fn fit(scores: &[MemberScores], has_forest: bool) -> Self {
        let all = |member: fn(&MemberScores) -> f64| scores.iter().map(member).collect::<Vec<_>>();
        Self {
            network: ScoreScale::of_logarithms(&all(|scores| scores.error)),
            neighbours: ScoreScale::of_logarithms(&all(|scores| scores.distance)),
            forest: has_forest.then(|| ScoreScale::of(&all(|scores| scores.forest))),
        }
    }

    /// True if the ensemble has an isolation forest.
    pub const fn has_forest(&self) -> bool {
        self.forest.is_some()
    }
}

/// Scores that the members give one row, not yet standardised.
#[derive(Clone, Copy, Debug)]
pub(super) struct MemberScores {
    /// Mean squared reconstruction error.
    error: f64,
    /// Distance to the fifth nearest reference row; 0 without references.
    distance: f64,
    /// Score of the isolation forest; 0 without one.
    forest: f64,
}

/// A trained ensemble.
#[derive(Clone, Debug)]
pub struct Ensemble {
    network: AutoencoderDetector,
    /// A sample of the inliers that trained, on their scale; empty if they were left out of a file.
    references: FeatureTable,
    neighbours: Neighbours,
    forest: Option<IsolationForest>,
    inlier_scaler: InlierScaler,
    scales: MemberScales,
}

impl Ensemble {
    /// An ensemble of these members.
    pub fn new(
        network: AutoencoderDetector,
        references: FeatureTable,
        forest: Option<IsolationForest>,
        inlier_scaler: InlierScaler,
        scales: MemberScales,
    ) -> Self {
        let neighbours = Neighbours::new(&references.values, references.width);
        Self { network, references, neighbours, forest, inlier_scaler, scales }
    }

    /// Appends the score of each prepared row.
    pub fn score(&self, rows: &[f32], scores: &mut Vec<f64>) {
        let member_scores = self.member_scores(&self.inlier_scaler.scale(rows), rows);
        scores.extend(member_scores.into_iter().map(|scores| self.combine(scores)));
    }

    /// Fits the members' scales to the scores of the training rows.
    pub(super) fn fit_scales(&mut self, scores: &[MemberScores]) {
        self.scales = MemberScales::fit(scores, self.forest.is_some());
    }

    fn scores_of_scaled(&self, scaled: &[f32]) -> Vec<f64> {
        let member_scores = self.member_scores(scaled, &self.inlier_scaler.unscale(scaled));
        member_scores.into_iter().map(|scores| self.combine(scores)).collect()
    }

    /// Scores that each member gives each row: `scaled` by the inlier scaler, and as it was prepared.
    pub(super) fn member_scores(&self, scaled: &[f32], rows: &[f32]) -> Vec<MemberScores> {
        let width = self.network.width().max(1);
        let mut errors = vec![0.0; rows.len() / width];
        self.network.scorer().add_errors(scaled, &mut errors);
        let members = scaled.chunks_exact(width).zip(rows.chunks_exact(width)).zip(errors);
        let scores = |((scaled, row), error)| MemberScores {
            error,
            distance: if self.references.is_empty() { 0.0 } else { self.neighbours.distance(scaled) },
            forest: self.forest.as_ref().map_or(0.0, |forest| forest.score(row)),
        };
        members.map(scores).collect()
    }

    /// Anomaly score: the mean of the standardised scores of the members that there are.
    fn combine(&self, scores: MemberScores) -> f64 {
        let mut standardised = vec![self.scales.network.apply(scores.error)];
        if !self.references.is_empty() {
            standardised.push(self.scales.neighbours.apply(scores.distance));
        }
        standardised.extend(self.scales.forest.map(|scale| scale.apply(scores.forest)));
        standardised.iter().sum::<f64>() / standardised.len() as f64
    }

    /// The network.
    pub const fn network(&self) -> &AutoencoderDetector {
        &self.network
    }

    /// Prepared training rows on the inliers' scale, for neighbours and replay; empty if they were left out of a file.
    pub const fn references(&self) -> &FeatureTable {
        &self.references
    }

    /// The isolation forest of an unsupervised ensemble.
    pub const fn forest(&self) -> Option<&IsolationForest> {
        self.forest.as_ref()
    }

    /// Scale of the rows that trained the network.
    pub const fn inlier_scaler(&self) -> &InlierScaler {
        &self.inlier_scaler
    }

    /// Scales of the members' scores.
    pub const fn scales(&self) -> MemberScales {
        self.scales
    }

    /// A run that fine-tunes the network on new prepared rows and its own references.
    ///
    /// # Errors
    /// As [`FineTuneRun::new`].
    pub fn fine_tune(&self, new: &FeatureTable, seed: u64) -> Result<FineTuneRun, DetectorError> {
        FineTuneRun::new(&self.network, &self.inlier_scaler.scale_table(new), &self.references, seed)
    }

    /// The ensemble with the fine-tuned network: its references are old and new rows, by which all members' scales are
    /// fitted anew. Rows with a score above `threshold` count as flagged.
    pub fn fine_tuned(&self, tuned: FineTunedNetwork, threshold: f64, seed: u64) -> (Self, FineTuneEffect) {
        let references = tuned.rows.sample(MAX_REFERENCES, seed, 1);
        let mut after =
            Self::new(tuned.network, references, self.forest.clone(), self.inlier_scaler.clone(), self.scales);
        let calibration = tuned.rows.sample(MAX_CALIBRATED, seed, 3).values;
        after.fit_scales(&after.member_scores(&calibration, &after.inlier_scaler.unscale(&calibration)));
        let flagged = |ensemble: &Self| {
            let scores = ensemble.scores_of_scaled(&tuned.held_out.values);
            scores.iter().filter(|&&score| score > threshold).count() as f64 / scores.len().max(1) as f64
        };
        let ([old_before, old_after], [new_before, new_after]) = (tuned.old_medians, tuned.new_medians);
        let effect = FineTuneEffect {
            epochs: tuned.epochs,
            replay_rows: tuned.replayed as u64,
            old_before,
            old_after,
            new_before,
            new_after,
            flagged_before: flagged(self),
            flagged_after: flagged(&after),
        };
        (after, effect)
    }

    /// Squared reconstruction error of the network in each feature of each row, [rows, features].
    pub fn feature_errors(&self, rows: &[f32]) -> Vec<f32> {
        let width = self.network.width();
        let mut errors = self.inlier_scaler.scale(rows);
        let mut forward = self.network.scorer();
        for block in errors.chunks_mut(LANES * width.max(1)) {
            forward.run(block);
            for (lane, row) in block.chunks_exact_mut(width).enumerate() {
                for (value, reconstruction) in row.iter_mut().zip(forward.reconstruction()) {
                    *value = (*value - reconstruction[lane]).powi(2);
                }
            }
        }
        errors
    }

    /// The network's reconstruction of a row, on the scale of the row.
    pub fn reconstruct(&self, row: &[f32]) -> Vec<f32> {
        let mut forward = self.network.scorer();
        forward.run(&self.inlier_scaler.scale(row));
        let scaled: Vec<f32> = forward.reconstruction().iter().map(|lanes| lanes[0]).collect();
        self.inlier_scaler.unscale(&scaled)
    }

    /// Members in words, such as `20-128-64-128-20, dropout 0.2, 500 neighbours, a forest`.
    pub(super) fn describe(&self) -> String {
        let network = recipe::describe(self.network.experiment().spec());
        let neighbours =
            if self.references.is_empty() { String::new() } else { format!(", {} neighbours", self.references.len()) };
        let forest = if self.forest.is_some() { ", a forest" } else { "" };
        format!("{network}{neighbours}{forest}")
    }

    /// Warnings of its network's training.
    pub(super) fn warnings(&self) -> Vec<String> {
        self.network.warnings().to_vec()
    }
}
