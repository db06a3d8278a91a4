//! Learning a preparation from the training rows.

use pinhole_protocol::table::{ColumnKind, DecimalMark, Scaling};

use super::{
    BooleanScale, CategoryScale, Encoding, MAX_FEATURES, NumberScale, Preparation, PreparationError, PreparedColumn,
    TimeScale, category::is_missing_code,
};
use crate::typed::{TypedColumn, TypedTable, Wanted};

impl Preparation {
    /// Learns from these rows of a table (indices in it) and from no others. `wanted` names the table's columns.
    ///
    /// # Errors
    /// When there is no row or no column, or a row would have too many features.
    pub fn fit(
        table: &TypedTable,
        wanted: &[Wanted],
        rows: &[u32],
        scaling: Scaling,
        decimal: DecimalMark,
    ) -> Result<Self, PreparationError> {
        if table.columns.len() != wanted.len() {
            return Err(PreparationError::OtherColumns { found: table.columns.len(), wanted: wanted.len() });
        }
        if wanted.is_empty() {
            return Err(PreparationError::NoColumns);
        }
        if rows.is_empty() {
            return Err(PreparationError::NoRows);
        }
        let columns = table
            .columns
            .iter()
            .zip(wanted)
            .map(|(column, wanted)| fit_column(column, wanted, rows, scaling))
            .collect();
        let preparation = Self { scaling, decimal, columns };
        match preparation.features() {
            features if features > MAX_FEATURES => Err(PreparationError::TooWide { features, limit: MAX_FEATURES }),
            _ => Ok(preparation),
        }
    }
}

fn fit_column(column: &TypedColumn, wanted: &Wanted, rows: &[u32], scaling: Scaling) -> PreparedColumn {
    let (encoding, missing_rows) = match column {
        TypedColumn::Numbers(numbers) => {
            let present: Vec<f64> =
                rows.iter().map(|&row| f64::from(numbers[row as usize])).filter(|number| !number.is_nan()).collect();
            let missing = rows.len() - present.len();
            (Encoding::Number(NumberScale::fit(present, scaling)), missing)
        }
        TypedColumn::Times(times) => {
            let present: Vec<f64> = rows.iter().map(|&row| times[row as usize]).filter(|time| !time.is_nan()).collect();
            (Encoding::Time(TimeScale::fit(&present)), rows.len() - present.len())
        }
        TypedColumn::Categories { codes, dictionary } => {
            let codes = rows.iter().map(|&row| codes[row as usize]);
            let missing = codes.clone().filter(|&code| is_missing_code(wanted.kind, code, dictionary)).count();
            let encoding = if wanted.kind == ColumnKind::Boolean {
                Encoding::Boolean(BooleanScale::fit(codes, dictionary))
            } else {
                Encoding::Category(CategoryScale::fit(codes, dictionary))
            };
            (encoding, missing)
        }
    };
    PreparedColumn { name: wanted.name.clone(), kind: wanted.kind, missing_rows: missing_rows as u64, encoding }
}
