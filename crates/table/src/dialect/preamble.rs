//! Lines above a table.

use crate::records::RecordBatch;

/// Records that a preamble can have.
const MAX_ROWS: usize = 50;

/// The number of records before the table: titles, remarks and blank lines, which have far fewer filled cells than the
/// table's rows.
pub(super) fn rows(records: &RecordBatch) -> usize {
    let widths: Vec<usize> = records.records().map(|record| record.len()).collect();
    let filled: Vec<usize> =
        records.records().map(|record| record.cells().filter(|cell| !cell.trim().is_empty()).count()).collect();
    let declares = |line: &str| line.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("sep="));
    // Excel's own first line.
    let first = usize::from(!widths.is_empty() && declares(records.record(0).cell(0)));
    let (width, usual) = (usual(&widths, &filled), usual(&filled, &filled));
    if width < 2 || widths.len() < first + 3 {
        return first;
    }
    let is_before = |row: usize| {
        let is_remark = records.record(row).cell(0).starts_with('#') && widths[row] != width;
        filled[row] == 0 || 2 * filled[row] < usual || widths[row] == 1 || is_remark
    };
    let rows = (first..widths.len()).take_while(|&row| is_before(row)).count();
    let is_table_left = rows <= MAX_ROWS && first + rows < widths.len();
    // Blank lines at the very beginning are passed over by the reader anyway.
    if is_table_left && (first..first + rows).any(|row| filled[row] > 0) { first + rows } else { first }
}

/// The most frequent of the values in records that are filled; of equally frequent ones the greatest.
fn usual(values: &[usize], filled: &[usize]) -> usize {
    let mut values: Vec<usize> =
        values.iter().zip(filled).filter(|&(_, &filled)| filled > 0).map(|(&value, _)| value).collect();
    values.sort_unstable();
    values.chunk_by(|a, b| a == b).max_by_key(|same| same.len()).map_or(0, |same| same[0])
}
