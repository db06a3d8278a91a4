//! What was read as well as could be, counted so that a million equal troubles are one sentence.

use pinhole_protocol::table::TableWarning;

/// Warnings that are told one by one; of more, the number is told.
const MAX_WARNINGS: usize = 200;

/// What can be odd about a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// It has fewer cells than the table has columns.
    Short(usize),
    /// It has more cells, and there is something in them.
    Long(usize),
    /// A quote opens a cell and has no partner.
    UnclosedQuote,
    /// Text follows a closing quote.
    TextAfterQuote,
    /// It has more cells than are read.
    TooManyCells,
    /// It is longer than is read.
    Overlong,
    /// An empty line stands before it.
    BlankLine,
    /// Bytes that are no characters of the encoding.
    NotInEncoding,
    /// NUL characters.
    Nul,
    /// The header names fewer columns than most rows have.
    ShortHeader(usize),
    /// Empty, and nothing but such rows follow.
    EmptyAtEnd,
}

/// All that was noticed in a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes {
    counted: Vec<Counted>,
    more: u64,
}

#[derive(Clone, Debug)]
struct Counted {
    note: Note,
    rows: u64,
    first_row: u64,
}

impl Notes {
    /// Takes note of `rows` rows, of which `row` is the first.
    pub(super) fn add(&mut self, note: Note, row: u64, rows: u64) {
        if let Some(counted) = self.counted.iter_mut().find(|counted| counted.note == note) {
            counted.rows += rows;
        } else if self.counted.len() < MAX_WARNINGS {
            self.counted.push(Counted { note, rows, first_row: row });
        } else {
            self.more += rows;
        }
    }

    /// One sentence for each kind of trouble, in the order of their first rows. `width` is the number of columns, `has_header` whether a header says so.
    pub(super) fn sentences(&self, width: usize, has_header: bool) -> Vec<TableWarning> {
        let mut sentences: Vec<_> = self.counted.iter().map(|counted| counted.sentence(width, has_header)).collect();
        sentences.sort_by(|one, other| (one.row, &one.message).cmp(&(other.row, &other.message)));
        sentences
    }

    /// Rows whose trouble is in none of the sentences.
    pub(super) const fn more(&self) -> u64 {
        self.more
    }
}

impl Counted {
    fn sentence(&self, width: usize, has_header: bool) -> TableWarning {
        let Self { note, rows, first_row } = *self;
        let table = if has_header { "the header" } else { "the table" };
        let (what, done) = match note {
            Note::Short(cells) => (
                format!("{} {}, {table} {}", have(rows), counted(cells, "cell"), width),
                "the missing ones are read as empty",
            ),
            Note::Long(cells) => (
                format!("{} {}, {table} {}", have(rows), counted(cells, "cell"), width),
                "those beyond the last column are not used",
            ),
            Note::UnclosedQuote => (
                format!("{} a quote that opens a cell and is never closed", have(rows)),
                "it is read as an ordinary character",
            ),
            Note::TextAfterQuote => (
                format!("{} text between a closing quote and the end of the cell", have(rows)),
                "it is read as part of the cell",
            ),
            Note::TooManyCells => {
                (format!("{} more than {} cells", have(rows), super::lexer::MAX_COLUMNS), "the rest is not read")
            }
            Note::Overlong => {
                (format!("{} more than {} bytes", have(rows), super::stream::MAX_RECORD_BYTES), "the rest is not read")
            }
            Note::ShortHeader(names) => {
                let what = format!("The header has {} and most rows have {width} cells", counted(names, "name"));
                return TableWarning { row: None, message: format!("{what}: the last columns have no name.") };
            }
            Note::BlankLine => (counted_u64(rows, "blank line"), "passed over"),
            Note::NotInEncoding => (
                format!("{} bytes that are no characters in this encoding", have(rows)),
                "they are read as \u{fffd}; another encoding may be right",
            ),
            Note::Nul => (format!("{} NUL characters", have(rows)), "they are kept as text"),
            Note::EmptyAtEnd => {
                let rows = if rows == 1 { "1 row at the end is".into() } else { format!("{rows} rows at the end are") };
                (format!("{rows} empty"), "left out")
            }
        };
        let message =
            if rows == 1 { format!("{what}: {done}.") } else { format!("{what}: {done} (first: row {first_row}).") };
        TableWarning { row: Some(first_row), message }
    }
}

fn have(rows: u64) -> String {
    if rows == 1 { "1 row has".into() } else { format!("{rows} rows have") }
}

fn counted(count: usize, noun: &str) -> String {
    counted_u64(count as u64, noun)
}

fn counted_u64(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
