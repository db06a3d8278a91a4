//! Files with their handles: in a browser with the File System Access API a dropped or picked file can be opened again on a
//! later visit.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File, FileSystemFileHandle, Window};

use crate::files;

/// A file that a person has dropped or picked.
#[derive(Clone, Debug)]
pub struct ChosenFile {
    pub file: File,
    /// Promise of its handle; `None` where the browser has none.
    handle: Option<Promise>,
}

impl ChosenFile {
    /// The dropped files, in order. Has to be called in the event, after which the browser forgets them.
    pub fn of_drop(transfer: &DataTransfer) -> Vec<Self> {
        let items = transfer.items();
        let items = (0..items.length()).filter_map(|index| items.get(index)).filter(|item| item.kind() == "file");
        let handles = items.map(|item| call(&item, "getAsFileSystemHandle", &[]));
        let files = files::to_vec(transfer.files());
        files
            .into_iter()
            .zip(handles.chain(std::iter::repeat(None)))
            .map(|(file, handle)| Self { file, handle })
            .collect()
    }

    /// Handle of the file. A folder, and a file that a script has made, have none.
    pub async fn handle(self) -> Option<FileSystemFileHandle> {
        JsFuture::from(self.handle?).await.ok()?.dyn_into().ok()
    }
}

impl From<File> for ChosenFile {
    fn from(file: File) -> Self {
        Self { file, handle: None }
    }
}

/// Method of the window that lets a person pick files with their handles.
const PICKER: &str = "showOpenFilePicker";

/// True if [`pick`] can be called: the browser has a picker, and the page is in no frame, where the picker is refused.
pub fn can_pick() -> bool {
    let is_framed = |window: &Window| window.parent().ok().flatten().as_ref() != Some(window);
    web_sys::window().is_some_and(|window| !is_framed(&window) && method(&window, PICKER).is_some())
}

/// Lets the person pick files, in the browser's dialogue; none if it was closed.
pub async fn pick() -> Vec<ChosenFile> {
    let options = Object::new();
    // Setting a property of a new object succeeds.
    let _ = Reflect::set(&options, &"multiple".into(), &true.into());
    let answer = web_sys::window().and_then(|window| call(window.as_ref(), PICKER, &[options.into()]));
    let Some(answer) = answer else { return Vec::new() };
    let handles: Array = match JsFuture::from(answer).await {
        Ok(handles) => handles.unchecked_into(),
        Err(_) => return Vec::new(),
    };
    let mut files = Vec::new();
    for handle in handles {
        let handle: FileSystemFileHandle = handle.unchecked_into();
        if let Ok(file) = JsFuture::from(handle.get_file()).await {
            files.push(ChosenFile {
                file: file.unchecked_into(),
                handle: Some(Promise::resolve(&handle).unchecked_into()),
            });
        }
    }
    files
}

/// Reason why a file cannot be opened by its handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReopenError {
    /// The person, or the browser, has not given permission.
    NotAllowed,
    /// The file was moved or deleted.
    Gone,
}

/// Opens a file by its handle. The browser may ask the person for permission, so this has to follow a click.
///
/// # Errors
/// When permission is not given, or the file is gone.
pub async fn reopen(handle: &FileSystemFileHandle) -> Result<ChosenFile, ReopenError> {
    let mode = Object::new();
    // Setting a property of a new object succeeds.
    let _ = Reflect::set(&mode, &"mode".into(), &"read".into());
    if let Some(answer) = call(handle, "requestPermission", &[mode.into()]) {
        let permission = JsFuture::from(answer).await.ok().and_then(|permission| permission.as_string());
        if permission.as_deref() != Some("granted") {
            return Err(ReopenError::NotAllowed);
        }
    }
    let file = JsFuture::from(handle.get_file()).await.ok().and_then(|file| file.dyn_into().ok());
    Ok(ChosenFile { file: file.ok_or(ReopenError::Gone)?, handle: Some(Promise::resolve(handle).unchecked_into()) })
}

/// Method of an object, if the browser has it.
fn method(object: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(object, &name.into()).ok()?.dyn_into().ok()
}

/// Promise that a method returns; `None` if the browser lacks it or refuses at once.
fn call(object: &JsValue, name: &str, arguments: &[JsValue]) -> Option<Promise> {
    method(object, name)?.apply(object, &arguments.iter().collect()).ok()?.dyn_into().ok()
}

#[cfg(all(test, target_arch = "wasm32"))]
mod browser_tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn a_page_in_no_frame_picks_where_the_browser_has_a_picker() {
        let has_picker = web_sys::window().is_some_and(|window| method(&window, PICKER).is_some());
        assert_eq!(can_pick(), has_picker);
    }
}
