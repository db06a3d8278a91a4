//! Rows to features.

use std::collections::{HashMap, HashSet};

use super::{
    BooleanScale, CategoryScale, ColumnNotes, Encoding, Preparation, PreparationError, PreparedColumn, TransformNotes,
};
use crate::{
    cells::parse_boolean,
    typed::{Dictionary, MISSING, TypedColumn, TypedTable},
};

impl Preparation {
    /// Appends the features of all rows, row-major: `rows x features()` numbers, all finite.
    ///
    /// # Errors
    /// When the table's columns are not those of the preparation.
    pub fn transform(&self, table: &TypedTable, features: &mut Vec<f32>) -> Result<TransformNotes, PreparationError> {
        let rows: Vec<u32> = (0..table.rows() as u32).collect();
        self.transform_rows(table, &rows, features)
    }

    /// Appends the features of these rows (indices in the table), row-major.
    ///
    /// # Errors
    /// When the table's columns are not those of the preparation.
    pub fn transform_rows(
        &self,
        table: &TypedTable,
        rows: &[u32],
        features: &mut Vec<f32>,
    ) -> Result<TransformNotes, PreparationError> {
        let other_columns =
            || PreparationError::OtherColumns { found: table.columns.len(), wanted: self.columns.len() };
        if table.columns.len() != self.columns.len() {
            return Err(other_columns());
        }
        let width = self.features();
        let start = features.len();
        features.resize(start + rows.len() * width, 0.0);
        let mut notes = TransformNotes { rows: rows.len() as u64, columns: Vec::with_capacity(self.columns.len()) };
        let mut place = 0;
        for (prepared, column) in self.columns.iter().zip(&table.columns) {
            let target = Target { features: &mut features[start..], width, place, own: prepared.width() };
            notes.columns.push(prepared.write(column, rows, target).ok_or_else(other_columns)?);
            place += prepared.width();
        }
        Ok(notes)
    }
}

/// The features of one column in a row-major matrix.
struct Target<'a> {
    features: &'a mut [f32],
    /// Features of a row.
    width: usize,
    /// The column's first.
    place: usize,
    /// How many it has.
    own: usize,
}

impl Target<'_> {
    /// The column's features of each row, in order; those of a table without features are none.
    fn rows(&mut self) -> impl Iterator<Item = &mut [f32]> {
        let Self { features, width, place, own } = self;
        features.chunks_exact_mut((*width).max(1)).map(|row| &mut row[*place..*place + *own])
    }
}

impl PreparedColumn {
    /// Writes a column; `None` if its type is another.
    fn write(&self, column: &TypedColumn, rows: &[u32], mut target: Target<'_>) -> Option<ColumnNotes> {
        let mut notes = ColumnNotes { name: self.name.clone(), ..ColumnNotes::default() };
        let has_mark = self.has_missing_mark();
        let mark = |is_missing: bool, features: &mut [f32], notes: &mut ColumnNotes| {
            notes.missing += u64::from(is_missing);
            if let Some(last) = features.last_mut().filter(|_| has_mark) {
                *last = f32::from(u8::from(is_missing));
            }
        };
        match (&self.encoding, column) {
            (Encoding::Number(scale), TypedColumn::Numbers(numbers)) => {
                for (features, &row) in target.rows().zip(rows) {
                    let number = numbers[row as usize];
                    features[0] = scale.feature(number);
                    mark(number.is_nan(), features, &mut notes);
                }
            }
            (Encoding::Time(scale), TypedColumn::Times(times)) => {
                for (features, &row) in target.rows().zip(rows) {
                    let time = times[row as usize];
                    scale.write(time, &mut features[..scale.width()]);
                    mark(time.is_nan(), features, &mut notes);
                }
            }
            (Encoding::Boolean(scale), TypedColumn::Categories { codes, dictionary }) => {
                let by_code = scale.by_code(dictionary);
                for (features, &row) in target.rows().zip(rows) {
                    let code = codes[row as usize];
                    let truth = by_code.get(code as usize).copied().flatten();
                    if truth.is_none() && code != MISSING {
                        notes.unknown(code, dictionary);
                    }
                    features[0] = scale.feature(truth);
                    mark(truth.is_none(), features, &mut notes);
                }
            }
            (Encoding::Category(scale), TypedColumn::Categories { codes, dictionary }) => {
                let by_code = scale.by_code(dictionary);
                let other = scale.values.len();
                for (features, &row) in target.rows().zip(rows) {
                    let code = codes[row as usize];
                    let is_missing = code == MISSING;
                    let place = by_code.get(code as usize).copied().flatten();
                    if place.is_none() && !is_missing {
                        notes.unknown(code, dictionary);
                    }
                    // A missing cell that training never saw is as strange as an unknown value.
                    if !(is_missing && has_mark) {
                        features[place.unwrap_or(other)] = 1.0;
                    }
                    mark(is_missing, features, &mut notes);
                }
            }
            _ => return None,
        }
        Some(notes)
    }
}

impl CategoryScale {
    /// The feature of each code of a dictionary; `None` for values that training never saw.
    fn by_code(&self, dictionary: &Dictionary) -> Vec<Option<usize>> {
        let places: HashMap<&str, usize> =
            self.values.iter().enumerate().map(|(place, value)| (value.as_str(), place)).collect();
        let rare: HashSet<&str> = self.rare.iter().map(String::as_str).collect();
        let place =
            |value: &str| places.get(value).copied().or_else(|| rare.contains(value).then_some(self.values.len()));
        dictionary.values().iter().map(|value| place(value)).collect()
    }
}

impl BooleanScale {
    fn by_code(&self, dictionary: &Dictionary) -> Vec<Option<bool>> {
        let truth = |value: &str| match value {
            value if value == self.no => Some(false),
            value if value == self.yes => Some(true),
            _ => parse_boolean(value),
        };
        dictionary.values().iter().map(|value| truth(value)).collect()
    }
}

impl ColumnNotes {
    fn unknown(&mut self, code: u32, dictionary: &Dictionary) {
        self.unknown += 1;
        if self.examples.len() < TransformNotes::EXAMPLES
            && let Some(value) = dictionary.value(code)
        {
            self.add_example(value);
        }
    }
}
