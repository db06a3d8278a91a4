//! One reading of a table from its first row to its last, a batch at a time.

use pinhole_table::records::{RecordBatch, RecordReader};

use super::table::Table;
use crate::EngineError;

/// Reads on where the last call stopped, so that work can be done and commands be heard between batches.
pub struct Pass {
    reader: RecordReader,
    batch: RecordBatch,
}

impl Pass {
    /// From the first row on.
    ///
    /// # Errors
    /// When the file cannot be read, or not by its dialect.
    pub fn start(table: &Table) -> Result<Self, EngineError> {
        Ok(Self { reader: RecordReader::new(&mut table.content(), table.dialect())?, batch: RecordBatch::new(1) })
    }

    /// The next rows; sometimes none although more follow. `None`: that was all.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next(&mut self, table: &Table) -> Result<Option<&RecordBatch>, EngineError> {
        let goes_on = self.reader.next_batch(&mut table.content(), &mut self.batch)?;
        Ok(goes_on.then_some(&self.batch))
    }

    /// The rows that [`Pass::next`] gave last.
    pub const fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    /// Rows so far.
    pub const fn rows(&self) -> u64 {
        self.reader.rows_read()
    }

    /// What reads.
    pub const fn reader(&self) -> &RecordReader {
        &self.reader
    }
}
