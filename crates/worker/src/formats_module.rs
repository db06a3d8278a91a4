//! The module that reads and writes tables that are no text, fetched when a file asks for it.

use std::rc::Rc;

use js_sys::{Array, WebAssembly::RuntimeError};
use pinhole_protocol::table::{TableOrigin, TextEncoding};
use pinhole_table::{
    TableError,
    conversion::{
        AddedColumns, ConversionAdvance, ConversionJob, FileFormats, LoadFormats, LoadingFormats, ScoredFileWriter,
    },
    source::{ByteSource as _, SharedSource},
};
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    /// Fetches and starts the module; defined by `www/engine-worker.js`.
    #[wasm_bindgen(js_name = loadFormats, catch)]
    async fn load_formats() -> Result<JsValue, JsValue>;

    /// Makes the next [`load_formats`] start the module anew; defined there too.
    #[wasm_bindgen(js_name = forgetFormats)]
    fn forget_formats();

    /// The functions of the module: those of `pinhole_formats::module`.
    #[derive(Clone)]
    type Module;

    #[wasm_bindgen(method, catch, js_name = guessEncoding)]
    fn guess_encoding(this: &Module, sample: &[u8]) -> Result<String, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn convert(this: &Module, files: &Array, part: Option<usize>) -> Result<JsConversion, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn writer(
        this: &Module,
        files: &Array,
        origin: &str,
        width: usize,
        headings: Vec<String>,
    ) -> Result<JsWriter, JsValue>;

    type JsConversion;

    #[wasm_bindgen(method, catch)]
    fn advance(this: &JsConversion) -> Result<Option<Vec<u8>>, JsValue>;

    #[wasm_bindgen(method, getter)]
    fn share(this: &JsConversion) -> f64;

    #[wasm_bindgen(method, getter)]
    fn rows(this: &JsConversion) -> f64;

    #[wasm_bindgen(method, getter)]
    fn origin(this: &JsConversion) -> String;

    #[wasm_bindgen(method, getter)]
    fn written(this: &JsConversion) -> String;

    type JsWriter;

    #[wasm_bindgen(method, catch)]
    fn push(this: &JsWriter, text: &[u8]) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    fn take(this: &JsWriter) -> Result<Option<Vec<u8>>, JsValue>;
}

/// A file, as the module sees it.
#[wasm_bindgen]
pub struct WorkerFile(SharedSource);

#[wasm_bindgen]
impl WorkerFile {
    /// Name.
    #[wasm_bindgen(getter)]
    pub fn name(&self) -> String {
        self.0.name().to_owned()
    }

    /// Size in bytes.
    #[wasm_bindgen(getter, js_name = lenBytes)]
    pub fn len_bytes(&self) -> f64 {
        self.0.len_bytes() as f64
    }

    /// Bytes from an offset on, at most `count`.
    ///
    /// # Errors
    /// When the file cannot be read any more, with a sentence.
    pub fn read(&self, offset: f64, count: u32) -> Result<Vec<u8>, String> {
        self.0.bytes(offset as u64, count as usize).map_err(|error| error.to_string())
    }
}

fn files_array(files: Vec<SharedSource>) -> Array {
    files.into_iter().map(|file| JsValue::from(WorkerFile(file))).collect()
}

/// Sentence of an error of the module. It has a memory of its own, which a file can fill: then it is started anew when it
/// is needed again.
fn told(error: &JsValue) -> TableError {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    let message = message.or_else(|| error.as_string()).unwrap_or_default();
    if !error.is_instance_of::<RuntimeError>() && !error.is_instance_of::<js_sys::RangeError>() {
        return TableError::Told(message);
    }
    forget_formats();
    TableError::Told(format!(
        "The file could not be read: its reader ran out of memory, or the file is damaged ({message}). Export it as CSV."
    ))
}

/// Gets the module.
pub struct ModuleLoader;

impl LoadFormats for ModuleLoader {
    fn load(&self) -> LoadingFormats {
        Box::pin(async {
            let module = load_formats().await.map_err(|error| told(&error))?;
            Ok(Rc::new(ModuleFormats(module.unchecked_into())) as Rc<dyn FileFormats>)
        })
    }
}

struct ModuleFormats(Module);

impl FileFormats for ModuleFormats {
    fn guess_encoding(&self, sample: &[u8]) -> TextEncoding {
        let label = self.0.guess_encoding(sample).unwrap_or_default();
        TextEncoding::ALL.into_iter().find(|encoding| encoding.label() == label).unwrap_or(TextEncoding::Windows1252)
    }

    fn convert(&self, files: Vec<SharedSource>, part: Option<usize>) -> Box<dyn ConversionJob> {
        Box::new(ModuleConversion(self.0.convert(&files_array(files), part).map_err(|error| told(&error))))
    }

    fn writer(
        &self,
        files: Vec<SharedSource>,
        origin: &TableOrigin,
        added: AddedColumns,
    ) -> Result<Box<dyn ScoredFileWriter>, TableError> {
        let origin = serde_json::to_string(origin).unwrap_or_default();
        let writer = self.0.writer(&files_array(files), &origin, added.width, added.headings);
        Ok(Box::new(ModuleWriter(writer.map_err(|error| told(&error))?)))
    }
}

/// A conversion in the module, or why it could not begin.
struct ModuleConversion(Result<JsConversion, TableError>);

impl ConversionJob for ModuleConversion {
    fn advance(&mut self) -> Result<ConversionAdvance, TableError> {
        let conversion = self.0.as_ref().map_err(Clone::clone)?;
        if let Some(text) = conversion.advance().map_err(|error| told(&error))? {
            return Ok(ConversionAdvance::Text(text));
        }
        let broken = |error: serde_json::Error| TableError::Told(error.to_string());
        Ok(ConversionAdvance::Done {
            origin: serde_json::from_str(&conversion.origin()).map_err(broken)?,
            text: serde_json::from_str(&conversion.written()).map_err(broken)?,
        })
    }

    fn share(&self) -> f64 {
        self.0.as_ref().map_or(0.0, JsConversion::share)
    }

    fn rows(&self) -> u64 {
        self.0.as_ref().map_or(0, |conversion| conversion.rows() as u64)
    }
}

struct ModuleWriter(JsWriter);

impl ScoredFileWriter for ModuleWriter {
    fn push(&mut self, text: &[u8]) -> Result<(), TableError> {
        self.0.push(text).map_err(|error| told(&error))
    }

    fn take(&mut self) -> Result<Option<Vec<u8>>, TableError> {
        self.0.take().map_err(|error| told(&error))
    }
}
