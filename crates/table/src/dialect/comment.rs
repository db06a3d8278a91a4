//! Detection of remarks between the rows of a table.

use super::cell_type::CellType;
use crate::{
    cells::{is_default_missing_marker, is_rule_cell},
    records::{Record, RecordBatch},
};

/// First characters of remarks.
const COMMENTS: [u8; 6] = [b'#', b'%', b'!', b'/', b'*', b';'];

/// First characters of rules around the rows of a table that is drawn with bars, as database clients print them.
const RULES: [u8; 3] = [b'+', b'-', b'='];

/// Largest share of remarks among the records.
const MAX_SHARE: f64 = 0.3;

/// The character that begins remarks, if there are any: lines that begin with it and do not fit the other rows, either
/// by their number of cells or as the first cell of the others is a number or a date.
pub(super) fn comment(records: &RecordBatch) -> Option<u8> {
    let is_rule = |rule: &u8| are_rules(records, *rule);
    RULES.into_iter().find(is_rule).or_else(|| COMMENTS.into_iter().find(|&comment| is_comment(records, comment)))
}

/// True if lines that begin with this character are rules, and all others begin with a bar: `+----+-----+`, `---------`.
fn are_rules(records: &RecordBatch, rule: u8) -> bool {
    let lines = || records.records().filter(|record| record.cells().any(|cell| !cell.trim().is_empty()));
    let is_rule = |record: &Record<'_>| {
        record.len() == 1 && record.cell(0).as_bytes().first() == Some(&rule) && is_rule_cell(record.cell(0))
    };
    let is_row = |record: &Record<'_>| record.len() > 2 && record.cell(0).trim().is_empty();
    let rules = lines().filter(is_rule).count();
    let rows = lines().filter(is_row).count();
    let others = lines().filter(|record| record.cell(0).as_bytes().first() == Some(&rule)).count() - rules;
    // A title above and the number of rows below are neither.
    rules >= 2 && others == 0 && rows >= 2 && lines().count() <= rules + rows + MAX_LINES_AROUND
}

/// Lines above and below a table with rules.
const MAX_LINES_AROUND: usize = 4;

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
