//! Detection of a header.

use std::collections::HashSet;

use super::{body::Body, cell_type::CellType};
use crate::records::{Record, RecordBatch};

/// Rows below the first that are compared with it.
const COMPARED_ROWS: usize = 200;

/// Columns whose cells are compared.
const COMPARED_COLUMNS: usize = 200;

/// Numbers that can be years.
const YEARS: std::ops::RangeInclusive<f64> = 1900.0..=2100.0;

/// Numbers in a column below one that seems to be a year.
const MIN_NUMBERS: usize = 5;

/// Names by which the only column of a table is recognised.
const SINGLE_COLUMN_NAMES: [&str; 14] = [
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

/// True if the first row after the preamble differs from those below as a header does; also true if there are no rows, or
/// if a row below it is above the body of the table.
pub(super) fn has_header(records: &RecordBatch, preamble_rows: usize, body: Option<&Body>) -> bool {
    let mut rows =
        records.records().skip(preamble_rows).filter(|record| record.cells().any(|cell| !cell.trim().is_empty()));
    let Some(first) = rows.next() else { return true };
    let below: Vec<Record<'_>> = rows.take(COMPARED_ROWS).collect();
    if are_outside(&first, &below) || below.first().is_some_and(|row| body.is_some_and(|body| body.is_above(row))) {
        return true;
    }
    let counts_up = counts_up(&first);
    let evidence: f64 = (0..first.len().min(COMPARED_COLUMNS))
        .map(|column| header_evidence(first.cell(column), column, &below, counts_up))
        .sum();
    if evidence.abs() > 0.1 {
        return evidence > 0.0;
    }
    are_unique_names(&first, &below)
}

/// True if a row of evenly spaced numbers is unlike those below: most lie outside the range of their column, or are
/// integers over fractions.
fn are_outside(first: &Record<'_>, below: &[Record<'_>]) -> bool {
    let number = |cell: &str| cell.trim().parse::<f64>().ok();
    let Some(names) = first.cells().map(number).collect::<Option<Vec<f64>>>() else { return false };
    let [start, second, _, ..] = names[..] else { return false };
    let step = second - start;
    if step == 0.0
        || below.len() < 3
        || !names.windows(2).all(|pair| (pair[1] - pair[0] - step).abs() <= 1e-6 * step.abs())
    {
        return false;
    }
    let outside = names.iter().enumerate().filter(|(column, name)| {
        let numbers: Vec<f64> = below.iter().filter_map(|record| number(record.cell(*column))).collect();
        let (least, greatest) = numbers
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), &value| (least.min(value), most.max(value)));
        let fractions = numbers.iter().filter(|value| value.fract() != 0.0).count();
        !numbers.is_empty()
            && (**name < least || **name > greatest || name.fract() == 0.0 && 2 * fractions > numbers.len())
    });
    outside.count() * 10 >= names.len() * 9
}

/// Evidence of one column for a header (positive) or against one (negative), from -1 to 1.
fn header_evidence(name: &str, column: usize, below: &[Record<'_>], counts_up: bool) -> f64 {
    let types = below
        .iter()
        .map(|record| CellType::of(record.cell(column)))
        .filter(|&cell_type| cell_type != CellType::Missing);
    let (mut values, mut numbers_or_dates, mut dates) = (0_u32, 0_u32, 0_u32);
    for cell_type in types {
        values += 1;
        dates += u32::from(cell_type == CellType::Date);
        numbers_or_dates += u32::from(matches!(cell_type, CellType::Number | CellType::Date));
    }
    let is_number_or_date = values > 0 && f64::from(numbers_or_dates) >= 0.8 * f64::from(values);
    match CellType::of(name) {
        // Years, months or numbers can be names: `Region,2019,2020,2021`.
        CellType::Number | CellType::Date if counts_up => 0.0,
        CellType::Number if is_year_over_others(name, column, below) => 0.5,
        // Dates over numbers are names, as of a table with a column per day.
        CellType::Date if values > 0 && dates == 0 => 0.5,
        CellType::Number | CellType::Date => -1.0,
        // A missing marker is a cell; an empty cell can also be a column without a name.
        CellType::Missing if name.trim().is_empty() => 0.0,
        CellType::Missing => -0.5,
        CellType::Word | CellType::Text if is_number_or_date => 1.0,
        CellType::Word | CellType::Text => 0.0,
    }
}

/// True for a year over numbers most of which are none: `Country,Code,1990`.
fn is_year_over_others(name: &str, column: usize, below: &[Record<'_>]) -> bool {
    let year = |cell: &str| cell.trim().parse::<f64>().ok().filter(|year| YEARS.contains(year) && year.fract() == 0.0);
    let numbers = below.iter().map(|record| record.cell(column)).filter(|cell| CellType::of(cell) == CellType::Number);
    let years = numbers.clone().filter(|cell| year(cell).is_some()).count();
    year(name).is_some() && numbers.count() >= MIN_NUMBERS && 10 * years <= below.len()
}

/// True if the numbers of a row have equal distances, at least three of them or two years, and its first cell is not a
/// number.
fn counts_up(first: &Record<'_>) -> bool {
    let mut cells = first.cells();
    if cells.next().is_some_and(|cell| CellType::of(cell) == CellType::Number) {
        return false;
    }
    let numbers: Vec<f64> = cells
        .filter(|cell| CellType::of(cell) == CellType::Number)
        .map_while(|cell| cell.trim().replace(',', ".").parse().ok())
        .collect();
    let [start, second, ..] = numbers[..] else { return false };
    let step = second - start;
    let is_even = |pair: &[f64]| (pair[1] - pair[0] - step).abs() <= 1e-6 * step.abs();
    let are_years = numbers.iter().all(|number| YEARS.contains(number) && number.fract() == 0.0);
    step != 0.0 && numbers.windows(2).all(is_even) && (numbers.len() >= 3 || are_years)
}

/// Criterion for a table of text only: the names of the first row are unique, none is a missing marker, and none occurs
/// again in its column.
fn are_unique_names(first: &Record<'_>, below: &[Record<'_>]) -> bool {
    if first.len() == 1 {
        let name = first.cell(0).trim().to_lowercase();
        return SINGLE_COLUMN_NAMES.contains(&name.as_str());
    }
    let mut names = HashSet::new();
    let are_names = first.cells().all(|cell| {
        let name = cell.trim();
        name.is_empty() || CellType::of(name) != CellType::Missing && names.insert(name)
    });
    let columns = first.len().min(COMPARED_COLUMNS);
    let occurs_again = |column: usize| {
        let name = first.cell(column);
        !name.trim().is_empty() && below.iter().any(|record| record.cell(column) == name)
    };
    are_names && !(0..columns).any(occurs_again)
}
