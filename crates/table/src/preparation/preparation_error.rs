//! Errors of the preparation.

use super::column_map::ColumnMapError;

/// Reason why a table cannot be prepared, in a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PreparationError {
    /// There are no training rows.
    #[error(
        "No row is left to train on: the label marks every row as an anomaly, or the table is empty. Choose other \
         values that mark an anomaly."
    )]
    NoRows,
    /// No column is used.
    #[error("No column is used: the detector needs at least one that is numeric, categorical, boolean or a date.")]
    NoColumns,
    /// A row would have too many features.
    #[error("These columns make {features} features per row; at most {limit} fit. Exclude some columns.")]
    TooManyFeatures {
        /// Features per row.
        features: usize,
        /// Largest number of features.
        limit: usize,
    },
    /// A file has no column in common with the detector.
    #[error(
        "The file has none of the detector's columns (it needs {needed}). Check the delimiter and the header, or open \
         the file that belongs to the detector."
    )]
    NoColumnMatches {
        /// Names of the first columns of the detector.
        needed: String,
    },
    /// A map of columns that does not fit.
    #[error(transparent)]
    Map(#[from] ColumnMapError),
    /// The columns of a table are not those of the preparation, in number or type.
    #[error(
        "The table has {found} typed columns where the detector has {expected}: read it with the detector's columns."
    )]
    ColumnMismatch {
        /// Columns of the table.
        found: usize,
        /// Columns of the preparation.
        expected: usize,
    },
}
