//! Detection of a header of several rows, and of a row of units below it.

use super::{body::Body, cell_type::CellType};
use crate::{
    cells::{is_description, is_known_unit, is_rule_cell},
    records::{Record, RecordBatch},
};

/// Rows below the header that are examined.
const EXAMINED_ROWS: usize = 200;

/// Rows of names, at most.
const MAX_ROWS: usize = 4;

/// Rows of units and descriptions, at most.
const MAX_UNITS_ROWS: usize = 3;

/// Rows of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct HeaderRows {
    /// Rows of names, at least 1.
    pub(super) names: usize,
    /// Rows of units, and of descriptions of the values, that follow.
    pub(super) units: usize,
}

/// The rows of the header that begins after the preamble. Below names that are complete, one row without numbers above
/// columns of numbers holds their units; below incomplete or repeated ones (merged cells) it holds more of the names. A
/// rule of dashes, and rows above the body of the table, are no data either.
pub(super) fn header_rows(records: &RecordBatch, preamble_rows: usize, body: Option<&Body>) -> HeaderRows {
    let rows: Vec<Record<'_>> = records
        .records()
        .skip(preamble_rows)
        .filter(|record| record.cells().any(|cell| !cell.trim().is_empty()))
        .take(EXAMINED_ROWS)
        .collect();
    let has_rule = rows.get(1).is_some_and(is_rule);
    let one = HeaderRows { names: 1, units: usize::from(has_rule) };
    if rows.len() < MAX_ROWS + 2 || has_rule {
        return one;
    }
    let below = &rows[MAX_ROWS..];
    let numeric: Vec<usize> = (0..rows[0].len()).filter(|&column| is_numeric(below, column)).collect();
    let mut names = 1;
    while names < MAX_ROWS
        && !numeric.is_empty()
        && !are_complete(&rows[names - 1], &numeric)
        && is_without_numbers(&rows[names], &numeric)
    {
        names += 1;
    }
    let mut units = 0;
    let is_above_body = |row: &Record<'_>| body.is_some_and(|body| body.is_above(row));
    while units < MAX_UNITS_ROWS
        && rows.get(names + units).is_some_and(|row| is_no_data(row, &numeric, units > 0) || is_above_body(row))
    {
        units += 1;
    }
    HeaderRows { names, units }
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

/// True for a rule between names and values: `---|---`, `:--|:-:|--:`, `----+-----`.
fn is_rule(row: &Record<'_>) -> bool {
    let mut filled = row.cells().map(str::trim).filter(|cell| !cell.is_empty()).peekable();
    filled.peek().is_some() && filled.all(is_rule_cell)
}

/// True if a row below the names holds units, or describes the values: at least half of its cells over numbers are known
/// as such, and no other cell is a word of its own. `is_below_units`: the rows above it hold units.
fn is_no_data(row: &Record<'_>, numeric: &[usize], is_below_units: bool) -> bool {
    let filled: Vec<&str> = row.cells().map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let is_known = |cell: &&str| is_known_unit(cell) || is_description(cell) || ["1", "-"].contains(cell);
    let over_numbers = numeric.iter().map(|&column| row.cell(column).trim());
    let units = over_numbers.clone().filter(|cell| is_known_unit(cell) || is_description(cell)).count();
    let texts = over_numbers.filter(|cell| !cell.is_empty()).count();
    if is_rule(row) {
        return true;
    }
    let are_units = is_without_numbers(row, numeric) && units * 2 >= texts && units > 0;
    let unknown = filled.iter().filter(|cell| !is_known(cell)).count();
    // A lone word in a column of text is the value of a row; beside units that are all known, it says what the row is.
    are_units && (unknown == 0 || is_below_units || unknown * 3 <= filled.len())
}
