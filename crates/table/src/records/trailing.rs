//! Rows without a value, kept back until it is known whether they end the table.

use std::ops::Range;

use super::batch::RecordBatch;

/// Different runs that are kept back. Empty rows are alike, so that a million of them are one run.
const MAX_RUNS: usize = 100_000;

/// Empty rows in the file's order.
#[derive(Debug, Default)]
pub(super) struct EmptyRows {
    runs: Vec<Run>,
    /// Rows in `runs`.
    count: u64,
    /// The first run that is not given back, and rows of it that are.
    given: (usize, u64),
}

/// Rows of the same length and number of cells, one after the other.
#[derive(Debug)]
struct Run {
    start: u64,
    bytes: u64,
    cells: usize,
    count: u64,
}

impl EmptyRows {
    /// Rows kept back.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    /// Whether no more should be kept back.
    pub(super) const fn is_full(&self) -> bool {
        self.runs.len() >= MAX_RUNS
    }

    /// Takes the empty rows at the end of the batch.
    pub(super) fn take_from(&mut self, batch: &mut RecordBatch) {
        let kept = filled(batch);
        for index in kept..batch.len() {
            let record = batch.record(index);
            self.push(record.span(), record.len());
        }
        batch.truncate(kept);
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

    /// Gives at most `max_rows` back to an empty batch.
    pub(super) fn give_back(&mut self, batch: &mut RecordBatch, max_rows: usize) {
        while batch.len() < max_rows
            && let Some(run) = self.runs.get(self.given.0)
        {
            if self.given.1 == run.count {
                self.given = (self.given.0 + 1, 0);
                continue;
            }
            let start = run.start + run.bytes * self.given.1;
            for _ in 0..run.cells {
                batch.push_cell("");
            }
            batch.end_record(start..start + run.bytes);
            self.given.1 += 1;
            self.count -= 1;
        }
        if self.count == 0 {
            *self = Self::default();
        }
    }
}

/// Records up to the last that is not empty.
pub(super) fn filled(batch: &RecordBatch) -> usize {
    (0..batch.len()).rev().find(|&index| !batch.record(index).is_blank()).map_or(0, |last| last + 1)
}
