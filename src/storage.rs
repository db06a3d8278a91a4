//! The last checkpoint, kept in the browser (IndexedDB) until a model is saved or discarded.
//!
//! One record under one key: a put replaces the whole record or nothing. `www/crash-overlay.js` reads the same record when
//! this module is dead.

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

/// A model that outlives the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptModel {
    /// The model file.
    pub bytes: Bytes,
    /// What was being trained.
    pub experiment: Experiment,
    /// What its training began with.
    #[serde(default)]
    pub start: TrainingStart,
    /// Finished epochs.
    pub epoch: usize,
    /// When it was kept, in milliseconds since 1970.
    pub kept_at_ms: f64,
}

impl KeptModel {
    /// A model kept now.
    pub fn new(bytes: Bytes, experiment: Experiment, start: TrainingStart, epoch: usize) -> Self {
        Self { bytes, experiment, start, epoch, kept_at_ms: Date::now() }
    }
}

/// Keeps a model in place of the last one.
///
/// # Errors
/// What the browser said: storage may be refused (a private window) or full.
pub async fn keep(model: &KeptModel) -> Result<(), JsValue> {
    let value = model.serialize(&serde_wasm_bindgen::Serializer::new())?;
    let store = store(IdbTransactionMode::Readwrite).await?;
    settled(store.put_with_key(&value, &KEY.into())?).await.map(drop)
}

/// The kept model, if any. A record that cannot be understood (another version wrote it) counts as none.
///
/// # Errors
/// What the browser said.
pub async fn kept() -> Result<Option<KeptModel>, JsValue> {
    let store = store(IdbTransactionMode::Readonly).await?;
    let value = settled(store.get(&KEY.into())?).await?;
    Ok(js_deserializer::decode(value).ok())
}

/// Forgets the kept model.
///
/// # Errors
/// What the browser said.
pub async fn forget() -> Result<(), JsValue> {
    let store = store(IdbTransactionMode::Readwrite).await?;
    settled(store.delete(&KEY.into())?).await.map(drop)
}

async fn store(mode: IdbTransactionMode) -> Result<IdbObjectStore, JsValue> {
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
            // Only a store of that name could be in the way, and that is what is wanted.
            let _ = database.unchecked_into::<IdbDatabase>().create_object_store(STORE);
        }
    })
}

/// Waits for a request.
async fn settled(request: IdbRequest) -> Result<JsValue, JsValue> {
    let (sender, receiver) = oneshot::channel();
    let answer = {
        let request = request.clone();
        Closure::once(move || {
            let outcome = match request.error() {
                Ok(Some(error)) => Err(error.into()),
                _ => request.result(),
            };
            // Nobody waits any more if the receiver is gone.
            let _ = sender.send(outcome);
        })
    };
    // Exactly one of the two fires.
    let handler = answer.as_ref().unchecked_ref();
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
    async fn the_newest_model_is_kept_until_it_is_forgotten() {
        forget().await.expect("storage");
        assert_eq!(kept().await.expect("storage"), None);
        for epoch in 1..=2 {
            let model =
                KeptModel::new(Bytes(vec![epoch, 7, 7]), Experiment::default(), TrainingStart::Distil, epoch.into());
            keep(&model).await.expect("storage");
            assert_eq!(kept().await.expect("storage"), Some(model));
        }
        forget().await.expect("storage");
        assert_eq!(kept().await.expect("storage"), None);
    }
}
