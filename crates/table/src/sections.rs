//! Sections of a file: several tables, one below the other, apart by blank lines or by lines with a title.

use pinhole_protocol::table::{Dialect, TableWarning};

use crate::{
    TableError,
    dialect::is_value,
    encoding::{byte_order_mark_bytes, is_utf16},
    records::{CsvSyntax, PIECE_BYTES, Record, RecordBatch, RecordStream, read_bytes_at},
    source::Content,
};

/// Rows of the smallest table, its names included.
const MIN_ROWS: usize = 3;

/// Least share of rows, in percent, that have as many cells as the first.
const SAME_WIDTH_PERCENT: usize = 80;

/// Rows of a section whose cells are examined.
const EXAMINED_ROWS: usize = 20;

/// Columns whose cells are examined.
const EXAMINED_COLUMNS: usize = 100;

/// Least share of a column's examined cells, in percent, that are numbers or dates in a column of values.
const VALUES_PERCENT: usize = 80;

/// Tables of a file that are told from each other; more blank lines than ten times as many do not separate tables.
const MAX_TABLES: usize = 50;

/// Rows of the smallest table above or below that is told: pairs of a key and a value, and totals, are none.
const MIN_TOLD_ROWS: usize = 5;

/// Share of the rows of the largest table that another must have to be read instead, if it is above.
const LARGE_SHARE: usize = 5;

/// Bytes below the table in which others are searched, to be told.
const MAX_BYTES_BELOW: u64 = 16 << 20;

/// Consecutive records between blank lines and titles.
#[derive(Clone, Debug, Default)]
struct Section {
    /// Offset in the file, or index among records, of its first record: its title, if there is one.
    start: u64,
    has_title: bool,
    /// Cells of its first record that is no title.
    first: Vec<String>,
    rows: usize,
    /// Rows with as many cells as the first.
    same_width: usize,
    examined: usize,
    /// Numbers and dates per column, among the examined rows without the first.
    values: Vec<usize>,
}

impl Section {
    fn width(&self) -> usize {
        self.first.len()
    }

    fn add(&mut self, record: &Record<'_>) {
        if self.rows == 0 {
            self.first = record.cells().take(EXAMINED_COLUMNS).map(str::to_owned).collect();
        } else if self.examined < EXAMINED_ROWS {
            self.examined += 1;
            self.values.resize(self.width(), 0);
            for (count, cell) in self.values.iter_mut().zip(record.cells()) {
                *count += usize::from(is_value(cell));
            }
        }
        self.rows += 1;
        self.same_width += usize::from(record.len().min(EXAMINED_COLUMNS) == self.width());
    }

    /// True if it can be a table of its own.
    fn is_table(&self) -> bool {
        self.rows >= MIN_ROWS && self.width() >= 2 && self.same_width * 100 >= self.rows * SAME_WIDTH_PERCENT
    }

    fn has_values(&self, column: usize) -> bool {
        self.examined > 0 && self.values.get(column).is_some_and(|count| count * 100 >= self.examined * VALUES_PERCENT)
    }

    /// True if it is another table than the one above it: its rows have another width, or it begins with names.
    fn differs_from(&self, above: &Self) -> bool {
        self.width() != above.width() || self.first == above.first || self.begins_with_names(above)
    }

    /// True if its first row has names, each another, where the table above and its own rows have values.
    fn begins_with_names(&self, above: &Self) -> bool {
        let mut names: Vec<&str> = self.first.iter().map(|cell| cell.trim()).filter(|name| !name.is_empty()).collect();
        let count = names.len();
        let are_words = names.iter().all(|name| !is_value(name));
        names.sort_unstable();
        names.dedup();
        let columns = 0..self.width();
        are_words
            && count >= 2
            && names.len() == count
            && columns.clone().any(|column| above.has_values(column) && !self.first[column].trim().is_empty())
            && columns.clone().any(|column| self.has_values(column))
    }
}

/// A table of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableSection {
    /// Offset in the file, or index among records, of its title or its first record.
    pub start: u64,
    /// Records, that with the names included.
    pub rows: usize,
    /// True if it is no preamble: a few lines of names and words.
    is_told: bool,
}

/// Divides records, in the file's order, into tables.
#[derive(Clone, Debug, Default)]
pub struct Sections {
    /// The tables so far; rows that are no table of their own belong to the one above.
    tables: Vec<Section>,
    open: Section,
    /// True if the open section is the rest of a table whose names are known.
    is_first: bool,
    has_gap: bool,
    gaps: usize,
}

impl Sections {
    /// Sections below the names of a table.
    pub fn below(header: &[String]) -> Self {
        let first: Vec<String> = header.iter().take(EXAMINED_COLUMNS).cloned().collect();
        // Cells of lines without a delimiter do not tell tables apart.
        let gaps = if header.len() < 2 { usize::MAX } else { 0 };
        let open = Section { first, rows: 1, same_width: 1, ..Section::default() };
        Self { open, is_first: true, gaps, ..Self::default() }
    }

    /// Adds a record. `start` is its offset or index; `has_gap`: a blank line is above it.
    pub fn add(&mut self, record: &Record<'_>, start: u64, has_gap: bool) {
        if self.gaps > 10 * MAX_TABLES {
            return;
        }
        if record.is_blank() {
            self.has_gap = true;
            return;
        }
        let is_title = record.cell(1).is_empty() && (2..record.len()).all(|column| record.cell(column).is_empty());
        let is_break = has_gap || self.has_gap || is_title && self.open.width() >= 2 && self.open.rows > 0;
        self.has_gap = false;
        if is_break && (self.open.rows > 0 || self.open.has_title) {
            // A blank line between a title and its table.
            let belongs_to_title = self.open.rows == 0 && !is_title;
            if !belongs_to_title {
                self.close();
                self.open.start = start;
            }
        }
        if self.open.rows == 0 && !self.open.has_title {
            self.open.start = start;
        }
        if is_title && self.open.rows == 0 {
            self.open.has_title = true;
        } else {
            self.open.add(record);
        }
    }

    /// Ends the open section: it is a table, or belongs to the one above.
    fn close(&mut self) {
        self.gaps = self.gaps.saturating_add(1);
        let section = std::mem::take(&mut self.open);
        let is_first = std::mem::take(&mut self.is_first);
        let is_table = section.is_table() || is_first;
        let has_room = self.tables.len() < MAX_TABLES;
        match self.tables.last_mut() {
            Some(above) if !is_table || !section.differs_from(above) => {
                above.rows += section.rows;
                above.same_width += section.same_width;
            }
            _ if is_table && has_room => self.tables.push(section),
            _ => {}
        }
    }

    /// The tables, if all records were added.
    pub fn tables(mut self) -> Vec<TableSection> {
        self.close();
        let is_spaced = self.gaps > 10 * MAX_TABLES;
        let tables = self.tables.iter().take(if is_spaced { 1 } else { MAX_TABLES });
        let is_told = |section: &Section| {
            section.rows >= MIN_TOLD_ROWS
                && section.width() > 2
                && (0..section.width()).any(|at| section.has_values(at))
        };
        let table =
            |section: &Section| TableSection { start: section.start, rows: section.rows, is_told: is_told(section) };
        tables.map(table).collect()
    }

    /// Offset of the second table, if all records were added: where the first ends.
    pub fn end_of_first(&self) -> Option<u64> {
        self.clone().tables().get(1).map(|table| table.start)
    }
}

/// The first large table of several: the first that has a fifth of the rows of the largest. `None`: there is one table at
/// most, or most of the `records` are in none.
pub fn first_large(tables: &[TableSection], records: usize) -> Option<usize> {
    let most = tables.iter().map(|table| table.rows).max()?;
    let within: usize = tables.iter().map(|table| table.rows).sum();
    if tables.len() < 2 || within * 100 < records * SAME_WIDTH_PERCENT {
        return None;
    }
    tables.iter().position(|table| table.rows * LARGE_SHARE >= most)
}

/// Offset at which the table that begins at `start` ends, as another one begins; `None`: not within the first megabyte.
///
/// # Errors
/// An error of [`Content::read_at`].
pub fn end_of_table(content: &mut Content, dialect: &Dialect, start: u64) -> Result<Option<u64>, TableError> {
    let mut sections = Sections::default();
    add_records(content, dialect, start..start + PIECE_BYTES as u64, &mut sections)?;
    Ok(sections.end_of_first())
}

/// A sentence about the other tables of a file, by their lines; `None`: there are none. The table that is read begins at
/// `start`.
///
/// # Errors
/// An error of [`Content::read_at`].
pub fn other_tables(content: &mut Content, dialect: &Dialect, start: u64) -> Result<Option<TableWarning>, TableError> {
    const SHOWN: usize = 5;
    let mut above = Sections::default();
    let mark = byte_order_mark_bytes(dialect.encoding, &read_bytes_at(content, 0..3)?);
    add_records(content, dialect, mark..start, &mut above)?;
    let mut tables = if start > mark { above.tables() } else { Vec::new() };
    if let Some(end) = dialect.end {
        let mut below = Sections::default();
        add_records(content, dialect, end..end + MAX_BYTES_BELOW, &mut below)?;
        tables.extend(below.tables());
    }
    tables.retain(|table| table.is_told);
    if tables.is_empty() {
        return Ok(None);
    }
    let lines = tables.iter().take(SHOWN).map(|table| line_number(content, dialect, table.start));
    let lines: Vec<String> = lines.collect::<Result<Vec<u64>, TableError>>()?.iter().map(u64::to_string).collect();
    let more = if tables.len() > SHOWN { format!(" and {} more", tables.len() - SHOWN) } else { String::new() };
    let (others, line) = if tables.len() == 1 { ("Another table", "line") } else { ("Other tables", "lines") };
    let message = format!(
        "{others} of the file, from {line} {}{more} on, {} not read: only the first large one is. Save each in a file of its \
         own.",
        lines.join(", "),
        if tables.len() == 1 { "is" } else { "are" },
    );
    Ok(Some(TableWarning { row: None, message }))
}

/// Adds the records that begin within a range of the file.
fn add_records(
    content: &mut Content,
    dialect: &Dialect,
    range: std::ops::Range<u64>,
    sections: &mut Sections,
) -> Result<(), TableError> {
    let mut stream = RecordStream::new(CsvSyntax::new(dialect)?, dialect.encoding, range.start, PIECE_BYTES);
    stream.skips_blank_lines = true;
    let mut batch = RecordBatch::default();
    let mut end = range.start;
    loop {
        let has_more = stream.next_batch(content, &mut batch, usize::MAX)?;
        for record in batch.records() {
            let span = record.span();
            if span.start >= range.end {
                return Ok(());
            }
            sections.add(&record, span.start, span.start > end);
            end = span.end;
        }
        if !has_more || stream.offset() >= range.end {
            return Ok(());
        }
    }
}

/// Number of the line, from 1, that begins at an offset.
fn line_number(content: &mut Content, dialect: &Dialect, offset: u64) -> Result<u64, TableError> {
    let unit_bytes = if is_utf16(dialect.encoding) { 2 } else { 1 };
    let mut line = 1;
    let mut position = 0;
    while position < offset {
        let bytes = read_bytes_at(content, position..offset.min(position + PIECE_BYTES as u64))?;
        if bytes.is_empty() {
            break;
        }
        let units = bytes.chunks(unit_bytes).map(|unit| unit.iter().copied().max().unwrap_or(0));
        line += units.filter(|&unit| unit == b'\n').count() as u64;
        position += bytes.len() as u64;
    }
    Ok(line)
}
