//! Content of a file, decompressed if it is gzip.

use std::fmt;

use super::{
    byte_source::{ByteSource, MemorySource, read_fully},
    gzip::{GZIP_MAGIC, GzipReader},
    signature::{self, NonText},
};
use crate::TableError;

/// The bytes of a file, or of what a `.gz` file decompresses to, readable from any offset.
pub struct Content {
    source: Box<dyn ByteSource>,
    gzip: Option<GzipReader>,
    /// See [`Content::raw_position`].
    raw_position: u64,
}

impl Content {
    /// Opens a file. Its first bytes (not its name) tell whether it is gzip, and whether it can be text at all.
    ///
    /// # Errors
    /// [`TableError::Empty`], [`TableError::Unreadable`], [`TableError::DamagedGzip`], or [`TableError::NotText`] for a
    /// picture, an archive, a workbook or the like.
    pub fn open(source: Box<dyn ByteSource>) -> Result<Self, TableError> {
        let mut content = Self { source, gzip: None, raw_position: 0 };
        let mut start = vec![0; signature::SIGNATURE_BYTES];
        let count = content.read_at(0, &mut start)?;
        if start[..count].starts_with(&GZIP_MAGIC) {
            content.gzip = Some(GzipReader::new());
            start.truncate(signature::SIGNATURE_BYTES);
        }
        let count = if content.is_gzip() { content.read_at(0, &mut start)? } else { count };
        if count == 0 {
            return Err(TableError::Empty { name: content.name().to_owned() });
        }
        match signature::detect_non_text(&start[..count]) {
            None => Ok(content),
            Some(NonText { kind, advice }) => Err(TableError::NotText {
                name: content.name().to_owned(),
                kind: kind.to_owned(),
                advice: advice.to_owned(),
            }),
        }
    }

    /// Opens a file whose bytes are known to be text, such as JSON; it may still be gzip.
    ///
    /// # Errors
    /// [`TableError::Unreadable`].
    pub fn open_unchecked(source: Box<dyn ByteSource>) -> Result<Self, TableError> {
        let mut content = Self { source, gzip: None, raw_position: 0 };
        let mut start = [0; GZIP_MAGIC.len()];
        if content.read_at(0, &mut start)? == start.len() && start == GZIP_MAGIC {
            content.gzip = Some(GzipReader::new());
        }
        Ok(content)
    }

    /// Content of these bytes as they are, without any check.
    pub(crate) fn in_memory(name: String, bytes: Vec<u8>) -> Self {
        Self { source: Box::new(MemorySource::new(name, bytes)), gzip: None, raw_position: 0 }
    }

    /// Name of the file.
    pub fn name(&self) -> &str {
        self.source.name()
    }

    /// True if the file is gzip.
    pub const fn is_gzip(&self) -> bool {
        self.gzip.is_some()
    }

    /// Size of the file in bytes; of a `.gz` file, compressed.
    pub fn size_bytes(&self) -> u64 {
        self.source.len_bytes()
    }

    /// End of the last read, in bytes of the file (of a `.gz` file, compressed): progress out of
    /// [`Content::size_bytes`].
    pub const fn raw_position(&self) -> u64 {
        self.raw_position
    }

    /// Reads (decompressed) bytes from `offset` on into `buffer` and returns their number, which is less than the
    /// buffer's length only at the end.
    ///
    /// Sequential reads are fast. In a `.gz` file, a read elsewhere decompresses some megabytes.
    ///
    /// # Errors
    /// [`TableError::Unreadable`], [`TableError::DamagedGzip`] or [`TableError::GzipBomb`].
    pub fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, TableError> {
        if let Some(gzip) = &mut self.gzip {
            let count = gzip.read_at(self.source.as_mut(), offset, buffer)?;
            self.raw_position = gzip.raw_position();
            return Ok(count);
        }
        let count = read_fully(self.source.as_mut(), offset, buffer)?;
        self.raw_position = (offset + count as u64).min(self.source.len_bytes());
        Ok(count)
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Content").field("name", &self.name()).field("gzip", &self.gzip).finish_non_exhaustive()
    }
}
