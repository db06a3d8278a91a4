//! Batch of records in contiguous memory: a million cells are a few allocations.

use std::ops::Range;

/// Bit of [`CellRange::start`] that is set for cells in `RecordBatch::decoded`.
const IN_DECODED: u32 = 1 << 31;

/// Consecutive records of a file. Cells are text without their quotes.
///
/// Most cells are ranges of the file's own text, which is copied as a whole; only cells that differ from it (doubled
/// quotes, characters of another encoding) have text of their own.
#[derive(Clone, Debug, Default)]
pub struct RecordBatch {
    /// The file's text, from the first record on.
    pub(super) text: String,
    /// Text of the cells that differ from the file's text, concatenated.
    decoded: String,
    /// All cells of all records.
    pub(super) cells: Vec<CellRange>,
    /// Indices of cells whose ranges still include their quotes, until `cell_text::decode_cells` removes them.
    pub(super) quoted: Vec<u32>,
    /// Index of the end of each record in `cells`.
    record_ends: Vec<u32>,
    /// Byte range of each record in the (decompressed) file, line end included.
    spans: Vec<Range<u64>>,
    first_row: u64,
}

/// Range of a cell in the file's text or in `RecordBatch::decoded`.
#[derive(Clone, Copy, Debug)]
pub(super) struct CellRange {
    start: u32,
    end: u32,
}

impl CellRange {
    /// A range of the file's text.
    pub(super) const fn in_text(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// The range of the file's text; `None`: the cell has text of its own.
    pub(super) const fn range(self) -> Option<Range<usize>> {
        if self.start & IN_DECODED == 0 { Some(self.start as usize..self.end as usize) } else { None }
    }
}

impl RecordBatch {
    /// An empty batch. `first_row` is the row number of its first record, from 1.
    pub fn new(first_row: u64) -> Self {
        Self { first_row, ..Self::default() }
    }

    /// Removes all records and keeps the memory.
    pub fn clear(&mut self, first_row: u64) {
        self.text.clear();
        self.decoded.clear();
        self.cells.clear();
        self.quoted.clear();
        self.record_ends.clear();
        self.spans.clear();
        self.first_row = first_row;
    }

    /// Appends a cell to the open record.
    pub fn push_cell(&mut self, cell: &str) {
        let range = self.store_text(cell);
        self.cells.push(range);
    }

    /// Ends the open record; `span` is its byte range in the file.
    pub fn end_record(&mut self, span: Range<u64>) {
        self.record_ends.push(self.cells.len() as u32);
        self.spans.push(span);
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.record_ends.len()
    }

    /// True if there are no records.
    pub fn is_empty(&self) -> bool {
        self.record_ends.is_empty()
    }

    /// The record with this index in the batch.
    ///
    /// # Panics
    /// If there is no such record.
    pub fn record(&self, index: usize) -> Record<'_> {
        let start = index.checked_sub(1).map_or(0, |before| self.record_ends[before]) as usize;
        Record { batch: self, index, cells: start..self.record_ends[index] as usize }
    }

    /// All records, in order.
    pub fn records(&self) -> impl ExactSizeIterator<Item = Record<'_>> {
        (0..self.len()).map(|index| self.record(index))
    }

    /// Sets the row number of the first record.
    pub(super) fn set_first_row(&mut self, row: u64) {
        self.first_row = row;
    }

    /// Stores text of a cell that differs from the file's text, and returns its range.
    pub(super) fn store_text(&mut self, cell: &str) -> CellRange {
        let start = self.decoded.len() as u32 | IN_DECODED;
        self.decoded.push_str(cell);
        CellRange { start, end: self.decoded.len() as u32 }
    }

    /// The records from an index on, without their spans in the file's text.
    pub(crate) fn records_from(&self, start: usize, end: usize) -> Self {
        let mut batch = Self::new(1);
        for record in self.records().take(end).skip(start) {
            record.cells().for_each(|cell| batch.push_cell(cell));
            batch.end_record(record.span());
        }
        batch
    }

    /// Number of cells of the open record.
    pub(super) fn open_cells(&self) -> usize {
        self.cells.len() - self.record_ends.last().map_or(0, |&end| end as usize)
    }

    /// Removes the cells of the open record.
    pub(super) fn discard_open_record(&mut self) {
        let cells = self.record_ends.last().map_or(0, |&end| end as usize);
        self.cells.truncate(cells);
        while self.quoted.last().is_some_and(|&cell| cell as usize >= cells) {
            self.quoted.pop();
        }
    }

    /// Keeps the first `count` records.
    pub(super) fn truncate(&mut self, count: usize) {
        self.record_ends.truncate(count);
        self.spans.truncate(count);
        self.discard_open_record();
    }
}

impl PartialEq for RecordBatch {
    /// True if row numbers, cells and byte ranges are equal, wherever the text is stored.
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self.records().zip(other.records()).all(|(own, theirs)| {
                own.row() == theirs.row() && own.span() == theirs.span() && own.cells().eq(theirs.cells())
            })
    }
}

impl Eq for RecordBatch {}

/// One record of a batch.
#[derive(Clone, Debug)]
pub struct Record<'a> {
    batch: &'a RecordBatch,
    index: usize,
    cells: Range<usize>,
}

impl<'a> Record<'a> {
    /// Row number in the file, from 1; header and preamble do not count.
    pub fn row(&self) -> u64 {
        self.batch.first_row + self.index as u64
    }

    /// Byte range in the (decompressed) file, line end included.
    pub fn span(&self) -> Range<u64> {
        self.batch.spans[self.index].clone()
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// True if there are no cells.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Text of a cell; empty if the record has fewer cells.
    pub fn cell(&self, column: usize) -> &'a str {
        if column >= self.cells.len() {
            return "";
        }
        let CellRange { start, end } = self.batch.cells[self.cells.start + column];
        let (text, start) =
            if start & IN_DECODED == 0 { (&self.batch.text, start) } else { (&self.batch.decoded, start ^ IN_DECODED) };
        &text[start as usize..end as usize]
    }

    /// Text of each cell, in order.
    pub fn cells(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let record = self.clone();
        (0..self.cells.len()).map(move |column| record.cell(column))
    }

    /// Index in the batch of the first cell after this record.
    pub(super) const fn cells_end(&self) -> usize {
        self.cells.end
    }

    /// True if every cell is empty.
    pub(crate) fn is_blank(&self) -> bool {
        self.batch.cells[self.cells.clone()].iter().all(|cell| cell.start & !IN_DECODED == cell.end)
    }
}
