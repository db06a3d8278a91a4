//! Columns of a table: kinds, statistics, and the label column.

use serde::{Deserialize, Serialize};

/// Kind of a column's cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Numbers.
    #[default]
    Numeric,
    /// A few distinct values.
    Categorical,
    /// Dates, times, or both.
    DateTime,
    /// Two values such as yes and no, true and false, 0 and 1.
    Boolean,
    /// Text with mostly distinct values.
    Text,
    /// Identifier of the row: all values are distinct.
    Identifier,
    /// At most one distinct value.
    Constant,
}

impl ColumnKind {
    /// Every kind, in the order of menus.
    pub const ALL: [Self; 7] =
        [Self::Numeric, Self::Categorical, Self::DateTime, Self::Boolean, Self::Text, Self::Identifier, Self::Constant];

    /// Name for display and in the terminal's JSON.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Numeric => "numeric",
            Self::Categorical => "categorical",
            Self::DateTime => "datetime",
            Self::Boolean => "boolean",
            Self::Text => "text",
            Self::Identifier => "identifier",
            Self::Constant => "constant",
        }
    }

    /// True if a detector can use it as a feature.
    pub const fn is_usable(self) -> bool {
        matches!(self, Self::Numeric | Self::Categorical | Self::DateTime | Self::Boolean)
    }
}

/// Statistics of a column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ColumnSummary {
    /// Name from the header, made unique; without a header `column 1`, `column 2`, …
    pub name: String,
    /// The inferred kind of its cells.
    pub kind: ColumnKind,
    /// One sentence with the reason why it is excluded from the features; `None`: it is used.
    pub exclusion_reason: Option<String>,
    /// Unit or currency of its numbers, such as `°C`.
    #[serde(default)]
    pub unit: Option<String>,
    /// Number of missing cells.
    pub missing: u64,
    /// Number of distinct values.
    pub distinct: u64,
    /// True if that number is an estimate, by HyperLogLog, as there are more than 10,000.
    #[serde(default)]
    pub is_distinct_estimated: bool,
    /// Minimum of a numeric column.
    pub min: Option<f64>,
    /// Mean of a numeric column.
    pub mean: Option<f64>,
    /// Maximum of a numeric column.
    pub max: Option<f64>,
    /// Some of its values, as text of the file.
    pub examples: Vec<String>,
    /// All of its values with the number of their rows, the most frequent first; empty if there are more than 50.
    #[serde(default)]
    pub values: Vec<LabelValue>,
    /// Distribution of its numbers: counts of a sample, in equally wide bins from the smallest to the largest. Empty for
    /// other columns.
    #[serde(default)]
    pub histogram: Vec<u32>,
}

/// A column of a detector that has another name in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenamedColumn {
    /// Name in the detector.
    pub old: String,
    /// Name in the file.
    pub new: String,
}

/// A number that lies far from all others of its columns, and so seems to stand for a missing value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Filler {
    /// The number.
    pub value: f64,
    /// Indices of the columns, ascending.
    pub columns: Vec<usize>,
    /// Number of cells with it, in all of these columns.
    pub cells: u64,
    /// Row of the first of these cells, from 1.
    pub first_row: u64,
}

/// A value of the label column and its frequency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelValue {
    /// The value, as text of the file.
    pub value: String,
    /// Number of rows with it.
    pub rows: u64,
}

/// The column that seems to label anomalies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelGuess {
    /// Index of the column.
    pub column: usize,
    /// The values that mark an anomaly.
    #[serde(rename = "odd_values")]
    pub anomalous_values: Vec<String>,
    /// Values, the most frequent first; at most 50.
    pub values: Vec<LabelValue>,
}
