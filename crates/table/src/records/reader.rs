//! A table's rows: what stands before them, how many cells they should have, and what was odd about them.

use std::ops::Range;

use pinhole_protocol::table::{Dialect, TableWarning};

use super::batch::RecordBatch;
use super::lexer::MAX_COLUMNS;
use super::notes::{Note, Notes};
use super::rules::Rules;
use super::stream::{MAX_BATCH_RECORDS, MAX_RECORD_BYTES, PIECE_BYTES, Stream};
use super::text::mark_bytes;
use super::trailing::{EmptyRows, filled};
use crate::TableError;
use crate::source::Content;

/// Records whose number of cells says how wide the table is.
const SURVEYED_RECORDS: usize = 200;

/// Bytes of the file that are surveyed.
const SURVEYED_BYTES: usize = 1 << 18;

/// Reads a table from its first row to its last, in batches.
///
/// - Lines without a character are passed over where the table has several columns; where it has one, they are rows
///   without a value.
/// - Rows at the end of the file in which every cell is empty are left out.
/// - Rows keep the cells that they have, fewer or more than [`RecordReader::width`].
///
/// What was passed over lies in the gaps between the rows' spans, so that nothing of the file is lost to an export.
#[derive(Debug)]
pub struct RecordReader {
    stream: Stream,
    header: Option<Vec<String>>,
    header_span: Range<u64>,
    width: usize,
    notes: Notes,
    rows_read: u64,
    is_done: bool,
    empty: EmptyRows,
    /// Empty rows are given back, as a row with a value followed.
    is_giving_back: bool,
    /// That row and those after it.
    held: Option<RecordBatch>,
}

impl RecordReader {
    /// Reads preamble and header.
    ///
    /// # Errors
    /// When the file cannot be read, the dialect is no dialect, or the table has more than [`MAX_COLUMNS`] columns.
    pub fn new(content: &mut Content, dialect: &Dialect) -> Result<Self, TableError> {
        Self::with_piece_bytes(content, dialect, PIECE_BYTES)
    }

    /// [`RecordReader::new`] that reads so many bytes at once. The rows are the same for each number.
    ///
    /// # Errors
    /// As [`RecordReader::new`].
    pub fn with_piece_bytes(content: &mut Content, dialect: &Dialect, piece_bytes: usize) -> Result<Self, TableError> {
        let rules = Rules::new(dialect)?;
        let mut start = [0; 3];
        let count = content.read_at(0, &mut start)?;
        let mark = mark_bytes(dialect.encoding, &start[..count]);
        let mut stream = Stream::new(rules, dialect.encoding, mark, piece_bytes.max(1));
        for _ in 0..dialect.preamble_rows {
            one_record(&mut stream, content)?;
        }
        stream.skips_blank = true;
        let mut header = None;
        let mut header_span = stream.offset()..stream.offset();
        if dialect.has_header
            && let Some(batch) = one_record(&mut stream, content)?
        {
            let record = batch.record(0);
            header_span = record.span();
            header = Some(record.cells().map(str::to_owned).collect::<Vec<_>>());
        }
        let mut notes = Notes::default();
        let usual = usual_cells(content, dialect, rules, stream.offset())?;
        let width = header.as_ref().map_or(0, Vec::len).max(usual);
        if width >= MAX_COLUMNS {
            return Err(TableError::TooManyColumns { name: content.name().to_owned(), limit: MAX_COLUMNS - 1 });
        }
        if let Some(header) = &mut header
            && header.len() < width
        {
            notes.add(Note::ShortHeader(header.len()), 0, 1);
            header.resize(width, String::new());
        }
        stream.skips_blank = width > 1;
        Ok(Self {
            stream,
            header,
            header_span,
            width,
            notes,
            rows_read: 0,
            is_done: false,
            empty: EmptyRows::default(),
            is_giving_back: false,
            held: None,
        })
    }

    /// Names of the columns as they stand in the file; `None` without a header. Columns that it does not name, though
    /// most rows have them, are empty.
    pub fn header(&self) -> Option<&[String]> {
        self.header.as_deref()
    }

    /// Where the header lies in the (decompressed) file, line end included; empty without one.
    pub fn header_span(&self) -> Range<u64> {
        self.header_span.clone()
    }

    /// What lies before the header: byte order mark, preamble and blank lines.
    pub fn preamble_span(&self) -> Range<u64> {
        0..self.header_span.start
    }

    /// Columns: the header's, or more if most of the first rows have more.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Rows given out.
    pub const fn rows_read(&self) -> u64 {
        self.rows_read
    }

    /// Bytes of the (decompressed) file that are dealt with.
    pub const fn position(&self) -> u64 {
        self.stream.offset()
    }

    /// What was noticed so far, a sentence for each kind of trouble.
    pub fn warnings(&self) -> Vec<TableWarning> {
        self.notes.sentences(self.width, self.header.is_some())
    }

    /// Rows with trouble that none of the warnings tells.
    pub const fn more_warnings(&self) -> u64 {
        self.notes.more()
    }

    /// Fills the batch with the next rows: at most [`MAX_BATCH_RECORDS`], and of one piece of the file, so that a worker
    /// can see to other things in between. It may be empty although more follows; `false`: the table has ended, and the
    /// batch is empty.
    ///
    /// # Errors
    /// When the file cannot be read on.
    pub fn next_batch(&mut self, content: &mut Content, batch: &mut RecordBatch) -> Result<bool, TableError> {
        if self.is_giving_back {
            self.give_back(batch);
            return Ok(true);
        }
        if let Some(held) = self.held.take() {
            *batch = held;
        } else if self.is_done {
            self.end(batch);
            return Ok(false);
        } else {
            self.is_done = !self.stream.next(content, batch, MAX_BATCH_RECORDS)?;
            let first_row = self.rows_read + self.empty.count() + 1;
            for (index, note) in self.stream.notes.drain(..) {
                self.notes.add(note, first_row + index as u64, 1);
            }
        }
        if self.empty.count() > 0 && filled(batch) > 0 {
            self.held = Some(std::mem::take(batch));
            self.give_back(batch);
            return Ok(true);
        }
        self.empty.take_from(batch);
        self.is_giving_back = self.empty.is_full();
        self.number(batch);
        Ok(true)
    }

    fn give_back(&mut self, batch: &mut RecordBatch) {
        batch.clear(1);
        self.empty.give_back(batch, MAX_BATCH_RECORDS);
        self.is_giving_back = self.empty.count() > 0;
        self.number(batch);
    }

    /// Gives rows their numbers and looks at their cells.
    fn number(&mut self, batch: &mut RecordBatch) {
        batch.set_first_row(self.rows_read + 1);
        for record in batch.records().filter(|record| record.len() != self.width) {
            if record.len() < self.width {
                self.notes.add(Note::Short(record.len()), record.row(), 1);
            } else if (self.width..record.len()).any(|column| !record.cell(column).is_empty()) {
                self.notes.add(Note::Long(record.len()), record.row(), 1);
            }
        }
        self.rows_read += batch.len() as u64;
    }

    fn end(&mut self, batch: &mut RecordBatch) {
        batch.clear(self.rows_read + 1);
        if self.empty.count() > 0 {
            self.notes.add(Note::EmptyAtEnd, self.rows_read + 1, self.empty.count());
            self.empty = EmptyRows::default();
        }
    }
}

/// The next record alone; `None` at the end of the file.
fn one_record(stream: &mut Stream, content: &mut Content) -> Result<Option<RecordBatch>, TableError> {
    let mut batch = RecordBatch::default();
    loop {
        let has_more = stream.next(content, &mut batch, 1)?;
        if !batch.is_empty() {
            return Ok(Some(batch));
        }
        if !has_more {
            return Ok(None);
        }
    }
}

/// The number of cells that most of the first records have; of equally frequent ones the greatest.
fn usual_cells(content: &mut Content, dialect: &Dialect, rules: Rules, offset: u64) -> Result<usize, TableError> {
    let mut stream = Stream::new(rules, dialect.encoding, offset, SURVEYED_BYTES);
    stream.skips_blank = true;
    let mut batch = RecordBatch::default();
    for _ in 0..=MAX_RECORD_BYTES / SURVEYED_BYTES {
        if !stream.next(content, &mut batch, SURVEYED_RECORDS)? || !batch.is_empty() {
            break;
        }
    }
    let mut counts: Vec<usize> = batch.records().map(|record| record.len()).collect();
    counts.sort_unstable();
    let most = counts.chunk_by(|one, other| one == other).max_by_key(|same| same.len());
    Ok(most.map_or(0, |same| same[0]))
}
