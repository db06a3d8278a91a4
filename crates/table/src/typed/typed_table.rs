//! Rows of a table as typed columns.

use super::{
    dictionary::{Dictionary, MISSING},
    number_column::NumberColumn,
};

/// Values of one column, by row.
#[derive(Clone, Debug)]
pub enum TypedColumn {
    /// Numbers.
    Numbers(NumberColumn),
    /// Seconds since 1970-01-01 (or since midnight, for times without dates); NaN is a missing value.
    Times(Vec<f64>),
    /// Categories by their codes.
    Categories {
        /// Code per row: of the dictionary, [`MISSING`], or [`super::OTHER`].
        codes: Vec<u32>,
        /// Values of the codes.
        dictionary: Dictionary,
    },
}

impl TypedColumn {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Times(times) => times.len(),
            Self::Categories { codes, .. } => codes.len(),
        }
    }

    /// True if there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// True if the value of a row is missing, or the row is beyond the end.
    pub fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Numbers(numbers) => numbers.is_missing(row),
            Self::Times(times) => times.get(row).is_none_or(|time| time.is_nan()),
            Self::Categories { codes, .. } => codes.get(row).is_none_or(|&code| code == MISSING),
        }
    }

    fn clear(&mut self) {
        match self {
            Self::Numbers(numbers) => numbers.clear(),
            Self::Times(times) => times.clear(),
            Self::Categories { codes, .. } => codes.clear(),
        }
    }
}

/// Rows of a table, without the columns that are not used. A cell takes 4 bytes, or 8 in a column of times.
#[derive(Clone, Debug, Default)]
pub struct TypedTable {
    /// Columns, in the order of the reader.
    pub columns: Vec<TypedColumn>,
    /// Label per row: true for an anomaly, `None` if its cell is empty. No entries if the table has no label.
    pub labels: Vec<Option<bool>>,
    /// Row number in the file, from 1, per row.
    pub row_numbers: Vec<u64>,
}

impl TypedTable {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.row_numbers.len()
    }

    /// Removes the rows and keeps dictionaries and memory.
    pub fn clear(&mut self) {
        self.columns.iter_mut().for_each(TypedColumn::clear);
        self.labels.clear();
        self.row_numbers.clear();
    }
}
