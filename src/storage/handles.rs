//! Handles of the files that a person opened last, which a later visit may open again.

use js_sys::{Date, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::FileSystemFileHandle;

use super::{
    database::{Store, Transaction},
    error::StorageError,
};

/// Most handles that are kept; those stored longest ago go first.
const MOST: usize = 3;

/// Stores a handle under its file's name.
///
/// # Errors
/// When the browser refuses.
pub async fn store_handle(handle: &FileSystemFileHandle) -> Result<(), StorageError> {
    let others = all().await?;
    // A handle cannot be serialised: the browser clones it as it is.
    let record = Object::new();
    Reflect::set(&record, &"handle".into(), handle)?;
    Reflect::set(&record, &"stored_at_ms".into(), &Date::now().into())?;
    let transaction = Transaction::write().await?;
    transaction.put(Store::Handles, &handle.name(), &record)?;
    for (_, old) in others.iter().filter(|(_, other)| other.name() != handle.name()).skip(MOST - 1) {
        transaction.delete(Store::Handles, &old.name())?;
    }
    transaction.done().await
}

/// Loads the stored handles, the newest first.
///
/// # Errors
/// When the browser refuses.
pub async fn load_handles() -> Result<Vec<FileSystemFileHandle>, StorageError> {
    Ok(all().await?.into_iter().map(|(_, handle)| handle).collect())
}

/// Deletes the handle of a file.
///
/// # Errors
/// When the browser refuses.
pub async fn delete_handle(name: &str) -> Result<(), StorageError> {
    let transaction = Transaction::write().await?;
    transaction.delete(Store::Handles, name)?;
    transaction.done().await
}

/// Handles with the times at which they were stored, the newest first.
async fn all() -> Result<Vec<(f64, FileSystemFileHandle)>, StorageError> {
    let values = Transaction::read().await?.get_all(Store::Handles).await?;
    let read = |record: JsValue| {
        let handle = Reflect::get(&record, &"handle".into()).ok()?.dyn_into().ok()?;
        Some((Reflect::get(&record, &"stored_at_ms".into()).ok()?.as_f64()?, handle))
    };
    let mut all: Vec<(f64, FileSystemFileHandle)> = values.iter().filter_map(read).collect();
    all.sort_by(|one, other| other.0.total_cmp(&one.0));
    Ok(all)
}

#[cfg(all(test, target_arch = "wasm32"))]
mod browser_tests {
    use js_sys::Promise;
    use wasm_bindgen_futures::JsFuture;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    /// Result of a method of a JavaScript object that returns a promise.
    async fn awaited(object: &JsValue, method: &str, arguments: &[JsValue]) -> JsValue {
        let function: js_sys::Function = Reflect::get(object, &method.into()).expect("a method").unchecked_into();
        let promise: Promise = function.apply(object, &arguments.iter().collect()).expect("a call").unchecked_into();
        JsFuture::from(promise).await.expect("an answer")
    }

    /// Handle of a file of the browser's own file system.
    async fn handle(name: &str) -> FileSystemFileHandle {
        let navigator = web_sys::window().expect("a window").navigator();
        let storage = Reflect::get(&navigator, &"storage".into()).expect("storage");
        let root = awaited(&storage, "getDirectory", &[]).await;
        let options = Object::new();
        Reflect::set(&options, &"create".into(), &true.into()).expect("an option");
        awaited(&root, "getFileHandle", &[name.into(), options.into()]).await.unchecked_into()
    }

    #[wasm_bindgen_test]
    async fn the_newest_handles_are_kept() {
        for name in ["a.csv", "b.csv", "c.csv", "d.csv", "b.csv"] {
            store_handle(&handle(name).await).await.expect("storage");
        }
        let names = async || -> Vec<String> {
            load_handles().await.expect("storage").iter().map(|handle| handle.name()).collect()
        };
        assert_eq!(names().await, ["b.csv", "d.csv", "c.csv"]);
        delete_handle("d.csv").await.expect("storage");
        assert_eq!(names().await, ["b.csv", "c.csv"]);
    }
}
