//! Records that lie one after the other, so that a million cells are a few allocations.

use std::ops::Range;

/// Set in [`CellAt::start`] of cells that lie in `RecordBatch::other`.
const IN_OTHER: u32 = 1 << 31;

/// Some records of a table in the file's order. Cells are text without their quotes.
///
/// Most cells are ranges of the file's own text, which is copied in one go; only those that differ from it (doubled
/// quotes, characters of another encoding) are written anew.
#[derive(Clone, Debug, Default)]
pub struct RecordBatch {
    /// The file's text, from the first record on.
    pub(super) text: String,
    /// Cells that differ from the file's text.
    pub(super) other: String,
    pub(super) cells: Vec<CellAt>,
    /// Cells that are ranges with their quotes, until [`super::text::seal`] has written them anew.
    pub(super) quoted: Vec<u32>,
    /// End of each record in `cells`.
    record_ends: Vec<u32>,
    /// Where each record lies in the (decompressed) file, line end included.
    spans: Vec<Range<u64>>,
    first_row: u64,
}

/// Where a cell lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct CellAt {
    start: u32,
    end: u32,
}

impl CellAt {
    /// A range of the file's text.
    pub(super) const fn in_text(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// Its range of the file's text; `None`: it was written anew.
    pub(super) const fn range(self) -> Option<Range<usize>> {
        if self.start & IN_OTHER == 0 { Some(self.start as usize..self.end as usize) } else { None }
    }
}

impl RecordBatch {
    /// An empty batch whose first record will be row `first_row` (from 1).
    pub fn new(first_row: u64) -> Self {
        Self { first_row, ..Self::default() }
    }

    /// Empties it, keeping its memory.
    pub fn clear(&mut self, first_row: u64) {
        self.text.clear();
        self.other.clear();
        self.cells.clear();
        self.quoted.clear();
        self.record_ends.clear();
        self.spans.clear();
        self.first_row = first_row;
    }

    /// Appends a cell to the record under way.
    pub fn push_cell(&mut self, cell: &str) {
        let at = self.write(cell);
        self.cells.push(at);
    }

    /// Ends the record under way, which lies at `span`.
    pub fn end_record(&mut self, span: Range<u64>) {
        self.record_ends.push(self.cells.len() as u32);
        self.spans.push(span);
    }

    /// Records in it.
    pub fn len(&self) -> usize {
        self.record_ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.record_ends.is_empty()
    }

    /// The record with this index in the batch.
    ///
    /// # Panics
    /// When there is none.
    pub fn record(&self, index: usize) -> Record<'_> {
        let start = index.checked_sub(1).map_or(0, |before| self.record_ends[before]) as usize;
        Record { batch: self, index, cells: start..self.record_ends[index] as usize }
    }

    /// All records in order.
    pub fn records(&self) -> impl ExactSizeIterator<Item = Record<'_>> {
        (0..self.len()).map(|index| self.record(index))
    }

    /// Says which row its first record is.
    pub(super) fn set_first_row(&mut self, row: u64) {
        self.first_row = row;
    }

    /// Appends text that is not the file's own.
    pub(super) fn write(&mut self, cell: &str) -> CellAt {
        let start = self.other.len() as u32 | IN_OTHER;
        self.other.push_str(cell);
        CellAt { start, end: self.other.len() as u32 }
    }

    /// Cells of the record under way.
    pub(super) fn open_cells(&self) -> usize {
        self.cells.len() - self.record_ends.last().map_or(0, |&end| end as usize)
    }

    /// Gives up the record under way.
    pub(super) fn abandon(&mut self) {
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
        self.abandon();
    }
}

impl PartialEq for RecordBatch {
    /// Equal rows, cells and spans, however they lie.
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self.records().zip(other.records()).all(|(mine, theirs)| {
                mine.row() == theirs.row() && mine.span() == theirs.span() && mine.cells().eq(theirs.cells())
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
    /// Its row number in the file, from 1; header and preamble are not counted.
    pub fn row(&self) -> u64 {
        self.batch.first_row + self.index as u64
    }

    /// Where it lies in the (decompressed) file, line end included.
    pub fn span(&self) -> Range<u64> {
        self.batch.spans[self.index].clone()
    }

    /// Its cells.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether it has no cell.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// A cell's text; that of a missing cell is empty.
    pub fn cell(&self, column: usize) -> &'a str {
        if column >= self.cells.len() {
            return "";
        }
        let CellAt { start, end } = self.batch.cells[self.cells.start + column];
        let (text, start) =
            if start & IN_OTHER == 0 { (&self.batch.text, start) } else { (&self.batch.other, start ^ IN_OTHER) };
        &text[start as usize..end as usize]
    }

    /// All cells in order.
    pub fn cells(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let record = self.clone();
        (0..self.cells.len()).map(move |column| record.cell(column))
    }

    /// Index in the batch of the first cell behind it.
    pub(super) const fn cells_end(&self) -> usize {
        self.cells.end
    }

    /// Whether every cell is empty.
    pub(super) fn is_blank(&self) -> bool {
        self.batch.cells[self.cells.clone()].iter().all(|cell| cell.start & !IN_OTHER == cell.end)
    }
}
