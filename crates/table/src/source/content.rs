//! What a file holds, unpacked if it is compressed.

use std::fmt;

use super::gzip::{GZIP_MAGIC, Gzip};
use super::{ByteSource, MemorySource, signature};
use crate::TableError;

/// The bytes of a file, or those that a `.gz` file unpacks to, readable anywhere and again.
pub struct Content {
    source: Box<dyn ByteSource>,
    gzip: Option<Gzip>,
    /// Bytes of the file as it lies that were read, up to the furthest.
    raw_position: u64,
}

impl Content {
    /// Looks at the first bytes of a file: whether it is compressed (by its content, not its name), and whether it can be
    /// a table at all.
    ///
    /// # Errors
    /// When the file is empty, cannot be read, or is a picture, an archive, a workbook or the like.
    pub fn open(source: Box<dyn ByteSource>) -> Result<Self, TableError> {
        let mut content = Self { source, gzip: None, raw_position: 0 };
        let mut start = vec![0; signature::LOOKED_AT_BYTES];
        let count = content.read_at(0, &mut start)?;
        if start[..count].starts_with(&GZIP_MAGIC) {
            content.gzip = Some(Gzip::new());
            start.truncate(signature::LOOKED_AT_BYTES);
        }
        let count = if content.is_gzip() { content.read_at(0, &mut start)? } else { count };
        if count == 0 {
            return Err(TableError::Empty { name: content.name().to_owned() });
        }
        match signature::not_text(&start[..count]) {
            None => Ok(content),
            Some((kind, advice)) => Err(TableError::NotText {
                name: content.name().to_owned(),
                kind: kind.to_owned(),
                advice: advice.to_owned(),
            }),
        }
    }

    /// Bytes that are read as they are, even none.
    pub(crate) fn in_memory(name: String, bytes: Vec<u8>) -> Self {
        Self { source: Box::new(MemorySource::new(name, bytes)), gzip: None, raw_position: 0 }
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        self.source.name()
    }

    /// Whether the file is compressed.
    pub const fn is_gzip(&self) -> bool {
        self.gzip.is_some()
    }

    /// Size of the file as it lies; of a `.gz` file, compressed.
    pub fn size_bytes(&self) -> u64 {
        self.source.len_bytes()
    }

    /// Bytes of the file as it lies (compressed, if it is) that led to what was read last: of [`Content::size_bytes`],
    /// so many are done.
    pub const fn raw_position(&self) -> u64 {
        self.raw_position
    }

    /// Fills `buffer` from `offset` of the (decompressed) bytes on and answers how much of it: less than all only at the
    /// end.
    ///
    /// Reading on is fast. In a `.gz` file, going elsewhere unpacks some megabytes, so rows are best read
    /// again in their order.
    ///
    /// # Errors
    /// When the file is gone or was changed, or compressed data are damaged or unpack without measure.
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

/// Fills `buffer` unless the file ends before.
///
/// # Errors
/// When the file is shorter than it was when it was opened, or cannot be read.
pub(super) fn read_fully(source: &mut dyn ByteSource, offset: u64, buffer: &mut [u8]) -> Result<usize, TableError> {
    let left = source.len_bytes().saturating_sub(offset);
    let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
    let mut count = 0;
    while count < wanted {
        match source.read_at(offset + count as u64, &mut buffer[count..wanted])? {
            0 => {
                let reason = "it is shorter than it was".into();
                return Err(TableError::Unreadable { name: source.name().to_owned(), reason });
            }
            more => count += more.min(wanted - count),
        }
    }
    Ok(count)
}
