//! Files of the operating system.

use std::fs::{File, Metadata};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::byte_source::ByteSource;
use crate::TableError;

/// An open file. A read fails if the size or modification time changed since it was opened.
#[derive(Debug)]
pub struct FileSource {
    name: String,
    file: File,
    opened: Metadata,
}

impl FileSource {
    /// Opens the file at `path`.
    ///
    /// # Errors
    /// [`TableError::Unreadable`] if there is no such file, it is a folder, or it must not be read.
    pub fn open(path: &Path) -> Result<Self, TableError> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let refuse = |error: std::io::Error| TableError::Unreadable { name: name.clone(), reason: error.to_string() };
        let file = File::open(path).map_err(refuse)?;
        let opened = file.metadata().map_err(refuse)?;
        if opened.is_dir() {
            return Err(TableError::Unreadable { name, reason: "it is a folder".into() });
        }
        Ok(Self { name, file, opened })
    }

    fn read(&mut self, offset: u64, buffer: &mut [u8]) -> std::io::Result<usize> {
        let now = self.file.metadata()?;
        if now.len() != self.opened.len() || now.modified().ok() != self.opened.modified().ok() {
            return Err(std::io::Error::other("its size or date changed"));
        }
        self.file.seek(SeekFrom::Start(offset))?;
        let mut count = 0;
        while count < buffer.len() {
            match self.file.read(&mut buffer[count..]) {
                Ok(0) => break,
                Ok(more) => count += more,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(count)
    }
}

impl ByteSource for FileSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn len_bytes(&self) -> u64 {
        self.opened.len()
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, TableError> {
        self.read(offset, buffer)
            .map_err(|error| TableError::Unreadable { name: self.name.clone(), reason: error.to_string() })
    }
}
