//! Reader of a table: preamble, header and rows, with the width of the table and the issues of its records.

use std::ops::Range;

use pinhole_protocol::table::{Dialect, TableWarning};

use super::{
    aligned_names::aligned_names,
    csv_syntax::CsvSyntax,
    limits::{MAX_BATCH_RECORDS, MAX_COLUMNS, MAX_RECORD_BYTES, PIECE_BYTES},
    record_batch::{Record, RecordBatch},
    record_issues::{RecordIssue, RecordIssues},
    record_stream::RecordStream,
    reread::read_bytes_at,
    trailing_rows::{TrailingRows, filled_records},
};
use crate::{
    TableError,
    cells::{is_known_unit, is_rule_cell},
    encoding::{byte_order_mark_bytes, decode_text},
    source::Content,
};

/// Records from which the width of the table is determined.
const WIDTH_RECORDS: usize = 200;

/// Rows of a header, at most.
const MAX_HEADER_ROWS: usize = 10;

/// Text between the names of a header of several rows.
const NAME_SEPARATOR: &str = " / ";

/// Bytes per read while the width is determined.
const WIDTH_PIECE_BYTES: usize = 1 << 18;

/// Reads a table from its first row to its last, in batches.
///
/// - Blank lines are skipped in a table of several columns; in a table of one column they are rows with a missing
///   value.
/// - Rows at the end of the file in which every cell is empty are excluded.
/// - Rows keep the cells that they have, fewer or more than [`RecordReader::width`].
///
/// Skipped bytes lie in the gaps between the byte ranges of the rows, so that an export can copy the whole file.
#[derive(Debug)]
pub struct RecordReader {
    stream: RecordStream,
    header: Option<Vec<String>>,
    header_span: Range<u64>,
    width: usize,
    issues: RecordIssues,
    rows_read: u64,
    /// True if the stream has ended.
    is_done: bool,
    /// Empty rows that may be the end of the table.
    trailing: TrailingRows,
    /// True while empty rows are released, as a row that is not empty followed them.
    is_releasing: bool,
    /// The batch after the rows that are released.
    next: Option<RecordBatch>,
    /// Cells of the row of units; empty without one.
    units: Vec<String>,
    /// Offset in the file at which the table ends, if not at the end of the file.
    end: Option<u64>,
}

impl RecordReader {
    /// Reads preamble and header.
    ///
    /// # Errors
    /// If the file cannot be read, the dialect is invalid ([`CsvSyntax::new`]), or the table has [`MAX_COLUMNS`]
    /// columns or more.
    pub fn new(content: &mut Content, dialect: &Dialect) -> Result<Self, TableError> {
        Self::with_piece_bytes(content, dialect, PIECE_BYTES)
    }

    /// [`RecordReader::new`] with `piece_bytes` per read instead of [`PIECE_BYTES`]; the rows do not depend on it.
    ///
    /// # Errors
    /// As [`RecordReader::new`].
    pub fn with_piece_bytes(content: &mut Content, dialect: &Dialect, piece_bytes: usize) -> Result<Self, TableError> {
        let syntax = CsvSyntax::new(dialect)?;
        let mut start = [0; 3];
        let count = content.read_at(0, &mut start)?;
        let mark = byte_order_mark_bytes(dialect.encoding, &start[..count]);
        let mut stream = RecordStream::new(syntax, dialect.encoding, mark, piece_bytes.max(1));
        for _ in 0..dialect.preamble_rows {
            next_record(&mut stream, content)?;
        }
        stream.skips_blank_lines = true;
        let mut header: Option<Vec<String>> = None;
        let mut header_span = stream.offset()..stream.offset();
        let header_rows = if dialect.has_header { dialect.header_rows.clamp(1, MAX_HEADER_ROWS) } else { 0 };
        let mut rows_of_names = Vec::new();
        for _ in 0..header_rows {
            let Some(batch) = next_record(&mut stream, content)? else { break };
            let record = batch.record(0);
            header_span = record.span();
            rows_of_names.push(record.cells().map(str::to_owned).collect::<Vec<_>>());
        }
        if !rows_of_names.is_empty() {
            header = Some(joined_names(&rows_of_names));
        }
        let usual_width = usual_width(content, dialect, syntax, stream.offset())?;
        if let Some(header) = &mut header
            && rows_of_names.len() == 1
            && header.len() > usual_width
            && syntax.merges_delimiter_runs()
            && let Some(names) = names_by_position(content, dialect, &header_span)?.filter(|it| it.len() == usual_width)
        {
            *header = names;
        }
        // R leaves the names of rows without a heading, and separates by blanks.
        if let Some(header) = &mut header
            && header.len() + 1 == usual_width
            && header.len() > 1
            && matches!(syntax.delimiter, b' ' | b'\t')
        {
            header.insert(0, String::new());
        }
        let mut units = Vec::new();
        for row in 0..dialect.units_rows.min(MAX_HEADER_ROWS) {
            let Some(batch) = next_record(&mut stream, content)? else { break };
            let record = batch.record(0);
            let are_known = record.cells().any(is_known_unit);
            if row == 0 && dialect.units_rows == 1 || are_known && units.is_empty() {
                units = record.cells().map(|cell| bare_unit(cell).to_owned()).collect();
            }
        }
        let mut issues = RecordIssues::default();
        let width = header.as_ref().map_or(0, Vec::len).max(usual_width);
        if width >= MAX_COLUMNS {
            return Err(TableError::TooManyColumns { name: content.name().to_owned(), limit: MAX_COLUMNS - 1 });
        }
        if let Some(header) = &mut header
            && header.len() < width
        {
            issues.add(RecordIssue::ShortHeader(header.len()), 0, 1);
            header.resize(width, String::new());
        }
        stream.skips_blank_lines = width > 1;
        Ok(Self {
            stream,
            header,
            header_span,
            width,
            issues,
            rows_read: 0,
            is_done: false,
            trailing: TrailingRows::default(),
            is_releasing: false,
            next: None,
            units,
            end: dialect.end,
        })
    }

    /// Names of all [`Self::width`] columns as in the file; `None` without a header. The name of a column that most
    /// rows have and the header lacks is empty.
    pub fn header(&self) -> Option<&[String]> {
        self.header.as_deref()
    }

    /// Names of all columns as in the file; as many empty ones if there is no header.
    pub fn header_cells(&self) -> Vec<String> {
        self.header.clone().unwrap_or_else(|| vec![String::new(); self.width])
    }

    /// Units of the columns, without brackets, from the row of units; empty without one.
    pub fn units(&self) -> &[String] {
        &self.units
    }

    /// Byte range of the header in the (decompressed) file, line end included; empty without a header.
    pub fn header_span(&self) -> Range<u64> {
        self.header_span.clone()
    }

    /// Byte range before the header: byte order mark, preamble and blank lines.
    pub fn preamble_span(&self) -> Range<u64> {
        0..self.header_span.start
    }

    /// Number of columns: names of the header, or the usual number of cells of the first rows if that is larger.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Number of rows returned so far.
    pub const fn rows_read(&self) -> u64 {
        self.rows_read
    }

    /// Number of bytes of the (decompressed) file that were consumed.
    pub const fn position(&self) -> u64 {
        self.stream.offset()
    }

    /// One warning per kind of issue found so far.
    pub fn warnings(&self) -> Vec<TableWarning> {
        self.issues.warnings(self.width, self.header.is_some())
    }

    /// Number of rows with issues of which there is no warning, as there are too many kinds.
    pub const fn more_warnings(&self) -> u64 {
        self.issues.uncounted_rows()
    }

    /// Fills the batch with the next rows; returns false, with an empty batch, at the end of the table.
    ///
    /// It reads at most one piece of the file and [`MAX_BATCH_RECORDS`] rows, so that a worker can yield in between;
    /// the batch may be empty although more rows follow.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn next_batch(&mut self, content: &mut Content, batch: &mut RecordBatch) -> Result<bool, TableError> {
        if self.is_releasing {
            self.release(batch);
            return Ok(true);
        }
        if let Some(next) = self.next.take() {
            *batch = next;
        } else if self.is_done {
            self.end(batch);
            return Ok(false);
        } else {
            self.is_done = !self.stream.next_batch(content, batch, MAX_BATCH_RECORDS)?;
            self.stop_at_end(batch);
            let first_row = self.rows_read + self.trailing.count() + 1;
            for (index, issue) in self.stream.issues.drain(..) {
                self.issues.add(issue, first_row + index as u64, 1);
            }
        }
        if self.trailing.count() > 0 && filled_records(batch) > 0 {
            self.next = Some(std::mem::take(batch));
            self.release(batch);
            return Ok(true);
        }
        self.trailing.hold_back(batch);
        self.is_releasing = self.trailing.is_full();
        self.number_rows(batch);
        Ok(true)
    }

    /// Drops the records after the end of the table.
    fn stop_at_end(&mut self, batch: &mut RecordBatch) {
        let Some(end) = self.end else { return };
        let rows = batch.records().take_while(|record| record.span().start < end).count();
        if rows < batch.len() || self.stream.offset() >= end {
            batch.truncate(rows);
            self.stream.issues.retain(|(index, _)| *index < rows);
            self.is_done = true;
        }
    }

    fn release(&mut self, batch: &mut RecordBatch) {
        batch.clear(1);
        self.trailing.release(batch, MAX_BATCH_RECORDS);
        self.is_releasing = self.trailing.count() > 0;
        self.number_rows(batch);
    }

    /// Sets the row numbers and counts rows whose number of cells is not the width.
    fn number_rows(&mut self, batch: &mut RecordBatch) {
        batch.set_first_row(self.rows_read + 1);
        for record in batch.records().filter(|record| record.len() != self.width) {
            if record.len() < self.width {
                self.issues.add(RecordIssue::TooFewCells(record.len()), record.row(), 1);
            } else if (self.width..record.len()).any(|column| !record.cell(column).is_empty()) {
                self.issues.add(RecordIssue::SurplusCells(record.len()), record.row(), 1);
            }
        }
        self.rows_read += batch.len() as u64;
    }

    fn end(&mut self, batch: &mut RecordBatch) {
        batch.clear(self.rows_read + 1);
        if self.trailing.count() > 0 {
            self.issues.add(RecordIssue::EmptyAtEnd, self.rows_read + 1, self.trailing.count());
            self.trailing = TrailingRows::default();
        }
    }
}

/// Names of columns from several rows: those of each column from top to bottom. In the rows above the last, an empty
/// cell after a name belongs to it, as a spreadsheet writes merged cells.
fn joined_names(rows: &[Vec<String>]) -> Vec<String> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut names = vec![String::new(); width];
    for (index, row) in rows.iter().enumerate() {
        let is_last = index + 1 == rows.len();
        let mut group = "";
        for (column, name) in names.iter_mut().enumerate() {
            let cell = row.get(column).map_or("", String::as_str);
            if is_last || !cell.trim().is_empty() {
                group = cell;
            }
            if rows.len() > 1 && !name.is_empty() && !group.trim().is_empty() {
                name.push_str(NAME_SEPARATOR);
            }
            name.push_str(if rows.len() > 1 { group.trim() } else { group });
        }
    }
    names
}

/// A unit without the brackets around it; empty for a rule of dashes.
fn bare_unit(cell: &str) -> &str {
    let cell = cell.trim();
    if is_rule_cell(cell) || cell.bytes().all(|byte| matches!(byte, b'-' | b'=' | b'+')) {
        return "";
    }
    let inner = [('[', ']'), ('(', ')'), ('<', '>'), ('{', '}')]
        .iter()
        .find_map(|(open, close)| cell.strip_prefix(*open)?.strip_suffix(*close));
    inner.unwrap_or(cell).trim()
}

/// A batch of the next record alone; `None` at the end of the file.
fn next_record(stream: &mut RecordStream, content: &mut Content) -> Result<Option<RecordBatch>, TableError> {
    let mut batch = RecordBatch::default();
    loop {
        let has_more = stream.next_batch(content, &mut batch, 1)?;
        if !batch.is_empty() {
            return Ok(Some(batch));
        }
        if !has_more {
            return Ok(None);
        }
    }
}

/// The names in the line at `span`, by the positions of the cells below it.
fn names_by_position(
    content: &mut Content,
    dialect: &Dialect,
    span: &Range<u64>,
) -> Result<Option<Vec<String>>, TableError> {
    const ROWS: usize = 20;
    let read = |content: &mut Content, span: Range<u64>| {
        read_bytes_at(content, span).map(|bytes| decode_text(dialect.encoding, &bytes, true))
    };
    let line = read(content, span.clone())?;
    let text = read(content, span.end..span.end + WIDTH_PIECE_BYTES as u64)?;
    let rows: Vec<&str> = text.lines().filter(|row| !row.trim().is_empty()).take(ROWS).collect();
    Ok(aligned_names(line.trim_end(), &rows))
}

/// The most frequent number of cells of the first records; of equally frequent ones the greatest.
fn usual_width(content: &mut Content, dialect: &Dialect, syntax: CsvSyntax, offset: u64) -> Result<usize, TableError> {
    let mut stream = RecordStream::new(syntax, dialect.encoding, offset, WIDTH_PIECE_BYTES);
    stream.skips_blank_lines = true;
    let mut batch = RecordBatch::default();
    for _ in 0..=MAX_RECORD_BYTES / WIDTH_PIECE_BYTES {
        if !stream.next_batch(content, &mut batch, WIDTH_RECORDS)? || !batch.is_empty() {
            break;
        }
    }
    let is_of_table = |record: &Record<'_>| dialect.end.is_none_or(|end| record.span().start < end);
    let mut counts: Vec<usize> = batch.records().filter(is_of_table).map(|record| record.len()).collect();
    counts.sort_unstable();
    let most = counts.chunk_by(|one, other| one == other).max_by_key(|same| same.len());
    Ok(most.map_or(0, |same| same[0]))
}
