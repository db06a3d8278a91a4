//! Byte source of a browser's `File`.

use js_sys::Uint8Array;
use pinhole_table::{TableError, source::ByteSource};
use wasm_bindgen::JsValue;
use web_sys::{Blob, File, FileReaderSync};

/// A `File`, read in parts by `FileReaderSync`, which only workers have: the engine reads within a job, and yields to
/// the event loop between parts.
pub struct BlobSource {
    file: File,
    name: String,
    size_bytes: u64,
}

impl BlobSource {
    /// Returns a source of the bytes of `file`.
    pub fn new(file: File) -> Self {
        let (name, size_bytes) = (file.name(), file.size() as u64);
        Self { file, name, size_bytes }
    }

    /// Bytes `start` to `end` (exclusive).
    fn read_range(&self, start: u64, end: u64) -> Result<Uint8Array, JsValue> {
        let blob: &Blob = &self.file;
        let range = blob.slice_with_f64_and_f64(start as f64, end as f64)?;
        let buffer = FileReaderSync::new()?.read_as_array_buffer(&range)?;
        Ok(Uint8Array::new(&buffer))
    }
}

impl ByteSource for BlobSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn len_bytes(&self) -> u64 {
        self.size_bytes
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, TableError> {
        let start = offset.min(self.size_bytes);
        let end = (start + buffer.len() as u64).min(self.size_bytes);
        if start == end {
            return Ok(0);
        }
        let unreadable = |reason: String| TableError::Unreadable { name: self.name.clone(), reason };
        let bytes = self.read_range(start, end).map_err(|error| unreadable(error_name(&error)))?;
        let count = bytes.length() as usize;
        if count as u64 != end - start {
            return Err(unreadable("it is shorter than it was".into()));
        }
        bytes.copy_to(&mut buffer[..count]);
        Ok(count)
    }
}

/// Returns the name of a browser's error, such as `NotReadableError`.
fn error_name(error: &JsValue) -> String {
    js_sys::Reflect::get(error, &"name".into())
        .ok()
        .and_then(|name| name.as_string())
        .unwrap_or_else(|| "the browser gave no reason".into())
}
