//! Issues of records, counted per kind so that a million equal issues are one warning.

use pinhole_protocol::table::{TableWarning, TextEncoding};

use super::limits::{MAX_COLUMNS, MAX_RECORD_BYTES};
use crate::encoding::has_single_bytes;

/// Different issues that are counted one by one.
const MAX_ISSUES: usize = 200;

/// Irregularity of a record, which is read nevertheless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecordIssue {
    /// It has fewer cells (this many) than the table has columns.
    TooFewCells(usize),
    /// It has more cells (this many) than the table has columns, and the surplus is not empty.
    SurplusCells(usize),
    /// A quote opens a cell and is never closed.
    UnclosedQuote,
    /// Text follows a closing quote.
    TextAfterQuote,
    /// It has more than [`MAX_COLUMNS`] cells.
    TooManyCells,
    /// It has more than [`MAX_RECORD_BYTES`] bytes.
    Overlong,
    /// A blank line precedes it.
    BlankLine,
    /// A remark precedes it.
    Remark,
    /// It has bytes that are invalid in this encoding, the file's.
    InvalidBytes(TextEncoding),
    /// It has NUL characters.
    Nul,
    /// The header has fewer names (this many) than most rows have cells.
    ShortHeader(usize),
    /// It is empty, and so are all records after it.
    EmptyAtEnd,
}

/// Counts of the issues of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct RecordIssues {
    counts: Vec<IssueCount>,
    uncounted_rows: u64,
}

#[derive(Clone, Debug)]
struct IssueCount {
    issue: RecordIssue,
    rows: u64,
    first_row: u64,
}

impl RecordIssues {
    /// Adds an issue of `rows` rows, the first of which is `row`.
    pub(super) fn add(&mut self, issue: RecordIssue, row: u64, rows: u64) {
        if let Some(count) = self.counts.iter_mut().find(|count| count.issue == issue) {
            count.rows += rows;
        } else if self.counts.len() < MAX_ISSUES {
            self.counts.push(IssueCount { issue, rows, first_row: row });
        } else {
            self.uncounted_rows += rows;
        }
    }

    /// One warning per kind of issue, ordered by first row. `width` is the number of columns.
    pub(super) fn warnings(&self, width: usize, has_header: bool) -> Vec<TableWarning> {
        let mut warnings: Vec<_> = self.counts.iter().map(|count| count.warning(width, has_header)).collect();
        warnings.sort_by(|one, other| (one.row, &one.message).cmp(&(other.row, &other.message)));
        warnings
    }

    /// Number of rows with issues beyond the first [`MAX_ISSUES`], of which there is no warning.
    pub(super) const fn uncounted_rows(&self) -> u64 {
        self.uncounted_rows
    }
}

impl IssueCount {
    fn warning(&self, width: usize, has_header: bool) -> TableWarning {
        let Self { issue, rows, first_row } = *self;
        let table = if has_header { "the header" } else { "the table" };
        let (problem, remedy) = match issue {
            RecordIssue::TooFewCells(cells) => (
                format!("{} {}, {table} {}", rows_have(rows), counted(cells as u64, "cell"), width),
                "the missing ones are read as empty",
            ),
            RecordIssue::SurplusCells(cells) => (
                format!("{} {}, {table} {}", rows_have(rows), counted(cells as u64, "cell"), width),
                "those beyond the last column are not used",
            ),
            RecordIssue::UnclosedQuote => (
                format!("{} a quote that opens a cell and is never closed", rows_have(rows)),
                "it is read as an ordinary character",
            ),
            RecordIssue::TextAfterQuote => (
                format!("{} text between a closing quote and the end of the cell", rows_have(rows)),
                "it is read as part of the cell",
            ),
            RecordIssue::TooManyCells => {
                (format!("{} more than {} cells", rows_have(rows), MAX_COLUMNS), "the rest is not read")
            }
            RecordIssue::Overlong => {
                (format!("{} more than {} bytes", rows_have(rows), MAX_RECORD_BYTES), "the rest is not read")
            }
            RecordIssue::ShortHeader(names) => {
                let problem =
                    format!("The header has {} and most rows have {width} cells", counted(names as u64, "name"));
                return TableWarning { row: None, message: format!("{problem}: the last columns have no name.") };
            }
            RecordIssue::BlankLine => (counted(rows, "blank line"), "skipped"),
            RecordIssue::Remark => (counted(rows, "remark"), "not read as rows"),
            RecordIssue::InvalidBytes(encoding) => (
                format!("{} bytes that are invalid in {}", rows_have(rows), encoding.label()),
                match encoding {
                    TextEncoding::Utf8 => "they are read as windows-1252; perhaps two files were joined",
                    _ if has_single_bytes(encoding) => {
                        "they are read as UTF-8 where they can be, else as \u{fffd}; perhaps two files were joined, or \
                         another encoding is right"
                    }
                    _ => "they are read as \u{fffd}; another encoding may be right",
                },
            ),
            RecordIssue::Nul => (format!("{} NUL characters", rows_have(rows)), "they are kept as text"),
            RecordIssue::EmptyAtEnd => {
                let rows = if rows == 1 { "1 row at the end is".into() } else { format!("{rows} rows at the end are") };
                (format!("{rows} empty"), "left out")
            }
        };
        let message = if rows == 1 {
            format!("{problem}: {remedy}.")
        } else {
            format!("{problem}: {remedy} (first: row {first_row}).")
        };
        TableWarning { row: Some(first_row), message }
    }
}

fn rows_have(rows: u64) -> String {
    if rows == 1 { "1 row has".into() } else { format!("{rows} rows have") }
}

fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
