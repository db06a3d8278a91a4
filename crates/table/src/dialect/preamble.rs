//! Detection of a preamble.

use crate::records::RecordBatch;

/// Records of the longest preamble that is detected.
const MAX_ROWS: usize = 50;

/// Records among which a blank line is searched that ends a preamble.
const MAX_ROWS_ABOVE_BLANK: usize = 15;

/// Number of records before the table: titles, remarks and blank lines, which have far fewer non-empty cells than the
/// rows of the table.
pub(super) fn preamble_rows(records: &RecordBatch) -> usize {
    let widths: Vec<usize> = records.records().map(|record| record.len()).collect();
    let filled: Vec<usize> =
        records.records().map(|record| record.cells().filter(|cell| !cell.trim().is_empty()).count()).collect();
    let is_separator_line = |line: &str| line.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("sep="));
    // Excel's separator line.
    let first = usize::from(!widths.is_empty() && is_separator_line(records.record(0).cell(0)));
    let (width, usual_filled) = (most_frequent(&widths, &filled), most_frequent(&filled, &filled));
    if width < 2 || widths.len() < first + 3 {
        return first;
    }
    let is_preamble = |row: usize| {
        let is_remark = records.record(row).cell(0).starts_with('#') && widths[row] != width;
        filled[row] == 0 || 2 * filled[row] < usual_filled || widths[row] == 1 || is_remark
    };
    // The first line of a Campbell logger's file is about the logger, and as wide as the table.
    let is_logger = |row: usize| ["TOA5", "TOACI1", "TOB1"].contains(&records.record(row).cell(0));
    let mut rows = (first..widths.len()).take_while(|&row| is_preamble(row) || is_logger(row)).count();
    // What stands above a blank line is a preamble if it has fewer cells than the table, however few these are.
    let blank = (first..widths.len().min(first + MAX_ROWS_ABOVE_BLANK)).rev().find(|&row| filled[row] == 0);
    if let Some(blank) = blank.filter(|&blank| (first..blank).all(|row| filled[row] < usual_filled)) {
        rows = rows.max(blank - first);
    }
    let has_table = rows <= MAX_ROWS && first + rows < widths.len();
    // Blank lines at the beginning of the file are skipped by the reader anyway.
    if has_table && (first..first + rows).any(|row| filled[row] > 0) { first + rows } else { first }
}

/// Most frequent value among the records with a non-empty cell; of equally frequent ones the greatest.
fn most_frequent(values: &[usize], filled: &[usize]) -> usize {
    let mut values: Vec<usize> =
        values.iter().zip(filled).filter(|&(_, &filled)| filled > 0).map(|(&value, _)| value).collect();
    values.sort_unstable();
    values.chunk_by(|a, b| a == b).max_by_key(|same| same.len()).map_or(0, |same| same[0])
}
