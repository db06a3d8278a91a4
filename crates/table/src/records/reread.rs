//! Random access to single records by their byte range.

use std::ops::Range;

use pinhole_protocol::table::Dialect;

use super::{csv_syntax::CsvSyntax, limits::MAX_RECORD_BYTES, record_batch::RecordBatch, record_stream::RecordStream};
use crate::{TableError, source::Content};

/// Reads the record at `span` (from [`super::Record::span`]) again. The batch holds it alone, with row number `row`.
///
/// # Errors
/// If the file cannot be read there, or the dialect is invalid ([`CsvSyntax::new`]).
pub fn read_record_at(
    content: &mut Content,
    dialect: &Dialect,
    span: Range<u64>,
    row: u64,
) -> Result<RecordBatch, TableError> {
    let mut excerpt = Content::in_memory(content.name().to_owned(), read_bytes_at(content, span.clone())?);
    let mut stream = RecordStream::new(CsvSyntax::new(dialect)?, dialect.encoding, 0, 2 * MAX_RECORD_BYTES + 2);
    let mut read = RecordBatch::default();
    while stream.next_batch(&mut excerpt, &mut read, 1)? && read.is_empty() {}
    let mut batch = RecordBatch::new(row);
    if !read.is_empty() {
        for cell in read.record(0).cells() {
            batch.push_cell(cell);
        }
    }
    batch.end_record(span);
    Ok(batch)
}

/// The bytes of the file at `span`, at most 2 [`MAX_RECORD_BYTES`] + 1 of them.
///
/// # Errors
/// If the file cannot be read there.
pub fn read_bytes_at(content: &mut Content, span: Range<u64>) -> Result<Vec<u8>, TableError> {
    let length = span.end.saturating_sub(span.start).min(2 * MAX_RECORD_BYTES as u64 + 1);
    let mut bytes = vec![0; length as usize];
    let count = content.read_at(span.start, &mut bytes)?;
    bytes.truncate(count);
    Ok(bytes)
}
