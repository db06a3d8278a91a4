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

    /// Moves the last row to the place of another, for a reservoir.
    fn swap_remove(&mut self, row: usize) {
        match self {
            Self::Numbers(numbers) => drop(numbers.swap_remove(row)),
            Self::Times(times) => drop(times.swap_remove(row)),
            Self::Categories { codes, .. } => drop(codes.swap_remove(row)),
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

    /// Puts the last row in the place of another, which is lost: how a reservoir takes a row in.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn replace_with_last(&mut self, row: usize) {
        self.columns.iter_mut().for_each(|column| column.swap_remove(row));
        if !self.labels.is_empty() {
            self.labels.swap_remove(row);
        }
        self.row_numbers.swap_remove(row);
    }

    /// Takes the last row away.
    pub fn drop_last(&mut self) {
        if let Some(last) = self.rows().checked_sub(1) {
            self.replace_with_last(last);
        }
    }
}
