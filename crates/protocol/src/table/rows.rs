//! Rows of a scored table: queries, rows with their scores, explanations.

use serde::{Deserialize, Serialize};

/// Sort key of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortKey {
    /// The score.
    #[default]
    Score,
    /// The number of the row in the file.
    Row,
    /// The values of the column with this index.
    Column(usize),
}

/// Sort order of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowOrder {
    /// The key.
    pub key: SortKey,
    /// True for the largest first.
    pub descending: bool,
}

impl Default for RowOrder {
    fn default() -> Self {
        Self { key: SortKey::Score, descending: true }
    }
}

/// Query of rows to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowQuery {
    /// Sort order.
    pub order: RowOrder,
    /// True for flagged rows only.
    pub flagged_only: bool,
    /// Only rows with a cell that contains this text, regardless of case; empty: all rows.
    pub search: String,
    /// Number of rows to skip.
    pub offset: u64,
    /// Largest number of rows to return.
    pub count: usize,
}

/// A column with a large contribution to a row's score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopColumn {
    /// Name of the column.
    pub column: String,
    /// Contribution: share of the row's error over all columns, 0 to 1.
    pub share: f64,
}

/// A row with its score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoredRow {
    /// Number of the row in the file, from 1, without the header.
    pub row: u64,
    /// Anomaly score.
    pub score: f64,
    /// Share of rows with an equal or lower score in percent, 0 to 100.
    pub percentile: f64,
    /// True if the score is above the threshold.
    pub is_flagged: bool,
    /// True if the row is labelled an anomaly; `None` without a label.
    pub is_anomalous: Option<bool>,
    /// The columns with the largest contributions, at most 3.
    pub top_columns: Vec<TopColumn>,
    /// Cells, as text of the file.
    pub cells: Vec<String>,
}

/// Contribution of a column to a row's score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// Name of the column.
    pub column: String,
    /// The actual value: the cell as text of the file.
    pub actual: String,
    /// The expected value: the detector's reconstruction, in the units of the file.
    pub expected: String,
    /// Actual minus expected value of a number or time, on the prepared scale (standard deviations of the training
    /// rows); else 0.
    pub signed_error: f64,
    /// Share of the row's error over all columns, 0 to 1.
    pub share: f64,
    /// The values of the nearest normal rows, in their order.
    pub nearest: Vec<String>,
}

/// Explanation of a row's score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowDetails {
    /// The row.
    pub row: ScoredRow,
    /// Contributions of all columns, the largest first.
    pub contributions: Vec<Contribution>,
    /// Numbers of the nearest normal rows in the file, the nearest first: labelled normal, or without a label not
    /// flagged.
    pub nearest_rows: Vec<u64>,
    /// Further remarks, such as about a category that does not occur in the training table.
    pub notes: Vec<String>,
}
