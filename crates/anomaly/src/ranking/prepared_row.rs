//! One row of a table, read again and prepared.

use pinhole_table::{preparation::TransformCounts, records::RecordBatch};

use crate::{
    AnomalyError,
    fitted_detector::{ColumnBinding, FittedDetector},
    table::Table,
};

/// A row's cells, its features and the detector's errors.
pub struct PreparedRow {
    /// The row alone.
    pub batch: RecordBatch,
    /// Features.
    pub features: Vec<f32>,
    /// Numbers that are derived from earlier rows.
    pub derived: Vec<f32>,
    /// Squared error in each column.
    pub errors: Vec<f32>,
    /// Values that did not fit their column.
    pub notes: TransformCounts,
}

impl PreparedRow {
    /// Reads a row, counted from 0, of a table to whose columns the detector is bound. `derived` are its numbers that are
    /// derived from earlier rows.
    ///
    /// # Errors
    /// When there is no such row, or the file cannot be read any more.
    pub fn read(
        detector: &FittedDetector,
        binding: &ColumnBinding,
        table: &Table,
        row: usize,
        derived: Vec<f32>,
    ) -> Result<Self, AnomalyError> {
        let batch = table.read_row(row)?;
        let (features, notes) = detector.prepare(binding, &batch, &derived)?;
        Ok(Self { errors: detector.explained_scores(&features).1, batch, features, derived, notes })
    }
}
