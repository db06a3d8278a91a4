//! Drift: shift of a file's distributions from those of the training table; and the effect of fine-tuning.

use serde::{Deserialize, Serialize};

/// Size of a shift that is more than chance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShiftSize {
    /// None, or no more than chance explains.
    #[default]
    Stable,
    /// Some shift.
    Some,
    /// A large shift.
    Large,
}

impl ShiftSize {
    /// Name for display.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Some => "some shift",
            Self::Large => "large shift",
        }
    }
}

/// Drift of a column, or of the scores.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ColumnDrift {
    /// Name of the column; `score` for the scores.
    pub name: String,
    /// Population stability index (PSI) of the cells with a value: below 0.1 stable, above 0.25 a large shift (rule of
    /// thumb of credit scoring).
    pub population_stability_index: f64,
    /// Kolmogorov-Smirnov statistic, 0 to 1: the largest distance of the two distribution functions.
    pub kolmogorov_smirnov: f64,
    /// Share of missing cells in the training table, 0 to 1.
    pub missing_before: f64,
    /// Share of missing cells in the scored file, 0 to 1.
    pub missing_now: f64,
    /// Number of cells with a category that does not occur in the training table.
    pub unknown: u64,
    /// Shift of the values: only where both statistics agree, and are significant for the number of rows.
    pub values_shift: ShiftSize,
    /// Shift of the share of missing cells.
    pub missing_shift: ShiftSize,
    /// Shift by categories that training never saw.
    pub unknown_shift: ShiftSize,
}

impl ColumnDrift {
    /// The greatest of its shifts.
    pub fn shift(&self) -> ShiftSize {
        self.values_shift.max(self.missing_shift).max(self.unknown_shift)
    }

    /// Its greatest shift in words, with its reason if the values alone would not say so: `some shift: missing cells`.
    pub fn shift_text(&self) -> String {
        let shift = self.shift();
        let reasons = [(self.missing_shift, "missing cells"), (self.unknown_shift, "new categories")];
        let reasons: Vec<&str> = reasons.iter().filter(|(own, _)| *own == shift).map(|(_, reason)| *reason).collect();
        if shift == self.values_shift || reasons.is_empty() {
            return shift.label().into();
        }
        format!("{}: {}", shift.label(), reasons.join(", "))
    }
}

/// Drift of the scores and of all columns that can drift.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriftReport {
    /// Drift of the scores.
    pub scores: ColumnDrift,
    /// Drift of the columns, the largest first. Dates are not among them, as they move on in every file.
    pub columns: Vec<ColumnDrift>,
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
