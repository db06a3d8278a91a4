//! Detection of remarks between the rows of a table.

use super::cell_type::CellType;
use crate::{cells::is_default_missing_marker, records::RecordBatch};

/// First character of remarks.
const COMMENT: u8 = b'#';

/// Largest share of remarks among the records.
const MAX_SHARE: f64 = 0.3;

/// The character that begins remarks, if there are any: lines that begin with it and do not fit the other rows, either
/// by their number of cells or as the first cell of the others is a number or a date.
pub(super) fn comment(records: &RecordBatch) -> Option<u8> {
    let is_remark = |cell: &str| cell.as_bytes().first() == Some(&COMMENT) && !is_default_missing_marker(cell);
    let rows = || records.records().filter(|record| record.cells().any(|cell| !cell.trim().is_empty()));
    let remarks: Vec<usize> =
        rows().enumerate().filter(|(_, record)| is_remark(record.cell(0))).map(|(row, _)| row).collect();
    let (first, last) = (*remarks.first()?, *remarks.last()?);
    // Lines at the beginning are a preamble, or a header whose first name begins so.
    let is_at_start = last < remarks.len() && first == 0;
    if is_at_start || remarks.len() as f64 > MAX_SHARE * rows().count() as f64 {
        return None;
    }
    let others: Vec<_> = rows().filter(|record| !is_remark(record.cell(0))).collect();
    let width = others.get(others.len() / 2)?.len();
    let values = others
        .iter()
        .skip(1)
        .filter(|record| matches!(CellType::of(record.cell(0)), CellType::Number | CellType::Date | CellType::Missing));
    let begin_with_values = values.count() * 10 >= others.len().saturating_sub(1) * 9;
    let have_other_widths = rows().filter(|record| is_remark(record.cell(0))).all(|record| record.len() != width);
    (begin_with_values || have_other_widths).then_some(COMMENT)
}
