//! Place of the table on its sheet.

use super::rows::Row;

/// Rows from which the layout is found.
pub(super) const LAID_OUT_ROWS: usize = 1000;

/// Place of the table on its sheet: titles above it stay short records, and its rows are padded to its width, as in
/// text. Empty columns to its left are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// First column with a value, from 0.
    first_column: usize,
    /// Columns of the table.
    width: usize,
    /// Index of its first row on the sheet.
    first_row: u32,
}

impl Layout {
    /// Layout of a sheet that begins with these rows.
    pub(super) fn of(rows: &[Row]) -> Self {
        let first_column = rows.iter().filter_map(Row::first_filled).min().unwrap_or(0);
        let end = rows.iter().filter_map(Row::last_filled).max().map_or(1, |last| last + 1);
        let mut filled: Vec<usize> = rows.iter().map(Row::filled).filter(|&count| count > 0).collect();
        filled.sort_unstable();
        let usual = filled.get(filled.len() / 2).copied().unwrap_or(0);
        // As in text, a row of the table has at least half of the usual cells.
        let first_row = rows.iter().find(|row| row.filled() >= 2.min(usual) && 2 * row.filled() >= usual);
        Self { first_column, width: end - first_column, first_row: first_row.map_or(0, |row| row.index) }
    }

    /// Column after the last one of the table, from 0.
    pub(super) const fn end_column(&self) -> u16 {
        (self.first_column + self.width) as u16
    }

    /// Cells of a row as a record of text.
    pub(super) fn record(&self, row: &Row) -> Vec<String> {
        let cells = row.cells.iter().skip(self.first_column);
        let mut record: Vec<String> = cells.map(super::cell_value::CellValue::text).collect();
        while record.last().is_some_and(String::is_empty) {
            record.pop();
        }
        if row.index >= self.first_row && record.len() < self.width {
            record.resize(self.width, String::new());
        }
        record
    }
}

#[cfg(test)]
mod tests {
    use super::{super::cell_value::CellValue, *};

    fn row(index: u32, cells: &[&str]) -> Row {
        let cell = |&text: &&str| if text.is_empty() { CellValue::Empty } else { CellValue::Text(text.into()) };
        Row { index, cells: cells.iter().map(cell).collect() }
    }

    #[test]
    fn titles_stay_short_and_rows_are_padded() {
        let rows = [
            row(0, &["", "Report", ""]),
            row(1, &[]),
            row(2, &["", "a", "b", "c"]),
            row(3, &["", "1", "2"]),
            row(4, &["", "1", "2", "3"]),
        ];
        let layout = Layout::of(&rows);
        assert_eq!(layout, Layout { first_column: 1, width: 3, first_row: 2 });
        let records: Vec<String> = rows.iter().map(|row| layout.record(row).join("|")).collect();
        assert_eq!(records, ["Report", "", "a|b|c", "1|2|", "1|2|3"]);
    }
}
