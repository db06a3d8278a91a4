//! Where a table's bytes come from.

mod content;
#[cfg(not(target_arch = "wasm32"))]
mod file;
mod gzip;
mod signature;

pub use content::Content;
#[cfg(not(target_arch = "wasm32"))]
pub use file::FileSource;
pub use gzip::{BOMB_RATIO, BOMB_UNPACKED_BYTES};

use crate::TableError;

/// A file that can be read anywhere and again, so that it need not be held: in a browser a `File`, natively an open file.
///
/// Reads are synchronous: a worker has a synchronous reader of files, and the caller reads in pieces of about a megabyte,
/// between which it yields.
pub trait ByteSource {
    /// The file's name.
    fn name(&self) -> &str;

    /// Its size in bytes, as it was when it was opened.
    fn len_bytes(&self) -> u64;

    /// Fills `buffer` from `offset` on and answers how much of it: less than all only at the end of the file.
    ///
    /// # Errors
    /// [`TableError::Unreadable`] when the file is gone, was changed, or may not be read.
    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, TableError>;
}

/// Bytes in memory.
#[derive(Clone, Debug)]
pub struct MemorySource {
    name: String,
    bytes: Vec<u8>,
}

impl MemorySource {
    /// A file of this name with these bytes.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }
}

impl ByteSource for MemorySource {
    fn name(&self) -> &str {
        &self.name
    }

    fn len_bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, TableError> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.bytes.len());
        let count = buffer.len().min(self.bytes.len() - start);
        buffer[..count].copy_from_slice(&self.bytes[start..start + count]);
        Ok(count)
    }
}
