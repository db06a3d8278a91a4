//! Single rows, read again.

use std::ops::Range;

use pinhole_protocol::table::Dialect;

use super::batch::RecordBatch;
use super::rules::Rules;
use super::stream::{MAX_RECORD_BYTES, Stream};
use crate::TableError;
use crate::source::Content;

/// Reads the record at `span` (of [`super::Record::span`]) again; the batch holds it alone, as row `row`.
///
/// # Errors
/// When the file cannot be read there, or the dialect is no dialect.
pub fn read_record_at(
    content: &mut Content,
    dialect: &Dialect,
    span: Range<u64>,
    row: u64,
) -> Result<RecordBatch, TableError> {
    let mut excerpt = Content::in_memory(content.name().to_owned(), read_bytes_at(content, span.clone())?);
    let mut stream = Stream::new(Rules::new(dialect)?, dialect.encoding, 0, 2 * MAX_RECORD_BYTES + 2);
    let mut read = RecordBatch::default();
    while stream.next(&mut excerpt, &mut read, 1)? && read.is_empty() {}
    let mut batch = RecordBatch::new(row);
    if !read.is_empty() {
        for cell in read.record(0).cells() {
            batch.push_cell(cell);
        }
    }
    batch.end_record(span);
    Ok(batch)
}

/// The file's own bytes at `span`; of an overlong record, no more than twice [`MAX_RECORD_BYTES`].
///
/// # Errors
/// When the file cannot be read there.
pub fn read_bytes_at(content: &mut Content, span: Range<u64>) -> Result<Vec<u8>, TableError> {
    let wanted = span.end.saturating_sub(span.start).min(2 * MAX_RECORD_BYTES as u64 + 1);
    let mut bytes = vec![0; wanted as usize];
    let count = content.read_at(span.start, &mut bytes)?;
    bytes.truncate(count);
    Ok(bytes)
}
