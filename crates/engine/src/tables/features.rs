//! Typed rows to what a network sees.

use pinhole_protocol::table::{DecimalMark, Scaling};
use pinhole_table::{
    preparation::Preparation,
    typed::{ColumnSpec, TypedTable},
};

use crate::{EngineError, detector::FeatureTable};

/// Features that training holds: 100 MB.
const MAX_FEATURE_VALUES: usize = 25_000_000;

/// A preparation fitted on some rows, and those rows as it makes them.
pub(super) struct Prepared {
    pub preparation: Preparation,
    pub features: FeatureTable,
    /// Which of the sample's rows they are.
    pub rows: Vec<u32>,
}

/// Fits a preparation on all rows of a sample.
///
/// One-hot columns widen a row, so that fewer of them may be held; rows lie in the file's order, which may mean something,
/// and are thinned out evenly.
pub(super) fn prepare(
    sample: &TypedTable,
    wanted: &[ColumnSpec],
    scaling: Scaling,
    decimal: DecimalMark,
) -> Result<Prepared, EngineError> {
    let all: Vec<u32> = (0..sample.rows() as u32).collect();
    let preparation = Preparation::fit(sample, wanted, &all, scaling, decimal)?;
    let width = preparation.feature_count();
    let most = (MAX_FEATURE_VALUES / width.max(1)).max(1);
    let rows: Vec<u32> = match all.len() {
        count if count > most => (0..most).map(|index| all[index * count / most]).collect(),
        _ => all,
    };
    let mut values = Vec::new();
    preparation.transform_rows(sample, &rows, &mut values)?;
    let groups = preparation.groups().into_iter().map(|group| group.features).collect();
    Ok(Prepared { features: FeatureTable { values, width, groups }, preparation, rows })
}
