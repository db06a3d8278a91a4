//! Files as sources of bytes, read by offset.

use crate::TableError;

/// A file that can be read from any offset, repeatedly, so that it need not be held in memory: a `File` of the browser,
/// an open file of the operating system, or memory.
///
/// Reads are synchronous: a worker has `FileReaderSync`, and callers read pieces of about a megabyte, between which
/// they yield.
pub trait ByteSource {
    /// Name of the file.
    fn name(&self) -> &str;

    /// Size in bytes when the file was opened.
    fn len_bytes(&self) -> u64;

    /// Reads bytes from `offset` on into `buffer` and returns their number, which is less than the buffer's length only
    /// at the end of the file.
    ///
    /// # Errors
    /// [`TableError::Unreadable`] if the file is gone, was changed, or must not be read.
    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, TableError>;
}

/// A file in memory.
#[derive(Clone, Debug)]
pub struct MemorySource {
    name: String,
    bytes: Vec<u8>,
}

impl MemorySource {
    /// A file with this name and content.
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

/// Fills `buffer` from `offset` on, unless the file ends before; returns the number of bytes read.
///
/// # Errors
/// [`TableError::Unreadable`] if the file is shorter than when it was opened, or cannot be read.
pub(super) fn read_fully(source: &mut dyn ByteSource, offset: u64, buffer: &mut [u8]) -> Result<usize, TableError> {
    let left = source.len_bytes().saturating_sub(offset);
    let available = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
    let mut count = 0;
    while count < available {
        match source.read_at(offset + count as u64, &mut buffer[count..available])? {
            0 => {
                let reason = "it is shorter than it was".into();
                return Err(TableError::Unreadable { name: source.name().to_owned(), reason });
            }
            more => count += more.min(available - count),
        }
    }
    Ok(count)
}
