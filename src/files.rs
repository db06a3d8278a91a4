//! Files that the user opens, and files that the page hands back.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use pinhole_protocol::{Bytes, NamedFile};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, FileList, HtmlAnchorElement, Response, Url};

/// What a chooser of tables offers; the asterisk, as tables have many names.
pub const TABLES: &str = ".csv,.tsv,.txt,.psv,.gz,text/csv,text/plain,application/gzip,*";

/// Whether a file's name is one of a table.
pub fn is_table(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let plain = name.strip_suffix(".gz").unwrap_or(&name);
    [".csv", ".tsv", ".txt", ".psv"].iter().any(|ending| plain.ends_with(ending))
}

/// The files of a list, in order.
pub fn to_vec(list: Option<FileList>) -> Vec<File> {
    list.map_or_else(Vec::new, |list| (0..list.length()).filter_map(|index| list.get(index)).collect())
}

/// Reads files whole.
///
/// # Errors
/// A sentence about the first one that cannot be read (it was moved, or may not be read).
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

/// Fetches one of the page's own files.
///
/// # Errors
/// What the browser or the server said.
pub async fn fetch(path: &str) -> Result<Bytes, String> {
    let window = web_sys::window().ok_or("there is no window")?;
    let say = |error: JsValue| format!("{error:?}");
    let response: Response = JsFuture::from(window.fetch_with_str(path)).await.map_err(say)?.unchecked_into();
    if !response.ok() {
        return Err(format!("the server answered {} to {path}", response.status()));
    }
    let buffer = JsFuture::from(response.array_buffer().map_err(say)?).await.map_err(say)?;
    Ok(bytes(&buffer))
}

/// Fetches one of the page's own files as if the user had opened it under that name.
///
/// # Errors
/// What the browser or the server said.
pub async fn fetch_file(path: &str, name: &str) -> Result<File, String> {
    let Bytes(content) = fetch(path).await?;
    let parts = Array::of1(&Uint8Array::from(&content[..]));
    File::new_with_u8_array_sequence(&parts, name).map_err(|error| format!("{error:?}"))
}

fn bytes(buffer: &JsValue) -> Bytes {
    Bytes(Uint8Array::new(buffer.unchecked_ref::<ArrayBuffer>()).to_vec())
}

/// Offers `content` as a file to keep.
///
/// # Errors
/// What the browser said.
pub fn save(name: &str, mime: &str, content: &[u8]) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let parts = Array::of1(&Uint8Array::from(content));
    save_blob(name, &Blob::new_with_u8_array_sequence_and_options(&parts, &options)?)
}

/// Offers `blob` as a file to keep.
///
/// # Errors
/// What the browser said.
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
    fn tables_are_told_by_their_names() {
        assert!(["a.csv", "B.CSV.gz", "notes.txt"].iter().all(|name| is_table(name)));
        assert!(["train-images-idx3-ubyte.gz", "3.png", "csv"].iter().all(|name| !is_table(name)));
    }
}
