//! Pages of a column chunk.

use std::{io::Read as _, sync::Arc};

use bytes::Bytes;
use parquet::{
    basic::Compression,
    column::page::{Page, PageMetadata, PageReader},
    errors::{ParquetError, Result},
    file::{
        metadata::{ColumnChunkMetaData, RowGroupMetaData},
        serialized_reader::SerializedPageReader,
    },
};
use pinhole_table::source::SharedSource;
use ruzstd::decoding::StreamingDecoder;

/// Largest page, in bytes, decompressed; writers make them of some megabytes.
const MAX_PAGE_BYTES: u64 = 1 << 30;

/// Reads the bytes of a column chunk, and its metadata with offsets within these bytes.
pub(super) fn read_chunk(source: &SharedSource, chunk: &ColumnChunkMetaData) -> Result<(Bytes, ColumnChunkMetaData)> {
    if chunk.compressed_size() < 0 || chunk.data_page_offset() < 0 {
        return Err(ParquetError::General("a column chunk has an impossible place".into()));
    }
    let (start, length) = chunk.byte_range();
    let bytes = source
        .bytes(start, usize::try_from(length).unwrap_or(usize::MAX))
        .map_err(|error| ParquetError::External(Box::new(error)))?;
    if (bytes.len() as u64) < length {
        return Err(ParquetError::EOF("the file ends within a column chunk".into()));
    }
    let start = start.cast_signed();
    let moved = chunk
        .clone()
        .into_builder()
        .set_data_page_offset(chunk.data_page_offset() - start)
        .set_dictionary_page_offset(chunk.dictionary_page_offset().map(|offset| offset - start))
        .build()?;
    Ok((bytes.into(), moved))
}

/// Reader of the pages of a column chunk.
pub(super) fn page_reader(
    bytes: Bytes,
    chunk: &ColumnChunkMetaData,
    group: &RowGroupMetaData,
) -> Result<Box<dyn PageReader>> {
    let is_zstd = matches!(chunk.compression(), Compression::ZSTD(_));
    // The crate's own decompressor is in C, which is not compiled for the page: it is told that there is none.
    let plain = chunk.clone().into_builder();
    let plain = if is_zstd { plain.set_compression(Compression::UNCOMPRESSED) } else { plain }.build()?;
    let pages = SerializedPageReader::new(Arc::new(bytes), &plain, group.num_rows() as usize, None)?;
    Ok(if is_zstd { Box::new(ZstdPages(pages)) } else { Box::new(pages) })
}

/// Pages compressed by Zstandard (RFC 8878).
struct ZstdPages(SerializedPageReader<Bytes>);

impl Iterator for ZstdPages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for ZstdPages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let Some(mut page) = self.0.get_next_page()? else { return Ok(None) };
        match &mut page {
            Page::DataPage { buf, .. } | Page::DictionaryPage { buf, .. } => *buf = decompress(&[], buf)?,
            Page::DataPageV2 { is_compressed: false, .. } => {}
            Page::DataPageV2 { buf, rep_levels_byte_len, def_levels_byte_len, .. } => {
                // Levels stand before the values, and are not compressed.
                let levels = (*rep_levels_byte_len + *def_levels_byte_len) as usize;
                let (levels, values) = buf
                    .split_at_checked(levels)
                    .ok_or_else(|| ParquetError::EOF("a page ends within its levels".into()))?;
                *buf = decompress(levels, values)?;
            }
        }
        Ok(Some(page))
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.0.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.0.skip_next_page()
    }
}

/// `start`, followed by what `bytes` decompress to.
fn decompress(start: &[u8], bytes: &[u8]) -> Result<Bytes> {
    let mut decompressed = start.to_vec();
    if !bytes.is_empty() {
        let refuse = |error: &dyn std::fmt::Display| ParquetError::General(format!("Zstandard: {error}"));
        let decoder = StreamingDecoder::new(bytes).map_err(|error| refuse(&error))?;
        let count = decoder.take(MAX_PAGE_BYTES).read_to_end(&mut decompressed).map_err(|error| refuse(&error))?;
        if count as u64 == MAX_PAGE_BYTES {
            return Err(ParquetError::General("a page is larger than 1 GB".into()));
        }
    }
    Ok(decompressed.into())
}
