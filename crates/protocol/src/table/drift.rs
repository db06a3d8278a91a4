//! How far a file lies from the one that a detector learned from.

use serde::{Deserialize, Serialize};

/// The shift of one column, or of the scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnDrift {
    /// The column's name; for the scores, `score`.
    pub name: String,
    /// Population stability index: below 0.1 stable, above 0.25 a large shift (the credit-scoring rule of thumb).
    pub population_stability_index: f64,
    /// Kolmogorov and Smirnov's statistic, 0 to 1: the greatest distance of the two distributions.
    pub kolmogorov_smirnov: f64,
    /// Share of missing cells in training.
    pub missing_before: f64,
    /// Share of missing cells now.
    pub missing_now: f64,
    /// Cells with a category that training never saw.
    pub unknown: u64,
}

/// All shifts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriftReport {
    /// The scores.
    pub scores: ColumnDrift,
    /// The columns, the most shifted first.
    pub columns: Vec<ColumnDrift>,
    /// How the file's columns fit the detector's: missing, extra and changed ones, a sentence each.
    pub column_notes: Vec<String>,
}

/// What fine-tuning did: the median score of rows, before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FineTuneEffect {
    /// Epochs trained.
    pub epochs: usize,
    /// Old rows in the replay buffer.
    pub replay_rows: u64,
    /// Median error of the old rows before.
    pub old_before: f64,
    /// Median error of the old rows after.
    pub old_after: f64,
    /// Median error of the new rows before; rows that were not trained on.
    pub new_before: f64,
    /// Median error of the new rows after.
    pub new_after: f64,
    /// Share of new rows above the threshold before.
    pub flagged_before: f64,
    /// Share of new rows above the threshold after.
    pub flagged_after: f64,
}
