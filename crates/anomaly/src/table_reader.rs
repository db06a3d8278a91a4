//! Reading a table from its first row to its last, a batch at a time.

use pinhole_table::records::{RecordBatch, RecordReader};

use crate::{AnomalyError, table::Table};

/// Reader of a table's rows that continues where the last call stopped, so that commands are handled between batches.
pub struct TableReader {
    records: RecordReader,
    batch: RecordBatch,
}

impl TableReader {
    /// A reader at the first row.
    ///
    /// # Errors
    /// When the file cannot be read, or not with the table's dialect.
    pub fn new(table: &Table) -> Result<Self, AnomalyError> {
        Ok(Self { records: RecordReader::new(&mut table.content(), table.dialect())?, batch: RecordBatch::new(1) })
    }

    /// The next rows, `None` at the end. A batch can be empty although more rows follow.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_batch(&mut self, table: &Table) -> Result<Option<&RecordBatch>, AnomalyError> {
        let has_batch = self.records.next_batch(&mut table.content(), &mut self.batch)?;
        Ok(has_batch.then_some(&self.batch))
    }

    /// The rows that [`TableReader::next_batch`] returned last.
    pub const fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    /// Number of rows read so far.
    pub const fn rows_read(&self) -> u64 {
        self.records.rows_read()
    }

    /// The reader of records below: header, width, warnings.
    pub const fn records(&self) -> &RecordReader {
        &self.records
    }
}
