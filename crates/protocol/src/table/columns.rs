//! What a table's columns are.

use serde::{Deserialize, Serialize};

/// What a column's cells are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Numbers.
    #[default]
    Numeric,
    /// A few values that repeat.
    Categorical,
    /// Dates, times, or both.
    DateTime,
    /// Two values such as yes and no, true and false, 0 and 1.
    Boolean,
    /// Words that hardly repeat.
    Text,
    /// A number or name of the row itself: all different.
    Identifier,
    /// One value only, or none.
    Constant,
}

impl ColumnKind {
    /// Every kind, in the order a menu shows.
    pub const ALL: [Self; 7] =
        [Self::Numeric, Self::Categorical, Self::DateTime, Self::Boolean, Self::Text, Self::Identifier, Self::Constant];

    /// The word that people read, also in JSON.
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

    /// Whether a detector can learn from it.
    pub const fn is_usable(self) -> bool {
        matches!(self, Self::Numeric | Self::Categorical | Self::DateTime | Self::Boolean)
    }
}

/// What is known of a column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ColumnSummary {
    /// Its name: from the header, made unique; or `column 1`, `column 2`, …
    pub name: String,
    /// What its cells are, as guessed.
    pub kind: ColumnKind,
    /// Why it is better left out; `None`: it is used.
    pub aside: Option<String>,
    /// Cells without a value.
    pub missing: u64,
    /// Different values; counting ends at 10,000.
    pub distinct: u64,
    /// Least number, for numeric columns.
    pub min: Option<f64>,
    /// Mean of the numbers.
    pub mean: Option<f64>,
    /// Greatest number.
    pub max: Option<f64>,
    /// Some of its values, as they stand in the file.
    pub examples: Vec<String>,
}

/// A value of the label column, and how often it occurs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelValue {
    /// As it stands in the file.
    pub value: String,
    /// Rows with it.
    pub rows: u64,
}

/// The column that seems to say which rows are odd.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelGuess {
    /// Index of the column.
    pub column: usize,
    /// The values that mean odd.
    #[serde(rename = "odd_values")]
    pub anomalous_values: Vec<String>,
    /// Every value (at most 50), the most frequent first.
    pub values: Vec<LabelValue>,
}
