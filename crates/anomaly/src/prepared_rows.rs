//! Typed rows as a detector or network reads them.

use pinhole_protocol::table::{DecimalMark, NumberScaling};
use pinhole_table::{
    preparation::{Preparation, PreparedFor},
    typed::{ColumnSpec, TypedTable},
};

use crate::{AnomalyError, detector::FeatureTable};

/// Most feature values that training holds: 100 MB.
pub(crate) const MAX_FEATURE_VALUES: usize = 25_000_000;

/// A preparation fitted on a sample of rows, and the features that it makes of them.
pub struct PreparedRows {
    /// Scaling and encoding of each column.
    pub preparation: Preparation,
    /// Features of the rows that are kept.
    pub features: FeatureTable,
    /// Indices of these rows in the sample, ascending.
    pub rows: Vec<u32>,
}

/// Fits a preparation on all rows of a sample and applies it to them.
///
/// One-hot codes widen a row, so that fewer rows may be held: then rows are kept at even distances, in the file's
/// order.
///
/// # Errors
/// When there is no row or column, or a row has too many features.
pub fn prepare_rows(
    sample: &TypedTable,
    wanted: &[ColumnSpec],
    scaling: NumberScaling,
    decimal: DecimalMark,
    reader: PreparedFor,
) -> Result<PreparedRows, AnomalyError> {
    let all: Vec<u32> = (0..sample.rows() as u32).collect();
    let preparation = Preparation::fit(sample, wanted, &all, scaling, decimal, reader)?;
    let width = preparation.feature_count();
    let most = (MAX_FEATURE_VALUES / width.max(1)).max(1);
    let rows: Vec<u32> = match all.len() {
        count if count > most => (0..most).map(|index| all[index * count / most]).collect(),
        _ => all,
    };
    let mut values = Vec::new();
    preparation.transform_rows(sample, &rows, &mut values)?;
    let groups = preparation.groups().into_iter().map(|group| group.features).collect();
    let features = FeatureTable { values, width, groups, cells: preparation.cells() };
    Ok(PreparedRows { preparation, features, rows })
}
