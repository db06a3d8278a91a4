//! The readers as a wasm module, called by the worker. Errors cross as sentences.

use js_sys::{Array, Uint8Array};
use pinhole_protocol::table::TableOrigin;
use pinhole_table::{
    TableError,
    conversion::{AddedColumns, ConversionAdvance, ConversionJob, ConvertedText, FileFormats as _, ScoredFileWriter},
    source::{ByteSource, SharedSource},
};
use wasm_bindgen::{JsCast as _, JsError, JsValue, prelude::wasm_bindgen};

use crate::AllFormats;

#[wasm_bindgen]
extern "C" {
    /// A file of the worker.
    type WorkerFile;

    #[wasm_bindgen(method, getter)]
    fn name(this: &WorkerFile) -> String;

    #[wasm_bindgen(method, getter, js_name = lenBytes)]
    fn len_bytes(this: &WorkerFile) -> f64;

    /// Bytes from an offset on, at most `count`.
    #[wasm_bindgen(method, catch)]
    fn read(this: &WorkerFile, offset: f64, count: u32) -> Result<Uint8Array, JsValue>;
}

/// A file of the worker as a source.
struct WorkerSource {
    file: WorkerFile,
    name: String,
    len_bytes: u64,
}

impl WorkerSource {
    fn new(file: WorkerFile) -> Self {
        Self { name: file.name(), len_bytes: file.len_bytes() as u64, file }
    }
}

impl ByteSource for WorkerSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn len_bytes(&self) -> u64 {
        self.len_bytes
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, TableError> {
        let bytes = self
            .file
            .read(offset as f64, u32::try_from(buffer.len()).unwrap_or(u32::MAX))
            .map_err(|error| TableError::Told(error.as_string().unwrap_or_default()))?;
        let count = bytes.length() as usize;
        bytes.copy_to(&mut buffer[..count]);
        Ok(count)
    }
}

fn sources(files: Array) -> Vec<SharedSource> {
    files.into_iter().map(|file| SharedSource::new(Box::new(WorkerSource::new(file.unchecked_into())))).collect()
}

fn to_js(error: &TableError) -> JsError {
    JsError::new(&error.to_string())
}

/// Guesses the encoding of text that is neither UTF-8 nor UTF-16; returns its label.
#[wasm_bindgen(js_name = guessEncoding)]
pub fn guess_encoding(sample: &[u8]) -> String {
    AllFormats.guess_encoding(sample).label().to_owned()
}

/// A conversion of files to text.
#[wasm_bindgen]
pub struct Conversion {
    job: Box<dyn ConversionJob>,
    done: Option<(TableOrigin, ConvertedText)>,
}

#[wasm_bindgen]
impl Conversion {
    /// A conversion of the worker's files.
    #[wasm_bindgen(constructor)]
    pub fn new(files: Array, part: Option<usize>) -> Self {
        Self { job: AllFormats.convert(sources(files), part), done: None }
    }

    /// The next bytes of the text; none at its end.
    ///
    /// # Errors
    /// When the files cannot be read as a table.
    pub fn advance(&mut self) -> Result<Option<Vec<u8>>, JsError> {
        match self.job.advance().map_err(|error| to_js(&error))? {
            ConversionAdvance::Text(text) => Ok(Some(text)),
            ConversionAdvance::Done { origin, text } => {
                self.done = Some((origin, text));
                Ok(None)
            }
        }
    }

    /// Finished share, 0 to 1.
    #[wasm_bindgen(getter)]
    pub fn share(&self) -> f64 {
        self.job.share()
    }

    /// Rows that were read.
    #[wasm_bindgen(getter)]
    pub fn rows(&self) -> f64 {
        self.job.rows() as f64
    }

    /// At the end: the origin of the table as JSON.
    #[wasm_bindgen(getter)]
    pub fn origin(&self) -> String {
        self.done.as_ref().and_then(|(origin, _)| serde_json::to_string(origin).ok()).unwrap_or_default()
    }

    /// At the end: the way in which the text is written, as JSON.
    #[wasm_bindgen(getter)]
    pub fn written(&self) -> String {
        self.done.as_ref().and_then(|(_, text)| serde_json::to_string(text).ok()).unwrap_or_default()
    }
}

/// A writer of a scored file.
#[wasm_bindgen]
pub struct ScoredWriter(Box<dyn ScoredFileWriter>);

#[wasm_bindgen]
impl ScoredWriter {
    /// A writer of the scored copy of the worker's files, whose origin is given as JSON; `width` columns were there
    /// before those with the added `headings`.
    ///
    /// # Errors
    /// When their format cannot be written.
    #[wasm_bindgen(constructor)]
    pub fn new(files: Array, origin: &str, width: usize, headings: Vec<String>) -> Result<Self, JsError> {
        let origin: TableOrigin = serde_json::from_str(origin)?;
        let added = AddedColumns { width, headings };
        let writer = AllFormats.writer(sources(files), &origin, added).map_err(|error| to_js(&error))?;
        Ok(Self(writer))
    }

    /// Takes the next bytes of the scored text.
    ///
    /// # Errors
    /// When the table does not fit into the format.
    pub fn push(&mut self, text: &[u8]) -> Result<(), JsError> {
        self.0.push(text).map_err(|error| to_js(&error))
    }

    /// The next bytes of the file; none at its end.
    ///
    /// # Errors
    /// When the files cannot be read any more, or the table does not fit into the format.
    pub fn take(&mut self) -> Result<Option<Vec<u8>>, JsError> {
        self.0.take().map_err(|error| to_js(&error))
    }
}

/// Does nothing: it keeps the functions of this module linked into the binary.
pub const fn keep() {}
