//! Files that a person opens, files of the page itself, and downloads.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use pinhole_protocol::{Bytes, NamedFile};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, FileList, HtmlAnchorElement, HtmlCanvasElement, Response, Url};

/// Value of `accept` for file inputs of tables; with an asterisk, as tables have many extensions.
pub const TABLES: &str = ".csv,.tsv,.txt,.psv,.gz,.xlsx,.xls,.ods,.parquet,.json,.jsonl,.zip,text/csv,text/plain,*";

/// Endings of the names of tables.
const TABLE_ENDINGS: [&str; 15] = [
    ".csv", ".tsv", ".txt", ".psv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet", ".json", ".jsonl",
    ".ndjson", ".tab", ".dat",
];

/// True if the file's name has an extension of a table.
pub fn is_table(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let plain = name.strip_suffix(".gz").unwrap_or(&name);
    TABLE_ENDINGS.iter().any(|ending| plain.ends_with(ending))
}

/// Files of a list, in order.
pub fn to_vec(list: Option<FileList>) -> Vec<File> {
    list.map_or_else(Vec::new, |list| (0..list.length()).filter_map(|index| list.get(index)).collect())
}

/// A text as a file of this name.
///
/// # Errors
/// The error of the browser.
pub fn text_file(name: &str, text: &str) -> Result<File, JsValue> {
    File::new_with_str_sequence(&Array::of1(&JsValue::from_str(text)), name)
}

/// Reads whole files into memory.
///
/// # Errors
/// A sentence about the first file that cannot be read (it was moved, or permission is missing).
pub async fn read(files: &[File]) -> Result<Vec<NamedFile>, String> {
    let mut read = Vec::with_capacity(files.len());
    for file in files {
        let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| {
            format!(
                "\"{}\" could not be read: it was moved or changed since it was chosen. Open it again.",
                file.name()
            )
        })?;
        read.push(NamedFile { name: file.name(), bytes: bytes(&buffer) });
    }
    Ok(read)
}

/// Fetches a file of the page itself.
///
/// # Errors
/// The message of the browser or the status of the server.
pub async fn fetch(path: &str) -> Result<Bytes, String> {
    let window = web_sys::window().ok_or("there is no window")?;
    let message = |error: JsValue| format!("{error:?}");
    let response: Response = JsFuture::from(window.fetch_with_str(path)).await.map_err(message)?.unchecked_into();
    if !response.ok() {
        return Err(format!("the server answered {} to {path}", response.status()));
    }
    let buffer = JsFuture::from(response.array_buffer().map_err(message)?).await.map_err(message)?;
    Ok(bytes(&buffer))
}

/// Fetches a file of the page itself as a `File` of that name, as if a person had opened it.
///
/// # Errors
/// The message of the browser or the status of the server.
pub async fn fetch_file(path: &str, name: &str) -> Result<File, String> {
    let Bytes(content) = fetch(path).await?;
    let parts = Array::of1(&Uint8Array::from(&content[..]));
    File::new_with_u8_array_sequence(&parts, name).map_err(|error| format!("{error:?}"))
}

fn bytes(buffer: &JsValue) -> Bytes {
    Bytes(Uint8Array::new(buffer.unchecked_ref::<ArrayBuffer>()).to_vec())
}

/// Downloads `content` as a file.
///
/// # Errors
/// The error of the browser.
pub fn save(name: &str, mime: &str, content: &[u8]) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let parts = Array::of1(&Uint8Array::from(content));
    save_blob(name, &Blob::new_with_u8_array_sequence_and_options(&parts, &options)?)
}

/// Downloads a canvas as a PNG file; `on_refusal` is called if the browser refuses that.
pub fn save_canvas(name: String, canvas: &HtmlCanvasElement, on_refusal: impl FnOnce() + 'static) {
    let save = Closure::once_into_js(move |blob: Option<Blob>| {
        if blob.is_none_or(|blob| save_blob(&name, &blob).is_err()) {
            on_refusal();
        }
    });
    // It fails only for a canvas with foreign images on it, which the page has none of.
    let _ = canvas.to_blob(save.unchecked_ref());
}

/// Downloads `blob` as a file.
///
/// # Errors
/// The error of the browser.
pub fn save_blob(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let document = web_sys::window().and_then(|window| window.document()).ok_or("there is no document")?;
    let url = Url::create_object_url_with_blob(blob)?;
    let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The download reads the blob later: the address must outlive the click for a while.
    gloo_timers::callback::Timeout::new(60_000, move || {
        // Revoking an address that is gone already does no harm.
        let _ = Url::revoke_object_url(&url);
    })
    .forget();
    Ok(())
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn tables_are_recognised_by_extension() {
        assert!(["a.csv", "B.CSV.gz", "notes.txt"].iter().all(|name| is_table(name)));
        assert!(["train-images-idx3-ubyte.gz", "3.png", "csv"].iter().all(|name| !is_table(name)));
    }
}
