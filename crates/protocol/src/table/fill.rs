//! Filling of missing cells.

use serde::{Deserialize, Serialize};

/// Missing cells of a table that were filled, and how well that goes on cells that are known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FillReport {
    /// The columns with missing cells, in the detector's order.
    pub columns: Vec<FilledColumn>,
    /// Number of rows of which some known cells were hidden to measure the errors.
    pub measured_rows: u64,
}

/// Filled cells of a column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FilledColumn {
    /// Name of the column.
    pub name: String,
    /// Number of its cells that were filled.
    pub filled: u64,
    /// Number of its missing cells that were left, as nothing predicts the column.
    pub left: u64,
    /// True if its errors are shares of wrong categories, 0 to 1; false if they are root mean square errors in the units
    /// of the file.
    pub is_categorical: bool,
    /// Number of known cells that were hidden to measure the errors.
    pub hidden: u64,
    /// Errors on the hidden cells; `None` if none could be hidden.
    pub errors: Option<FillErrors>,
}

/// Errors of three ways to fill the same hidden cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FillErrors {
    /// Of predictions from the row's other cells, which fill the table.
    pub predicted: f64,
    /// Of the column's mean, or its most frequent category.
    pub constant: f64,
    /// Of the mean, or the most frequent category, of the five nearest rows that have the cell.
    pub neighbours: f64,
}
