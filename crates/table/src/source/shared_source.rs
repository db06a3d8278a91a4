//! A file that several readers read in turn.

use std::{
    cell::RefCell,
    fmt,
    io::{self, Read, Seek, SeekFrom},
    rc::Rc,
};

use super::byte_source::ByteSource;
use crate::TableError;

/// A file that several readers read in turn: the sheets of one workbook, and the scored copy that is written later.
#[derive(Clone)]
pub struct SharedSource {
    source: Rc<RefCell<Box<dyn ByteSource>>>,
    name: Rc<str>,
    len_bytes: u64,
}

impl SharedSource {
    /// Shares a source.
    pub fn new(source: Box<dyn ByteSource>) -> Self {
        let (name, len_bytes) = (source.name().into(), source.len_bytes());
        Self { source: Rc::new(RefCell::new(source)), name, len_bytes }
    }

    /// The bytes `start` to `start + count`, fewer only at the end of the file.
    ///
    /// # Errors
    /// As [`ByteSource::read_at`].
    pub fn bytes(&self, start: u64, count: usize) -> Result<Vec<u8>, TableError> {
        let mut bytes = vec![0; count];
        let read = super::byte_source::read_fully(self.source.borrow_mut().as_mut(), start, &mut bytes)?;
        bytes.truncate(read);
        Ok(bytes)
    }

    /// A reader at the file's start.
    pub fn reader(&self) -> SourceReader {
        SourceReader { source: self.clone(), position: 0 }
    }
}

impl ByteSource for SharedSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn len_bytes(&self) -> u64 {
        self.len_bytes
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, TableError> {
        self.source.borrow_mut().read_at(offset, buffer)
    }
}

impl fmt::Debug for SharedSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SharedSource").field("name", &self.name).finish_non_exhaustive()
    }
}

/// [`Read`] and [`Seek`] over a [`SharedSource`]. Wrap it in a `BufReader`: each read reaches the file.
#[derive(Clone, Debug)]
pub struct SourceReader {
    source: SharedSource,
    position: u64,
}

impl Read for SourceReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read_at(self.position, buffer).map_err(io::Error::other)?;
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for SourceReader {
    fn seek(&mut self, target: SeekFrom) -> io::Result<u64> {
        let (base, offset) = match target {
            SeekFrom::Start(position) => (position, 0),
            SeekFrom::Current(offset) => (self.position, offset),
            SeekFrom::End(offset) => (self.source.len_bytes, offset),
        };
        self.position = base.checked_add_signed(offset).ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
