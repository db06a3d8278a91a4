//! Fitting of a preparation.

use pinhole_protocol::table::{ColumnKind, DecimalMark, NumberScaling};

use super::{
    boolean_scaler::BooleanScaler,
    date_time_encoder::DateTimeEncoder,
    frequency_encoder::FrequencyEncoder,
    number_scaler::NumberScaler,
    one_hot_encoder::{MAX_CATEGORIES, OneHotEncoder, count_categories},
    preparation_error::PreparationError,
    prepared_columns::{ColumnEncoder, MAX_FEATURES, Preparation, PreparedColumn},
    prepared_for::PreparedFor,
};
use crate::{
    cells::parse_boolean,
    typed::{ColumnSpec, Dictionary, MISSING, TypedColumn, TypedTable},
};

impl Preparation {
    /// Fits to `rows` of a table (indices in it). `specs` describe the columns of the table, in the same order.
    ///
    /// # Errors
    /// [`PreparationError`] if there is no row or no column, the numbers of columns differ, or a row would have more
    /// than [`MAX_FEATURES`] features.
    pub fn fit(
        table: &TypedTable,
        specs: &[ColumnSpec],
        rows: &[u32],
        scaling: NumberScaling,
        decimal: DecimalMark,
        reader: PreparedFor,
    ) -> Result<Self, PreparationError> {
        if table.columns.len() != specs.len() {
            return Err(PreparationError::ColumnMismatch { found: table.columns.len(), expected: specs.len() });
        }
        if specs.is_empty() {
            return Err(PreparationError::NoColumns);
        }
        if rows.is_empty() {
            return Err(PreparationError::NoRows);
        }
        let columns = table
            .columns
            .iter()
            .zip(specs)
            .map(|(column, spec)| fit_column(column, spec, rows, scaling, reader))
            .collect();
        let preparation = Self { scaling, decimal, columns };
        match preparation.feature_count() {
            features if features > MAX_FEATURES => {
                Err(PreparationError::TooManyFeatures { features, limit: MAX_FEATURES })
            }
            _ => Ok(preparation),
        }
    }
}

fn fit_column(
    column: &TypedColumn,
    spec: &ColumnSpec,
    rows: &[u32],
    scaling: NumberScaling,
    reader: PreparedFor,
) -> PreparedColumn {
    let is_for_detector = reader == PreparedFor::Detector;
    let (encoder, missing_rows) = match column {
        TypedColumn::Numbers(numbers) => {
            let present: Vec<f64> =
                rows.iter().map(|&row| numbers.get(row as usize)).filter(|number| !number.is_nan()).collect();
            let missing = rows.len() - present.len();
            let fit = if is_for_detector { NumberScaler::fit_robust } else { NumberScaler::fit };
            (ColumnEncoder::Number(fit(present, scaling)), missing)
        }
        TypedColumn::Times(times) => {
            let present: Vec<f64> = rows.iter().map(|&row| times[row as usize]).filter(|time| !time.is_nan()).collect();
            let fit = if is_for_detector { DateTimeEncoder::fit_cycles } else { DateTimeEncoder::fit };
            (ColumnEncoder::Time(fit(&present)), rows.len() - present.len())
        }
        TypedColumn::Categories { codes, dictionary } => {
            let codes = rows.iter().map(|&row| codes[row as usize]);
            let missing = codes.clone().filter(|&code| is_missing_code(spec.kind, code, dictionary)).count();
            let encoder = if spec.kind == ColumnKind::Boolean {
                ColumnEncoder::Boolean(BooleanScaler::fit(codes, dictionary))
            } else {
                fit_categories(count_categories(codes, dictionary), reader)
            };
            (encoder, missing)
        }
    };
    PreparedColumn {
        name: spec.name.clone(),
        kind: spec.kind,
        missing_rows: missing_rows as u64,
        hides_missing: is_for_detector,
        encoder,
    }
}

fn fit_categories(counted: Vec<(u64, &str)>, reader: PreparedFor) -> ColumnEncoder {
    if reader == PreparedFor::Detector && counted.len() > MAX_CATEGORIES {
        ColumnEncoder::Frequency(FrequencyEncoder::fit(counted))
    } else {
        ColumnEncoder::Category(OneHotEncoder::of_counted(counted))
    }
}

/// True if a code is a missing value of a column of this kind. In a boolean column, other values than booleans are
/// missing.
fn is_missing_code(kind: ColumnKind, code: u32, dictionary: &Dictionary) -> bool {
    code == MISSING
        || (kind == ColumnKind::Boolean && dictionary.value(code).is_none_or(|value| parse_boolean(value).is_none()))
}
