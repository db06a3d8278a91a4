//! Footer of a table: totals, and remarks below the last row.

use crate::{
    cells::is_default_missing_marker,
    columns::{ColumnProfiler, Profiler},
    records::{Record, RecordBatch},
};

/// Rows of the longest footer.
const MAX_ROWS: usize = 5;

/// Rows that a table must have above a footer.
const MIN_ROWS_ABOVE: u64 = 5;

/// Words that begin a row of sums, in lower case.
const SUM_WORDS: [&str; 26] = [
    "total",
    "totals",
    "grand total",
    "subtotal",
    "sum",
    "summe",
    "zwischensumme",
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

/// Words that begin a row of other statistics, in lower case.
const STATISTIC_WORDS: [&str; 16] = [
    "average",
    "avg",
    "mean",
    "median",
    "min",
    "max",
    "minimum",
    "maximum",
    "mittelwert",
    "durchschnitt",
    "moyenne",
    "media",
    "promedio",
    "média",
    "gemiddelde",
    "średnia",
];

/// Words that begin a remark below a table, in lower case.
const REMARK_WORDS: [&str; 14] = [
    "source",
    "quelle",
    "fuente",
    "fonte",
    "bron",
    "note",
    "eof",
    "end of",
    "rows",
    "file created",
    "generated",
    "created",
    "exported",
    "stand:",
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

    /// Offset in the file of the first row of the footer; `None`: there is none. `profiler` has seen all rows.
    pub fn footer_start(&self, profiler: &Profiler) -> Option<u64> {
        if self.rows_above < MIN_ROWS_ABOVE + self.rows.len() as u64 || profiler.columns().len() < 2 {
            return None;
        }
        let is_footer = |row: &&LastRow| is_total(row, profiler) || self.is_remark(row, profiler.columns());
        // Between the totals and a remark an empty row may stand.
        let footer = self.rows.iter().rev().take_while(|row| is_footer(row) || filled_cells(row.cells.iter()) == 0);
        footer.filter(is_footer).last().map(|row| row.start)
    }

    /// True if few cells of a row have a value, and they are a remark: text in a column of numbers or dates, or a line
    /// of its own that reads like one.
    fn is_remark(&self, row: &LastRow, columns: &[ColumnProfiler]) -> bool {
        let filled = filled_cells(row.cells.iter());
        let Some(column) = first_filled(row) else { return false };
        let text = row.cells[column].trim().to_lowercase();
        let has_letters = text.chars().any(char::is_alphabetic);
        let is_alone = filled == 1 && self.usual_filled >= 2;
        let reads_so = text.starts_with('(') || REMARK_WORDS.iter().any(|word| text.starts_with(word));
        is_alone && has_letters && (reads_so || self.usual_filled >= 3 && text.split_whitespace().nth(2).is_some())
            || filled * 3 <= self.usual_filled && has_letters && columns.get(column).is_some_and(has_numbers_or_dates)
    }
}

fn first_filled(row: &LastRow) -> Option<usize> {
    row.cells.iter().position(|cell| !cell.trim().is_empty())
}

/// True if a row holds the sums of numeric columns, or other statistics of them under their name.
///
/// A name for a sum alone is no proof, as it can be a word or a brand like the others of its column: some number must be
/// the sum of the others, or a cell be empty where no other row has an empty one.
fn is_total(row: &LastRow, profiler: &Profiler) -> bool {
    let Some(first) = first_filled(row) else { return false };
    let word = row.cells.iter().map(|cell| cell.trim().trim_end_matches(':').to_lowercase());
    let is_named_sum = word.clone().any(|word| SUM_WORDS.contains(&word.as_str()));
    let is_named_statistic = word.clone().any(|word| STATISTIC_WORDS.contains(&word.as_str()));
    let numbers = row.cells.iter().enumerate().filter_map(|(column, cell)| {
        let statistics = profiler.columns().get(column).filter(|statistics| has_numbers(statistics))?;
        Some((statistics, profiler.number(column, cell)?))
    });
    let numbers: Vec<(&ColumnProfiler, f64)> = numbers.collect();
    let sums = numbers.iter().filter(|(statistics, value)| is_sum(statistics, *value)).count();
    // Without a name: the first columns are empty, and every number is a sum.
    let is_nameless = first > 0 && sums == numbers.len() && sums > 0;
    let contradicts = row.cells[first].chars().any(char::is_alphabetic)
        && profiler.columns().get(first).is_some_and(has_numbers_or_dates);
    let has_gap = row.cells.iter().enumerate().any(|(column, cell)| {
        let is_full = |statistics: &ColumnProfiler| statistics.missing <= MAX_ROWS as u64;
        cell.trim().is_empty() && profiler.columns().get(column).is_some_and(is_full)
    });
    is_named_sum && !numbers.is_empty() && (sums > 0 || contradicts || has_gap)
        || is_named_statistic && contradicts && !numbers.is_empty()
        || is_nameless
}

/// True if a value of a column is the sum of the others, within what rounding or another total row leaves.
fn is_sum(statistics: &ColumnProfiler, value: f64) -> bool {
    const TOLERANCE: f64 = 0.005;
    let others = statistics.sum - value;
    let is_near = |sum: f64| (sum - value).abs() <= TOLERANCE * value.abs();
    // Below a subtotal of all rows the others sum up to twice the total.
    value != 0.0 && statistics.numbers > 3 && (is_near(others) || is_near(others / 2.0))
}

fn has_numbers(profiler: &ColumnProfiler) -> bool {
    profiler.numbers * 10 >= profiler.present() * 9 && profiler.numbers > 0
}

fn has_numbers_or_dates(profiler: &ColumnProfiler) -> bool {
    (profiler.numbers + profiler.dates) * 10 >= profiler.present() * 8 && profiler.present() > 0
}

fn filled_cells<T: AsRef<str>>(cells: impl Iterator<Item = T>) -> usize {
    cells.filter(|cell| !is_default_missing_marker(cell.as_ref())).count()
}
