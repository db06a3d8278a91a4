//! Whether the first row names the columns.

use std::collections::HashSet;

use crate::records::{Record, RecordBatch};

use super::shape::{self, Shape};

/// Rows below the first that are compared with it.
const COMPARED_ROWS: usize = 200;

/// Columns that are compared.
const COMPARED_COLUMNS: usize = 200;

/// Names that a table's only column may have.
const SOLE_NAMES: [&str; 14] = [
    "name",
    "names",
    "id",
    "text",
    "value",
    "values",
    "label",
    "date",
    "time",
    "title",
    "comment",
    "description",
    "word",
    "email",
];

/// Compares the first row after the preamble with those below.
pub(super) fn is_there(records: &RecordBatch, preamble_rows: usize) -> bool {
    let mut rows =
        records.records().skip(preamble_rows).filter(|record| record.cells().any(|cell| !cell.trim().is_empty()));
    let Some(first) = rows.next() else { return true };
    let below: Vec<Record<'_>> = rows.take(COMPARED_ROWS).collect();
    let counts_up = counts_up(&first);
    let votes: f64 =
        (0..first.len().min(COMPARED_COLUMNS)).map(|column| vote(first.cell(column), column, &below, counts_up)).sum();
    if votes.abs() > 0.1 {
        return votes > 0.0;
    }
    all_text(&first, &below)
}

/// How much one column speaks for a header (above 0) or against it.
fn vote(name: &str, column: usize, below: &[Record<'_>], counts_up: bool) -> f64 {
    let shapes = below.iter().map(|record| shape::of(record.cell(column))).filter(|&shape| shape != Shape::Missing);
    let (mut values, mut measured) = (0_u32, 0_u32);
    for shape in shapes {
        values += 1;
        measured += u32::from(matches!(shape, Shape::Number | Shape::Date));
    }
    let is_measured = values > 0 && f64::from(measured) >= 0.8 * f64::from(values);
    match shape::of(name) {
        // Years, months or numbers as names: `Region,2019,2020,2021`.
        Shape::Number | Shape::Date if counts_up => 0.0,
        Shape::Number | Shape::Date => -1.0,
        // A word that means "missing" is a cell; nothing at all can also be a column without a name.
        Shape::Missing if name.trim().is_empty() => 0.0,
        Shape::Missing => -0.5,
        Shape::Word | Shape::Text if is_measured => 1.0,
        Shape::Word | Shape::Text => 0.0,
    }
}

/// Whether the row's numbers are whole ones that count up by one, three or more, below a first cell that is none.
fn counts_up(first: &Record<'_>) -> bool {
    let mut cells = first.cells();
    if cells.next().is_some_and(|cell| shape::of(cell) == Shape::Number) {
        return false;
    }
    let numbers: Vec<i64> =
        cells.filter(|cell| shape::of(cell) == Shape::Number).map_while(|c| c.trim().parse().ok()).collect();
    numbers.len() >= 3 && numbers.windows(2).all(|pair| pair[1].checked_sub(1) == Some(pair[0]))
}

/// Where nothing is a number, names are all there, all different, and none occurs again in its column.
fn all_text(first: &Record<'_>, below: &[Record<'_>]) -> bool {
    if first.len() == 1 {
        let name = first.cell(0).trim().to_lowercase();
        return SOLE_NAMES.contains(&name.as_str());
    }
    let mut names = HashSet::new();
    let are_names = first.cells().all(|cell| {
        let name = cell.trim();
        name.is_empty() || shape::of(name) != Shape::Missing && names.insert(name)
    });
    let columns = first.len().min(COMPARED_COLUMNS);
    let occurs_again = |column: usize| {
        let name = first.cell(column);
        !name.trim().is_empty() && below.iter().any(|record| record.cell(column) == name)
    };
    are_names && !(0..columns).any(occurs_again)
}
