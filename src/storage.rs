//! Storage of the last checkpoint in the browser (IndexedDB) until the model is saved or discarded.
//!
//! There is one record under one key, which a put replaces as a whole. `www/crash-overlay.js` reads the same record
//! when this module has failed.

use futures_channel::oneshot;
use js_sys::Date;
use pinhole_protocol::{Bytes, Experiment, TrainingStart};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransactionMode};

use crate::js_deserializer;

const DATABASE: &str = "pinhole";
const VERSION: u32 = 1;
const STORE: &str = "checkpoints";
const KEY: &str = "last";

/// Stored model with its experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredModel {
    /// Bytes of the model file.
    pub bytes: Bytes,
    /// Experiment of its run.
    pub experiment: Experiment,
    /// Model that its training started from.
    #[serde(default)]
    pub start: TrainingStart,
    /// Number of finished epochs.
    pub epoch: usize,
    /// Time of storage, in milliseconds since 1970.
    #[serde(rename = "kept_at_ms")]
    pub stored_at_ms: f64,
}

impl StoredModel {
    /// Creates a record with the present time.
    pub fn new(bytes: Bytes, experiment: Experiment, start: TrainingStart, epoch: usize) -> Self {
        Self { bytes, experiment, start, epoch, stored_at_ms: Date::now() }
    }
}

/// Stores a model in place of the last one.
///
/// # Errors
/// The error of the browser: storage may be refused (a private window) or full.
pub async fn store(model: &StoredModel) -> Result<(), JsValue> {
    let value = model.serialize(&serde_wasm_bindgen::Serializer::new())?;
    let store = object_store(IdbTransactionMode::Readwrite).await?;
    settled(store.put_with_key(&value, &KEY.into())?).await.map(drop)
}

/// Loads the stored model, if there is one. A record that cannot be read (another version wrote it) counts as none.
///
/// # Errors
/// The error of the browser.
pub async fn load() -> Result<Option<StoredModel>, JsValue> {
    let store = object_store(IdbTransactionMode::Readonly).await?;
    let value = settled(store.get(&KEY.into())?).await?;
    Ok(js_deserializer::decode(value).ok())
}

/// Deletes the stored model.
///
/// # Errors
/// The error of the browser.
pub async fn delete() -> Result<(), JsValue> {
    let store = object_store(IdbTransactionMode::Readwrite).await?;
    settled(store.delete(&KEY.into())?).await.map(drop)
}

async fn object_store(mode: IdbTransactionMode) -> Result<IdbObjectStore, JsValue> {
    let factory =
        web_sys::window().and_then(|window| window.indexed_db().ok().flatten()).ok_or("this window has no storage")?;
    let request = factory.open_with_u32(DATABASE, VERSION)?;
    let create = create_store(request.clone());
    request.set_onupgradeneeded(Some(create.as_ref().unchecked_ref()));
    let database: IdbDatabase = settled(request.unchecked_into()).await?.unchecked_into();
    database.transaction_with_str_and_mode(STORE, mode)?.object_store(STORE)
}

fn create_store(request: IdbOpenDbRequest) -> Closure<dyn FnMut()> {
    Closure::once(move || {
        if let Ok(database) = request.result() {
            // It fails only if the store exists already.
            let _ = database.unchecked_into::<IdbDatabase>().create_object_store(STORE);
        }
    })
}

/// Waits for a request and returns its result.
async fn settled(request: IdbRequest) -> Result<JsValue, JsValue> {
    let (sender, receiver) = oneshot::channel();
    let on_settled = {
        let request = request.clone();
        Closure::once(move || {
            let outcome = match request.error() {
                Ok(Some(error)) => Err(error.into()),
                _ => request.result(),
            };
            // Sending fails if the receiver was dropped: then nobody waits.
            let _ = sender.send(outcome);
        })
    };
    // Exactly one of the two events fires.
    let handler = on_settled.as_ref().unchecked_ref();
    request.set_onsuccess(Some(handler));
    request.set_onerror(Some(handler));
    receiver.await.map_err(|_| JsValue::from_str("the browser dropped the request"))?
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    async fn the_newest_model_is_stored_until_it_is_deleted() {
        delete().await.expect("storage");
        assert_eq!(load().await.expect("storage"), None);
        for epoch in 1..=2 {
            let model =
                StoredModel::new(Bytes(vec![epoch, 7, 7]), Experiment::default(), TrainingStart::Distil, epoch.into());
            store(&model).await.expect("storage");
            assert_eq!(load().await.expect("storage"), Some(model));
        }
        delete().await.expect("storage");
        assert_eq!(load().await.expect("storage"), None);
    }
}
