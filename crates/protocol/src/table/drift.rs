//! Drift: shift of a file's distributions from those of the training table; and the effect of fine-tuning.

use serde::{Deserialize, Serialize};

/// Drift of a column, or of the scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnDrift {
    /// Name of the column; `score` for the scores.
    pub name: String,
    /// Population stability index (PSI): below 0.1 stable, above 0.25 a large shift (rule of thumb of credit scoring).
    pub population_stability_index: f64,
    /// Kolmogorov-Smirnov statistic, 0 to 1: the largest distance of the two distribution functions.
    pub kolmogorov_smirnov: f64,
    /// Share of missing cells in the training table, 0 to 1.
    pub missing_before: f64,
    /// Share of missing cells in the scored file, 0 to 1.
    pub missing_now: f64,
    /// Number of cells with a category that does not occur in the training table.
    pub unknown: u64,
}

/// Drift of the scores and of all columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriftReport {
    /// Drift of the scores.
    pub scores: ColumnDrift,
    /// Drift of the columns, the largest first.
    pub columns: Vec<ColumnDrift>,
    /// Sentences about missing, extra and changed columns.
    pub column_notes: Vec<String>,
}

/// Effect of fine-tuning. "Old" rows are those of the replay buffer, "new" rows are rows of the open file that were
/// held out of fine-tuning; errors are medians of reconstruction errors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FineTuneEffect {
    /// Number of epochs.
    pub epochs: usize,
    /// Number of rows in the replay buffer.
    pub replay_rows: u64,
    /// Median error of the old rows before.
    pub old_before: f64,
    /// Median error of the old rows after.
    pub old_after: f64,
    /// Median error of the new rows before.
    pub new_before: f64,
    /// Median error of the new rows after.
    pub new_after: f64,
    /// Share of new rows above the threshold before, 0 to 1.
    pub flagged_before: f64,
    /// Share of new rows above the threshold after, 0 to 1.
    pub flagged_after: f64,
}
