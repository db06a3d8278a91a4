//! Bytes of a table's file in their order, beside its rows.

use pinhole_table::{
    TableError,
    records::{Record, RecordReader, read_bytes_at},
};

use crate::{AnomalyError, table::Table};

/// Greatest size of a part without rows; a part with rows ends when it has as much.
pub const PIECE_BYTES: u64 = 1 << 20;
/// Longest row that is written: a row is held as a whole.
const MAX_ROW_BYTES: u64 = 256 << 20;

/// Reader of a file's bytes that follows its rows.
#[derive(Debug)]
pub struct FileBytes {
    /// Bytes of the decompressed file that were read.
    position: u64,
    /// The bytes that follow those in the file, read ahead: in a browser, reading a row takes as long as a megabyte.
    ahead: Vec<u8>,
    /// Bytes of `ahead` that were read.
    used: usize,
}

impl FileBytes {
    /// A reader behind the header of a file.
    pub fn behind_header(reader: &RecordReader) -> Self {
        Self { position: reader.header_span().end, ahead: Vec::new(), used: 0 }
    }

    /// The next bytes before a row, blank lines and the like, which no row was read from; `None` if the row is next.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn gap(&mut self, table: &Table, record: &Record<'_>) -> Result<Option<Vec<u8>>, AnomalyError> {
        let start = record.span().start;
        if self.position >= start {
            return Ok(None);
        }
        self.piece(table, start).map(Some)
    }

    /// The bytes of a row, its line end included.
    ///
    /// # Errors
    /// When the row is too long to be written, or the file cannot be read any more.
    pub fn row(&mut self, table: &Table, record: &Record<'_>) -> Result<Vec<u8>, AnomalyError> {
        let span = record.span();
        let length = span.end - span.start;
        if length > MAX_ROW_BYTES {
            let message = format!("Row {} takes {} MB, more than can be written: cut it.", record.row(), length >> 20);
            return Err(AnomalyError::setting("row", message));
        }
        let mut bytes = Vec::new();
        while self.position < span.end {
            bytes.extend(self.piece(table, span.end)?);
        }
        Ok(bytes)
    }

    /// The next bytes behind the last row; none at the end of the file.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn rest(&mut self, table: &Table) -> Result<Vec<u8>, AnomalyError> {
        self.piece(table, u64::MAX)
    }

    /// The next bytes, at most [`PIECE_BYTES`] and before `end`; none at the end of the file.
    fn piece(&mut self, table: &Table, end: u64) -> Result<Vec<u8>, AnomalyError> {
        if self.used == self.ahead.len() {
            self.ahead = read_bytes_at(&mut table.content(), self.position..self.position + PIECE_BYTES)?;
            self.used = 0;
            if self.ahead.is_empty() && end < u64::MAX {
                let reason = "it is shorter than it was".into();
                return Err(TableError::Unreadable { name: table.name().to_owned(), reason }.into());
            }
        }
        let rest = &self.ahead[self.used..];
        let count = rest.len().min(usize::try_from(end - self.position).unwrap_or(usize::MAX));
        let piece = rest[..count].to_vec();
        self.used += count;
        self.position += count as u64;
        Ok(piece)
    }
}
