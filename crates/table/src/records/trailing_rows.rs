//! Empty rows, held back until it is known whether they are the end of the table.

use std::ops::Range;

use super::record_batch::RecordBatch;

/// Runs that are held back. A million equal empty rows are one run.
const MAX_RUNS: usize = 100_000;

/// Queue of empty rows that may be the end of the table, in the file's order.
#[derive(Debug, Default)]
pub(super) struct TrailingRows {
    runs: Vec<Run>,
    /// Rows in the queue.
    count: u64,
    /// Index of the run at the head of the queue, and rows of it that were already released.
    head: (usize, u64),
}

/// Consecutive empty rows of equal length and number of cells.
#[derive(Debug)]
struct Run {
    /// Offset of the first row in the file.
    start: u64,
    /// Bytes per row.
    bytes: u64,
    /// Cells per row.
    cells: usize,
    /// Rows.
    count: u64,
}

impl TrailingRows {
    /// Number of rows in the queue.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    /// True if rows must be released before more are added.
    pub(super) const fn is_full(&self) -> bool {
        self.runs.len() >= MAX_RUNS
    }

    /// Moves the empty rows at the end of the batch to the queue.
    pub(super) fn hold_back(&mut self, batch: &mut RecordBatch) {
        let filled = filled_records(batch);
        for index in filled..batch.len() {
            let record = batch.record(index);
            self.push(record.span(), record.len());
        }
        batch.truncate(filled);
    }

    fn push(&mut self, span: Range<u64>, cells: usize) {
        self.count += 1;
        let bytes = span.end - span.start;
        if let Some(run) = self.runs.last_mut()
            && run.bytes == bytes
            && run.cells == cells
            && run.start + run.bytes * run.count == span.start
        {
            run.count += 1;
        } else {
            self.runs.push(Run { start: span.start, bytes, cells, count: 1 });
        }
    }

    /// Moves at most `max_rows` from the queue to an empty batch.
    pub(super) fn release(&mut self, batch: &mut RecordBatch, max_rows: usize) {
        while batch.len() < max_rows
            && let Some(run) = self.runs.get(self.head.0)
        {
            if self.head.1 == run.count {
                self.head = (self.head.0 + 1, 0);
                continue;
            }
            let start = run.start + run.bytes * self.head.1;
            for _ in 0..run.cells {
                batch.push_cell("");
            }
            batch.end_record(start..start + run.bytes);
            self.head.1 += 1;
            self.count -= 1;
        }
        if self.count == 0 {
            *self = Self::default();
        }
    }
}

/// Number of records up to and including the last that is not empty.
pub(super) fn filled_records(batch: &RecordBatch) -> usize {
    (0..batch.len()).rev().find(|&index| !batch.record(index).is_blank()).map_or(0, |last| last + 1)
}
