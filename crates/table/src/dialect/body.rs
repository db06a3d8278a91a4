//! Body of a table among its first records: where the rows of values begin, and what stands above them.

use super::cell_type::{self, CellType};
use crate::{
    cells::{is_default_missing_marker, is_known_unit, parse_date_time},
    records::{Record, RecordBatch},
};

/// Rows of values from which the type of each column is known.
const TYPED_ROWS: usize = 200;

/// Rows of values that a table must have for this.
const MIN_ROWS: usize = 5;

/// Least share of a column's cells, in percent, that are numbers or dates, none missing, in a column that tells rows of
/// values from others.
const STRICT_PERCENT: usize = 98;

/// Consecutive rows of values with which the body begins: a single one can be a line of a preamble.
const FIRST_ROWS: usize = 5;

/// Records above the body, at most.
const MAX_ROWS_ABOVE: usize = 60;

/// Largest number of cells in a line of a preamble that is not blank: a key and its value.
const KEY_AND_VALUE: usize = 2;

/// The rows of values.
#[derive(Clone, Debug)]
pub(super) struct Body {
    /// Columns that hold a number or a date in every row of values, ascending.
    strict: Vec<usize>,
    /// Index of the first record of the body.
    start: usize,
    /// True if the first of [`Body::strict`] is the first column with any value.
    begins_with_strict: bool,
}

impl Body {
    /// The body of a table; `None`: no column tells its rows from others.
    pub(super) fn new(records: &RecordBatch) -> Option<Self> {
        let rows: Vec<Record<'_>> = records.records().filter(is_filled).collect();
        // What stands above the table is in the first half.
        let typed = &rows[rows.len().saturating_sub(TYPED_ROWS.min(rows.len() / 2))..];
        if typed.len() < MIN_ROWS {
            return None;
        }
        let width = typed[typed.len() / 2].len();
        let is_strict = |column: &usize| {
            let values = typed.iter().filter(|row| is_value(row.cell(*column))).count();
            values * 100 >= typed.len() * STRICT_PERCENT
        };
        let strict: Vec<usize> = (0..width).filter(is_strict).collect();
        let &key = strict.first()?;
        let begins_with_strict = (0..key).all(|column| typed.iter().all(|row| row.cell(column).trim().is_empty()));
        let is_of_body = |index: &usize| {
            let following = (*index..records.len()).map(|index| records.record(index)).filter(is_filled);
            let mut following = following.take(FIRST_ROWS).peekable();
            is_filled(&records.record(*index))
                && following.peek().is_some()
                && following.all(|row| is_value(row.cell(key)))
        };
        let start = (0..records.len().min(MAX_ROWS_ABOVE)).find(is_of_body)?;
        Some(Self { strict, start, begins_with_strict })
    }

    /// Number of records before the names of the columns: all up to the last one above them that cannot be a name.
    pub(super) fn preamble_rows(&self, records: &RecordBatch) -> Option<usize> {
        let header = (0..self.start).rev().find(|&row| self.are_names(&records.record(row)))?;
        let usual_filled = filled_cells(&records.record(self.start));
        let last = (0..header).rev().find(|&row| self.is_preamble(&records.record(row), usual_filled))?;
        Some(last + 1)
    }

    /// True if a record below the names is none of the values and no name either: the first column holds a number or a
    /// date in every row, and this one has neither there nor in any other such column. A row of one word, or with a
    /// missing value, is a row of which nothing was measured.
    pub(super) fn is_above(&self, row: &Record<'_>) -> bool {
        let mut filled = row.cells().map(str::trim).filter(|cell| !cell.is_empty());
        let first = filled.next().unwrap_or_default();
        let is_one_word = self.strict.len() > 1 && filled_cells(row) > 1 && filled.all(|cell| cell == first);
        let is_measured = |cell: &str| is_value(cell) || !cell.trim().is_empty() && is_default_missing_marker(cell);
        self.begins_with_strict
            && is_filled(row)
            && !is_one_word
            && self.strict.iter().all(|&column| !is_measured(row.cell(column)))
    }

    /// True if a record has a name in most columns that hold values; a group of columns can share one. Units are none.
    fn are_names(&self, row: &Record<'_>) -> bool {
        let mut names: Vec<&str> = self.strict.iter().map(|&column| row.cell(column).trim()).collect();
        names.retain(|name| matches!(CellType::of(name), CellType::Word | CellType::Text));
        let count = names.len();
        // A single letter is a name as often.
        let units = names.iter().filter(|name| name.chars().count() > 1 && is_known_unit(name)).count();
        names.sort_unstable();
        names.dedup();
        units * 2 <= count && names.len() * 2 >= count && count * 10 >= self.strict.len() * 8
    }

    /// True if a record cannot be a part of the header: it is blank, a remark, a key with its value, or has values in some
    /// columns and words in others.
    fn is_preamble(&self, row: &Record<'_>, usual_filled: usize) -> bool {
        let filled = filled_cells(row);
        let is_remark = row.cell(0).starts_with('#');
        let is_key = filled <= KEY_AND_VALUE
            && filled < usual_filled
            && (0..filled).all(|column| !row.cell(column).trim().is_empty());
        let values = self.strict.iter().filter(|&&column| is_value(row.cell(column))).count();
        let words = self.strict.iter().filter(|&&column| is_word(row.cell(column))).count();
        filled == 0 || is_remark || is_key || values > 0 && words > 0
    }
}

fn is_value(cell: &str) -> bool {
    // Dates with the names of months too, which the type by form does not know.
    cell_type::is_value(cell) || parse_date_time(cell, false).is_some()
}

fn is_word(cell: &str) -> bool {
    matches!(CellType::of(cell), CellType::Word | CellType::Text)
}

fn is_filled(record: &Record<'_>) -> bool {
    filled_cells(record) > 0
}

fn filled_cells(record: &Record<'_>) -> usize {
    record.cells().filter(|cell| !cell.trim().is_empty()).count()
}
