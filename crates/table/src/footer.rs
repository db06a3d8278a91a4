//! Footer of a table: totals, and remarks below the last row.

use crate::{
    cells::is_default_missing_marker,
    columns::ColumnProfiler,
    records::{Record, RecordBatch},
};

/// Rows of the longest footer.
const MAX_ROWS: usize = 5;

/// Rows that a table must have above a footer.
const MIN_ROWS_ABOVE: u64 = 5;

/// Words that begin a row of totals, in lower case.
const TOTAL_WORDS: [&str; 24] = [
    "total",
    "totals",
    "grand total",
    "sum",
    "summe",
    "gesamt",
    "gesamtsumme",
    "insgesamt",
    "totale",
    "totaal",
    "somme",
    "suma",
    "soma",
    "razem",
    "ogółem",
    "celkem",
    "итого",
    "всего",
    "toplam",
    "i alt",
    "totalt",
    "summa",
    "total général",
    "total general",
];

/// The last rows of a table so far.
#[derive(Clone, Debug, Default)]
pub struct LastRows {
    rows: Vec<LastRow>,
    /// Rows before these.
    rows_above: u64,
    /// Cells with a value in the rows before these, of the first batch.
    usual_filled: usize,
}

#[derive(Clone, Debug)]
struct LastRow {
    /// Offset in the file.
    start: u64,
    cells: Vec<String>,
}

impl LastRows {
    /// Adds the next records.
    pub fn add(&mut self, batch: &RecordBatch) {
        if self.usual_filled == 0 {
            let mut filled: Vec<usize> = batch.records().map(|record| filled_cells(record.cells())).collect();
            filled.sort_unstable();
            self.usual_filled = filled.get(filled.len() / 2).copied().unwrap_or(0);
        }
        let kept = batch.len().saturating_sub(MAX_ROWS);
        let new = batch.records().skip(kept).map(|record: Record<'_>| LastRow {
            start: record.span().start,
            cells: record.cells().map(str::to_owned).collect(),
        });
        self.rows.extend(new);
        let surplus = self.rows.len().saturating_sub(MAX_ROWS);
        self.rows.drain(..surplus);
        self.rows_above += batch.len() as u64;
    }

    /// Offset in the file of the first row of the footer; `None`: there is none.
    pub fn footer_start(&self, columns: &[ColumnProfiler]) -> Option<u64> {
        if self.rows_above < MIN_ROWS_ABOVE + self.rows.len() as u64 || columns.len() < 2 {
            return None;
        }
        let is_footer = |row: &&LastRow| is_total(row, columns) || self.is_remark(row, columns);
        // Between the totals and a remark an empty row may stand.
        let footer = self.rows.iter().rev().take_while(|row| is_footer(row) || filled_cells(row.cells.iter()) == 0);
        footer.filter(is_footer).last().map(|row| row.start)
    }

    /// True if few cells of a row have a value, and the first of them is text in a column of numbers or dates.
    fn is_remark(&self, row: &LastRow, columns: &[ColumnProfiler]) -> bool {
        let filled = filled_cells(row.cells.iter());
        let first = row.cells.iter().position(|cell| !cell.trim().is_empty());
        let Some((column, profiler)) = first.and_then(|column| Some((column, columns.get(column)?))) else {
            return false;
        };
        let has_letters = row.cells[column].chars().any(char::is_alphabetic);
        filled * 3 <= self.usual_filled && has_letters && has_numbers_or_dates(profiler)
            || filled == 1 && self.usual_filled >= 3 && row.cells[column].split_whitespace().nth(2).is_some()
    }
}

/// True if a row begins with a word for a total that occurs nowhere else in its column.
fn is_total(row: &LastRow, columns: &[ColumnProfiler]) -> bool {
    let first = row.cells.iter().position(|cell| !cell.trim().is_empty());
    let Some((column, profiler)) = first.and_then(|column| Some((column, columns.get(column)?))) else { return false };
    let word = row.cells[column].trim().trim_end_matches(':').to_lowercase();
    let is_unique = profiler
        .distinct
        .texts()
        .iter()
        .filter(|text| text.text == row.cells[column].trim())
        .all(|text| profiler.distinct.count_of(text) == 1);
    let has_number = row.cells[column + 1..].iter().any(|cell| cell.bytes().any(|byte| byte.is_ascii_digit()));
    TOTAL_WORDS.contains(&word.as_str()) && is_unique && has_number
}

fn has_numbers_or_dates(profiler: &ColumnProfiler) -> bool {
    (profiler.numbers + profiler.dates) * 10 >= profiler.present() * 9 && profiler.present() > 0
}

fn filled_cells<T: AsRef<str>>(cells: impl Iterator<Item = T>) -> usize {
    cells.filter(|cell| !is_default_missing_marker(cell.as_ref())).count()
}
