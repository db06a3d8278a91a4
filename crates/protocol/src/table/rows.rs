//! Rows of a scored table, a window at a time.

use serde::{Deserialize, Serialize};

/// By what rows are ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortKey {
    /// The score.
    #[default]
    Score,
    /// The row's number in the file.
    Row,
    /// The values of the column with this index.
    Column(usize),
}

/// An order of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowOrder {
    /// By what.
    pub key: SortKey,
    /// Greatest first.
    pub descending: bool,
}

impl Default for RowOrder {
    fn default() -> Self {
        Self { key: SortKey::Score, descending: true }
    }
}

/// Which rows to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowQuery {
    /// In which order.
    pub order: RowOrder,
    /// Only flagged rows.
    pub flagged_only: bool,
    /// Only rows with a cell that contains this text, upper or lower case; empty: all.
    pub search: String,
    /// Rows of that order to pass over.
    pub offset: u64,
    /// Rows wanted.
    pub count: usize,
}

/// A column that makes a row odd.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnBlame {
    /// Its name.
    pub column: String,
    /// Its share of the row's score, 0 to 1.
    pub share: f64,
}

/// A row as the table view shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoredRow {
    /// Its number in the file, from 1; the header is not counted.
    pub row: u64,
    /// Its score.
    pub score: f64,
    /// Share of rows with a lower or equal score, 0 to 1.
    pub percentile: f64,
    /// Whether it lies above the threshold.
    pub is_flagged: bool,
    /// Whether the label calls it odd; `None` without one.
    pub is_odd: Option<bool>,
    /// The columns most to blame, at most 3.
    pub top_columns: Vec<ColumnBlame>,
    /// Its cells, as they stand in the file.
    pub cells: Vec<String>,
}

/// What one column adds to a row's score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// The column.
    pub column: String,
    /// The cell as it stands in the file.
    pub seen: String,
    /// What the detector expected there, in the units of the file.
    pub expected: String,
    /// Seen minus expected in units of the column's spread in training: above 0 means more than expected. 0 where there
    /// is no more or less (categories).
    pub signed_error: f64,
    /// Share of the row's score, 0 to 1.
    pub share: f64,
}

/// Why a row is odd.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowDetails {
    /// The row.
    pub row: ScoredRow,
    /// Every used column, the most to blame first.
    pub contributions: Vec<Contribution>,
    /// What else to know, such as a category that training never saw.
    pub notes: Vec<String>,
}
