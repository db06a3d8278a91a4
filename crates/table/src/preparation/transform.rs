//! Transformation of typed rows to features.

use super::{
    preparation_error::PreparationError,
    prepared_columns::{ColumnEncoder, Preparation, PreparedColumn},
    transform_counts::{ColumnCounts, TransformCounts},
};
use crate::typed::{MISSING, TypedColumn, TypedTable};

impl Preparation {
    /// Appends the features of all rows, [rows, feature_count], row-major; finite but where a cell is missing and its
    /// column hides that.
    ///
    /// # Errors
    /// [`PreparationError::ColumnMismatch`] if the columns of the table are not those of the preparation.
    pub fn transform(&self, table: &TypedTable, features: &mut Vec<f32>) -> Result<TransformCounts, PreparationError> {
        let rows: Vec<u32> = (0..table.rows() as u32).collect();
        self.transform_rows(table, &rows, features)
    }

    /// Appends the features of `rows` (indices in the table), [rows, feature_count], as [`Self::transform`].
    ///
    /// # Errors
    /// [`PreparationError::ColumnMismatch`] if the columns of the table are not those of the preparation.
    pub fn transform_rows(
        &self,
        table: &TypedTable,
        rows: &[u32],
        features: &mut Vec<f32>,
    ) -> Result<TransformCounts, PreparationError> {
        let mismatch = || PreparationError::ColumnMismatch { found: table.columns.len(), expected: self.columns.len() };
        if table.columns.len() != self.columns.len() {
            return Err(mismatch());
        }
        let row_features = self.feature_count();
        let start = features.len();
        features.resize(start + rows.len() * row_features, 0.0);
        let mut counts = TransformCounts { rows: rows.len() as u64, columns: Vec::with_capacity(self.columns.len()) };
        let mut column_start = 0;
        for (prepared, column) in self.columns.iter().zip(&table.columns) {
            let target = Target {
                features: &mut features[start..],
                row_features,
                column_start,
                column_features: prepared.feature_count(),
            };
            counts.columns.push(prepared.transform(column, rows, target).ok_or_else(mismatch)?);
            column_start += prepared.feature_count();
        }
        Ok(counts)
    }
}

/// Features of one column in a row-major matrix.
struct Target<'a> {
    features: &'a mut [f32],
    /// Features per row.
    row_features: usize,
    /// Index in a row of the first feature of the column.
    column_start: usize,
    /// Features of the column.
    column_features: usize,
}

impl Target<'_> {
    /// The features of the column in each row, in order.
    fn rows(&mut self) -> impl Iterator<Item = &mut [f32]> {
        let Self { features, row_features, column_start, column_features } = self;
        let range = *column_start..*column_start + *column_features;
        features.chunks_exact_mut((*row_features).max(1)).map(move |row| &mut row[range.clone()])
    }
}

impl PreparedColumn {
    /// Writes the features of a column; `None` if the column is not of the encoder's type.
    fn transform(&self, column: &TypedColumn, rows: &[u32], mut target: Target<'_>) -> Option<ColumnCounts> {
        let mut counts = ColumnCounts { name: self.name.clone(), ..ColumnCounts::default() };
        let has_indicator = self.has_missing_indicator();
        let set_missing = |is_missing: bool, features: &mut [f32], counts: &mut ColumnCounts| {
            counts.missing += u64::from(is_missing);
            if is_missing && self.hides_missing {
                features.fill(f32::NAN);
            } else if let Some(last) = features.last_mut().filter(|_| has_indicator) {
                *last = f32::from(u8::from(is_missing));
            }
        };
        match (&self.encoder, column) {
            (ColumnEncoder::Number(scaler), TypedColumn::Numbers(numbers)) => {
                for (features, &row) in target.rows().zip(rows) {
                    let number = numbers.get(row as usize);
                    features[0] = scaler.transform(number);
                    set_missing(number.is_nan(), features, &mut counts);
                }
            }
            (ColumnEncoder::Time(encoder), TypedColumn::Times(times)) => {
                for (features, &row) in target.rows().zip(rows) {
                    let time = times[row as usize];
                    encoder.transform(time, &mut features[..encoder.feature_count()]);
                    set_missing(time.is_nan(), features, &mut counts);
                }
            }
            (ColumnEncoder::Boolean(scaler), TypedColumn::Categories { codes, dictionary }) => {
                let booleans = scaler.booleans(dictionary);
                for (features, &row) in target.rows().zip(rows) {
                    let code = codes[row as usize];
                    let value = booleans.get(code as usize).copied().flatten();
                    if value.is_none() && code != MISSING {
                        counts.add_unknown(dictionary.value(code));
                    }
                    features[0] = scaler.transform(value);
                    set_missing(value.is_none(), features, &mut counts);
                }
            }
            (ColumnEncoder::Category(encoder), TypedColumn::Categories { codes, dictionary }) => {
                let feature_indices = encoder.feature_indices(dictionary);
                let other_value = encoder.feature_count() - 1;
                for (features, &row) in target.rows().zip(rows) {
                    let code = codes[row as usize];
                    let is_missing = code == MISSING;
                    let index = feature_indices.get(code as usize).copied().flatten();
                    if index.is_none() && !is_missing {
                        counts.add_unknown(dictionary.value(code));
                    }
                    // Without missing cells in training, a missing cell is encoded like an unknown category.
                    if !(is_missing && (has_indicator || self.hides_missing)) {
                        features[index.unwrap_or(other_value)] = 1.0;
                    }
                    set_missing(is_missing, features, &mut counts);
                }
            }
            (ColumnEncoder::Frequency(encoder), TypedColumn::Categories { codes, dictionary }) => {
                let known = encoder.features(dictionary);
                for (features, &row) in target.rows().zip(rows) {
                    let code = codes[row as usize];
                    let feature = known.get(code as usize).copied().flatten();
                    if feature.is_none() && code != MISSING {
                        counts.add_unknown(dictionary.value(code));
                    }
                    features[0] = feature.unwrap_or_else(|| encoder.feature(1));
                    set_missing(code == MISSING, features, &mut counts);
                }
            }
            _ => return None,
        }
        Some(counts)
    }
}
