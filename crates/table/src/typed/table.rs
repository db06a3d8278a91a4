//! Columns that hold numbers.

use super::{Dictionary, MISSING};

/// One column of values.
#[derive(Clone, Debug)]
pub enum TypedColumn {
    /// Numbers; NaN where a cell has no value.
    Numbers(Vec<f32>),
    /// Seconds since 1970-01-01 (or since midnight, for times alone); NaN where a cell has no value.
    Times(Vec<f64>),
    /// Codes of the dictionary, [`MISSING`] or [`super::OTHER`].
    Categories {
        /// A code a row.
        codes: Vec<u32>,
        /// What the codes mean.
        dictionary: Dictionary,
    },
}

impl TypedColumn {
    /// Its rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Times(times) => times.len(),
            Self::Categories { codes, .. } => codes.len(),
        }
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a row has no value. A row beyond the end has none.
    pub fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Numbers(numbers) => numbers.get(row).is_none_or(|number| number.is_nan()),
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

/// Some rows of a table, the wanted columns only. A cell takes 4 bytes (8 in a column of times).
#[derive(Clone, Debug, Default)]
pub struct TypedTable {
    /// The columns, in the order they were wanted.
    pub columns: Vec<TypedColumn>,
    /// Whether the label calls each row odd (`None`: its cell is empty); no entries without a label.
    pub labels: Vec<Option<bool>>,
    /// Each row's number in the file, from 1.
    pub row_numbers: Vec<u64>,
}

impl TypedTable {
    /// Its rows.
    pub fn rows(&self) -> usize {
        self.row_numbers.len()
    }

    /// Forgets the rows and keeps dictionaries and memory.
    pub fn clear(&mut self) {
        self.columns.iter_mut().for_each(TypedColumn::clear);
        self.labels.clear();
        self.row_numbers.clear();
    }
}
