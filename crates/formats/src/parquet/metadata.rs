//! Metadata at the end of a Parquet file.

use parquet::{
    errors::ParquetError,
    file::metadata::{FooterTail, ParquetMetaData, ParquetMetaDataReader},
};
use pinhole_table::{
    TableError,
    source::{ByteSource as _, SharedSource},
};

use super::refuse;

/// Bytes of the footer's end: length of the metadata, and magic number.
const TAIL_BYTES: usize = 8;

/// Largest metadata, in bytes: some 200,000 column chunks.
const MAX_METADATA_BYTES: usize = 256 << 20;

/// Reads the metadata.
///
/// # Errors
/// When the file is cut off, encrypted or damaged.
pub(super) fn read(source: &SharedSource) -> Result<ParquetMetaData, TableError> {
    let tail_start = source.len_bytes().saturating_sub(TAIL_BYTES as u64);
    let tail: [u8; TAIL_BYTES] = source.bytes(tail_start, TAIL_BYTES)?.try_into().unwrap_or_default();
    let refuse = |error: ParquetError| refuse(source, &error);
    if &tail[4..] == b"PARE" {
        return Err(TableError::Format {
            name: source.name().to_owned(),
            problem: "is encrypted".into(),
            advice: "write it without encryption".into(),
        });
    }
    let tail = FooterTail::try_new(&tail).map_err(refuse)?;
    let length = tail.metadata_length();
    if length > MAX_METADATA_BYTES || length as u64 > tail_start {
        return Err(refuse(ParquetError::General("its footer has an impossible length".into())));
    }
    let bytes = source.bytes(tail_start - length as u64, length)?;
    ParquetMetaDataReader::decode_metadata(&bytes).map_err(refuse)
}
