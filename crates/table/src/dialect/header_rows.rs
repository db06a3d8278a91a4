//! Detection of a header of several rows, and of a row of units below it.

use super::cell_type::CellType;
use crate::records::{Record, RecordBatch};

/// Rows below the header that are examined.
const EXAMINED_ROWS: usize = 200;

/// Rows of names, at most.
const MAX_ROWS: usize = 4;

/// Length in characters of the longest unit.
const MAX_UNIT_CHARS: usize = 14;

/// Rows of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct HeaderRows {
    /// Rows of names, at least 1.
    pub(super) names: usize,
    /// True if a row of units follows.
    pub(super) has_units: bool,
}

/// The rows of the header that begins after the preamble. Below names that are complete, one row without numbers above
/// columns of numbers holds their units; below incomplete or repeated ones (merged cells) it holds more of the names.
pub(super) fn header_rows(records: &RecordBatch, preamble_rows: usize) -> HeaderRows {
    let rows: Vec<Record<'_>> = records
        .records()
        .skip(preamble_rows)
        .filter(|record| record.cells().any(|cell| !cell.trim().is_empty()))
        .take(EXAMINED_ROWS)
        .collect();
    let one = HeaderRows { names: 1, has_units: false };
    if rows.len() < MAX_ROWS + 2 {
        return one;
    }
    let below = &rows[MAX_ROWS..];
    let numeric: Vec<usize> = (0..rows[0].len()).filter(|&column| is_numeric(below, column)).collect();
    if numeric.is_empty() {
        return one;
    }
    let mut names = 1;
    while names < MAX_ROWS && !are_complete(&rows[names - 1], &numeric) && is_without_numbers(&rows[names], &numeric) {
        names += 1;
    }
    let has_units = is_without_numbers(&rows[names], &numeric) && are_units(&rows[names], numeric.len());
    HeaderRows { names, has_units }
}

fn is_numeric(rows: &[Record<'_>], column: usize) -> bool {
    let types = || rows.iter().map(|row| CellType::of(row.cell(column))).filter(|&kind| kind != CellType::Missing);
    let numbers = types().filter(|&kind| kind == CellType::Number).count();
    numbers > 0 && numbers * 10 >= types().count() * 9
}

/// True if all columns of numbers have a name, each another.
fn are_complete(names: &Record<'_>, numeric: &[usize]) -> bool {
    let mut known: Vec<&str> = Vec::new();
    numeric.iter().all(|&column| {
        let name = names.cell(column).trim();
        let is_new = !name.is_empty() && !known.contains(&name);
        known.push(name);
        is_new
    })
}

/// True if a row has text in most columns of numbers, and a number or date in none.
fn is_without_numbers(row: &Record<'_>, numeric: &[usize]) -> bool {
    let is_text = |column: &&usize| matches!(CellType::of(row.cell(**column)), CellType::Word | CellType::Text);
    let texts = numeric.iter().filter(is_text).count();
    let numbers = row.cells().filter(|cell| matches!(CellType::of(cell), CellType::Number | CellType::Date)).count();
    // The unit of a ratio is written as 1.
    let ones = numeric.iter().filter(|&&column| row.cell(column).trim() == "1").count();
    numbers == ones && texts > ones && texts * 2 >= numeric.len()
}

/// True if all cells of a row are short, as units are. One word above one column of numbers must be a known unit.
fn are_units(row: &Record<'_>, numeric_columns: usize) -> bool {
    const KNOWN: [&str; 24] = [
        "s", "ms", "min", "h", "m", "mm", "cm", "km", "g", "kg", "t", "V", "mV", "A", "mA", "W", "kW", "kWh", "bar",
        "Pa", "kPa", "Hz", "rpm", "C",
    ];
    let is_known = |cell: &str| {
        let cell = cell.trim();
        cell.starts_with(['[', '(']) || cell.contains(['°', '%', '/']) || KNOWN.contains(&cell)
    };
    row.cells().all(|cell| cell.trim().chars().count() <= MAX_UNIT_CHARS)
        && (numeric_columns > 1 || row.cells().any(is_known))
}
