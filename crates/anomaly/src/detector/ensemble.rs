//! The default detector, an ensemble of an autoencoder, column predictors and nearest neighbours, with an isolation
//! forest and histograms where anomalies form groups.
//!
//! Each member gives a row one number: the network's reconstruction error, the sum of the cells' surprises
//! ([`columns`](super::columns)), the distance to the fifth nearest training row, the forest's score, the sum of minus
//! the logarithms of the cells' frequencies. Each is put on the scale of how few training rows have as much
//! ([`TailScale`](super::score_scale::TailScale)), and the anomaly score is their weighted mean: about 0.7 is usual, 4.6
//! is as odd as one training row in a hundred.
//!
//! A row is scored by the cells that it has: what is missing adds to no member's score.

use pinhole_numerics::dense_rows::LANES;
use pinhole_protocol::table::FineTuneEffect;

use super::{
    autoencoder::AutoencoderDetector,
    columns::ColumnPredictors,
    error::DetectorError,
    feature_table::{FeatureTable, imputed},
    fine_tune_run::{FineTuneRun, FineTunedNetwork},
    inlier_scaler::InlierScaler,
    members::{MemberScales, MemberScores},
    neighbours::{MAX_REFERENCES, Neighbours},
    recipe,
    row_scores::RowScores,
};
use crate::baselines::{Histograms, IsolationForest};

/// Most rows over which the members' scales are fitted.
pub(super) const MAX_CALIBRATED: usize = 20_000;

/// Kind of rows that a detector is trained on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrainingMode {
    /// Rows that are known to be normal.
    SemiSupervised,
    /// All rows: some may be anomalies. Where they form groups, an isolation forest first selects inliers.
    Unsupervised,
}

/// A trained ensemble.
#[derive(Clone, Debug)]
pub struct Ensemble {
    pub(super) network: AutoencoderDetector,
    /// A sample of the rows that trained, on their scale and without gaps; empty if they were left out of a file.
    pub(super) references: FeatureTable,
    pub(super) neighbours: Neighbours,
    pub(super) forest: Option<IsolationForest>,
    pub(super) columns: Option<ColumnPredictors>,
    pub(super) histograms: Option<Histograms>,
    pub(super) inlier_scaler: InlierScaler,
    pub(super) scales: MemberScales,
}

/// Parts of the scores of some rows, by feature and by cell.
pub(super) struct MemberDetails {
    /// Squared error of the network in each feature, [rows, features].
    pub errors: Vec<f32>,
    /// Surprise of each cell, [rows, cells].
    pub surprises: Option<Vec<f64>>,
}

/// The members of an ensemble that not every one has.
#[derive(Clone, Debug, Default)]
pub struct OptionalMembers {
    /// An isolation forest.
    pub forest: Option<IsolationForest>,
    /// Predictors of the columns; absent in files of an older Pinhole.
    pub columns: Option<ColumnPredictors>,
    /// Histograms of the columns, whose cells the column predictors read.
    pub histograms: Option<Histograms>,
}

impl Ensemble {
    /// An ensemble of these members.
    pub fn new(
        network: AutoencoderDetector,
        references: FeatureTable,
        OptionalMembers { forest, columns, histograms }: OptionalMembers,
        inlier_scaler: InlierScaler,
        scales: MemberScales,
    ) -> Self {
        let neighbours = Neighbours::new(&references.values, references.width);
        Self { network, references, neighbours, forest, columns, histograms, inlier_scaler, scales }
    }

    /// Appends the score of each prepared row.
    pub fn score(&self, rows: &[f32], scores: &mut Vec<f64>) {
        scores.extend(self.row_scores(rows).scores);
    }

    /// Scores of prepared rows, by all members and without the neighbours.
    pub(super) fn row_scores(&self, rows: &[f32]) -> RowScores {
        self.combined(&self.member_scores(&self.inlier_scaler.scale(rows), rows))
    }

    /// Scores of rows with these scores of the members.
    pub(super) fn combined(&self, members: &[MemberScores]) -> RowScores {
        let combine =
            |has_neighbours| members.iter().map(|scores| self.scales.combine(scores, has_neighbours)).collect();
        let without_neighbours = if self.has_neighbours() { combine(false) } else { Vec::new() };
        RowScores { scores: combine(self.has_neighbours()), without_neighbours }
    }

    /// Fits the members' scales to the scores of the training rows.
    pub(super) fn fit_scales(&mut self, scores: &[MemberScores]) {
        self.scales = MemberScales::fit(scores, &self.scales.weights());
    }

    fn scores_of_scaled(&self, scaled: &[f32]) -> Vec<f64> {
        let member_scores = self.member_scores(scaled, &self.inlier_scaler.unscale(scaled));
        member_scores.iter().map(|scores| self.scales.combine(scores, self.has_neighbours())).collect()
    }

    /// Prepared rows without gaps: missing cells are what the others make them expected to be.
    pub(crate) fn filled(&self, rows: &[f32]) -> Vec<f32> {
        let width = self.network.width();
        self.columns.as_ref().map_or_else(|| imputed(rows), |columns| columns.fill(rows, width))
    }

    pub(super) const fn has_neighbours(&self) -> bool {
        !self.references.is_empty()
    }

    /// Scores that each member gives each row: `scaled` by the inlier scaler, and as it was prepared.
    pub(super) fn member_scores(&self, scaled: &[f32], rows: &[f32]) -> Vec<MemberScores> {
        self.scores_and_details(scaled, rows).0
    }

    /// The members' scores of each row, and what they are made of.
    pub(super) fn scores_and_details(&self, scaled: &[f32], rows: &[f32]) -> (Vec<MemberScores>, MemberDetails) {
        let width = self.network.width().max(1);
        let filled = self.filled(rows);
        let errors = self.squared_errors(scaled, &filled);
        let surprises = self.columns.as_ref().map(|columns| columns.surprises(rows, &filled, width));
        let score_by_columns = |index: usize| {
            let cells = self.columns.as_ref()?.cells();
            Some(surprises.as_ref()?[index * cells..(index + 1) * cells].iter().sum())
        };
        let scores = |index: usize| {
            let own = index * width..(index + 1) * width;
            let histograms = self.histograms.as_ref().zip(self.columns.as_ref());
            MemberScores {
                network: errors[own.clone()].iter().copied().map(f64::from).sum::<f64>() / width as f64,
                neighbours: if self.has_neighbours() { self.neighbours.distance(&scaled[own.clone()]) } else { 0.0 },
                forest: self.forest.as_ref().map(|forest| forest.score(&filled[own.clone()])),
                columns: score_by_columns(index),
                histograms: histograms
                    .map(|(histograms, columns)| histograms.score(&rows[own.clone()], columns.coder())),
            }
        };
        ((0..rows.len() / width).map(scores).collect(), MemberDetails { errors, surprises })
    }

    /// Squared reconstruction error of the network in each feature of each row, [rows, features]; 0 where a cell is
    /// missing. `scaled` are the rows scaled by the inlier scaler, `filled` the unscaled ones without gaps.
    fn squared_errors(&self, scaled: &[f32], filled: &[f32]) -> Vec<f32> {
        let width = self.network.width();
        let mut errors = self.inlier_scaler.scale(filled);
        let mut forward = self.network.scorer();
        for block in errors.chunks_mut(LANES * width.max(1)) {
            forward.run(block);
            for (lane, row) in block.chunks_exact_mut(width).enumerate() {
                for (value, reconstruction) in row.iter_mut().zip(forward.reconstruction()) {
                    *value = (*value - reconstruction[lane]).powi(2);
                }
            }
        }
        for (error, value) in errors.iter_mut().zip(scaled) {
            if value.is_nan() {
                *error = 0.0;
            }
        }
        errors
    }

    /// The network.
    pub const fn network(&self) -> &AutoencoderDetector {
        &self.network
    }

    /// Prepared training rows on the inliers' scale, for neighbours and replay; empty if they were left out of a file.
    pub const fn references(&self) -> &FeatureTable {
        &self.references
    }

    /// The members that not every ensemble has.
    pub fn optional_members(&self) -> OptionalMembers {
        OptionalMembers {
            forest: self.forest.clone(),
            columns: self.columns.clone(),
            histograms: self.histograms.clone(),
        }
    }

    /// Scale of the rows that trained the network.
    pub const fn inlier_scaler(&self) -> &InlierScaler {
        &self.inlier_scaler
    }

    /// Scales of the members' scores.
    pub const fn scales(&self) -> &MemberScales {
        &self.scales
    }

    /// A run that fine-tunes the network on new prepared rows and its own references.
    ///
    /// # Errors
    /// As [`FineTuneRun::new`].
    pub fn fine_tune(&self, new: &FeatureTable, seed: u64) -> Result<FineTuneRun, DetectorError> {
        let scaled = self.inlier_scaler.scale_table(new);
        let scaled = FeatureTable { values: imputed(&scaled.values), ..scaled };
        FineTuneRun::new(&self.network, &scaled, &self.references, seed)
    }

    /// The ensemble with the fine-tuned network: its references are old and new rows, by which all members' scales are
    /// fitted anew. Rows with a score above `threshold` count as flagged.
    pub fn fine_tuned(&self, tuned: FineTunedNetwork, threshold: f64, seed: u64) -> (Self, FineTuneEffect) {
        let references = tuned.rows.sample(MAX_REFERENCES, seed, 1);
        let scaler = self.inlier_scaler.clone();
        let mut after = Self::new(tuned.network, references, self.optional_members(), scaler, self.scales.clone());
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

    /// Expected values of a row's features, on the scale of the row: each column predicted from the others, or else
    /// the network's reconstruction.
    pub fn expect(&self, row: &[f32]) -> Vec<f32> {
        let mut forward = self.network.scorer();
        forward.run(&self.inlier_scaler.scale(&self.filled(row)));
        let scaled: Vec<f32> = forward.reconstruction().iter().map(|lanes| lanes[0]).collect();
        let mut expected = self.inlier_scaler.unscale(&scaled);
        if let Some(columns) = &self.columns {
            columns.expect(row, &mut expected);
        }
        expected
    }

    /// Members in words, such as `20-128-64-128-20, dropout 0.2, 20 column predictors, 500 neighbours, a forest`.
    pub(super) fn describe(&self) -> String {
        let network = recipe::describe(self.network.experiment().spec());
        let columns = self
            .columns
            .as_ref()
            .map_or_else(String::new, |columns| format!(", {} column predictors", columns.count()));
        let neighbours =
            if self.has_neighbours() { format!(", {} neighbours", self.references.len()) } else { String::new() };
        let forest = if self.forest.is_some() { ", a forest" } else { "" };
        let histograms = if self.histograms.is_some() { ", histograms" } else { "" };
        format!("{network}{columns}{neighbours}{forest}{histograms}")
    }

    /// Warnings of its network's training.
    pub(super) fn warnings(&self) -> Vec<String> {
        self.network.warnings().to_vec()
    }
}
