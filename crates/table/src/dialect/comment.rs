//! Detection of remarks between the rows of a table.

use super::cell_type::CellType;
use crate::{
    cells::is_default_missing_marker,
    records::{Record, RecordBatch},
};

/// First characters of remarks.
const COMMENTS: [u8; 6] = [b'#', b'%', b'!', b'/', b'*', b';'];

/// Largest share of remarks among the records.
const MAX_SHARE: f64 = 0.3;

/// The character that begins remarks, if there are any: lines that begin with it and do not fit the other rows, either
/// by their number of cells or as the first cell of the others is a number or a date.
pub(super) fn comment(records: &RecordBatch) -> Option<u8> {
    COMMENTS.into_iter().find(|&comment| is_comment(records, comment))
}

fn is_comment(records: &RecordBatch, comment: u8) -> bool {
    // The other signs also begin values, such as the footnote of *0.
    let is_sign = |cell: &str| match cell.as_bytes() {
        [b'#', ..] => comment == b'#',
        [b'/', b'/', ..] => comment == b'/',
        [first, b' ', ..] => *first == comment && comment != b'/',
        _ => false,
    };
    let is_remark = |cell: &str| is_sign(cell) && !is_default_missing_marker(cell);
    let rows = || records.records().filter(|record| record.cells().any(|cell| !cell.trim().is_empty()));
    let remarks: Vec<usize> =
        rows().enumerate().filter(|(_, record)| is_remark(record.cell(0))).map(|(row, _)| row).collect();
    let [first, .., last] = remarks[..] else {
        return remarks.len() == 1 && remarks[0] > 0 && fits(records, &is_remark);
    };
    // Lines at the beginning are a preamble, or a header whose first name begins so: the last is as wide as the table.
    let is_at_start = last < remarks.len() && first == 0;
    let width_of = |row: usize| rows().nth(row).map_or(0, |record| record.len());
    let has_header = is_at_start && (comment == b'#' || width_of(last) > 1 && width_of(last) == width_of(last + 1));
    !has_header && remarks.len() as f64 <= MAX_SHARE * rows().count() as f64 && fits(records, &is_remark)
}

/// True if lines that are remarks do not fit the other rows.
fn fits(records: &RecordBatch, is_remark: &impl Fn(&str) -> bool) -> bool {
    let rows = || records.records().filter(|record| record.cells().any(|cell| !cell.trim().is_empty()));
    let others: Vec<_> = rows().filter(|record| !is_remark(record.cell(0))).collect();
    let Some(width) = others.get(others.len() / 2).map(Record::len) else { return false };
    let values = others
        .iter()
        .skip(1)
        .filter(|record| matches!(CellType::of(record.cell(0)), CellType::Number | CellType::Date | CellType::Missing));
    let begin_with_values = values.count() * 10 >= others.len().saturating_sub(1) * 9;
    let have_other_widths = rows().filter(|record| is_remark(record.cell(0))).all(|record| record.len() != width);
    begin_with_values || have_other_widths
}
