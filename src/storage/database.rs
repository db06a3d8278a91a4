//! The database: its version, its migration, and transactions.

use futures_channel::oneshot;
use js_sys::{Array, Function};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    Event, IdbDatabase, IdbOpenDbRequest, IdbRequest, IdbTransaction, IdbTransactionMode, IdbVersionChangeEvent,
};

use super::{error::StorageError, runs};

const DATABASE: &str = "pinhole";
/// 1 had one checkpoint, under [`OLD_KEY`] in [`OLD_STORE`]; 2 had no handles.
const VERSION: u32 = 3;
const OLD_STORE: &str = "checkpoints";
const OLD_KEY: &str = "last";

/// Object store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    Runs,
    Weights,
    Drafts,
    Tables,
    Handles,
}

impl Store {
    const ALL: [Self; 5] = [Self::Runs, Self::Weights, Self::Drafts, Self::Tables, Self::Handles];

    const fn name(self) -> &'static str {
        match self {
            Self::Runs => "runs",
            Self::Weights => "weights",
            Self::Drafts => "drafts",
            Self::Tables => "tables",
            Self::Handles => "handles",
        }
    }
}

/// Open database with a transaction over all object stores; closed when it is dropped.
pub struct Transaction {
    database: IdbDatabase,
    transaction: IdbTransaction,
}

impl Transaction {
    /// Opens the database for reading.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn read() -> Result<Self, StorageError> {
        Self::begin(IdbTransactionMode::Readonly).await
    }

    /// Opens the database for writing. Requests have to be made at once, as the browser ends a transaction without any.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn write() -> Result<Self, StorageError> {
        Self::begin(IdbTransactionMode::Readwrite).await
    }

    async fn begin(mode: IdbTransactionMode) -> Result<Self, StorageError> {
        let database = open().await?;
        let names: Array = Store::ALL.iter().map(|store| JsValue::from_str(store.name())).collect();
        let transaction = database.transaction_with_str_sequence_and_mode(&names, mode)?;
        Ok(Self { database, transaction })
    }

    /// Puts a value under a key.
    pub fn put(&self, store: Store, key: &str, value: &JsValue) -> Result<(), StorageError> {
        self.transaction.object_store(store.name())?.put_with_key(value, &key.into())?;
        Ok(())
    }

    /// Deletes the value under a key, if there is one.
    pub fn delete(&self, store: Store, key: &str) -> Result<(), StorageError> {
        self.transaction.object_store(store.name())?.delete(&key.into())?;
        Ok(())
    }

    /// Value under a key; `undefined` if there is none.
    pub async fn get(&self, store: Store, key: &str) -> Result<JsValue, StorageError> {
        settled(self.transaction.object_store(store.name())?.get(&key.into())?).await
    }

    /// All values.
    pub async fn get_all(&self, store: Store) -> Result<Array, StorageError> {
        Ok(settled(self.transaction.object_store(store.name())?.get_all()?).await?.unchecked_into())
    }

    /// Waits until everything that was put and deleted is stored.
    ///
    /// # Errors
    /// When the browser refuses: nothing of it is stored then.
    pub async fn done(self) -> Result<(), StorageError> {
        let (sender, receiver) = oneshot::channel();
        let transaction = self.transaction.clone();
        let on_end = Closure::once(move |event: Event| {
            let error = || transaction.error().map_or_else(|| JsValue::from_str("aborted"), JsValue::from);
            let outcome = if event.type_() == "complete" { Ok(()) } else { Err(error()) };
            // Sending fails if the receiver was dropped: then nobody waits.
            let _ = sender.send(outcome);
        });
        // Exactly one of the two events fires.
        let handler = on_end.as_ref().unchecked_ref();
        self.transaction.set_oncomplete(Some(handler));
        self.transaction.set_onabort(Some(handler));
        Ok(receiver.await.map_err(|_| StorageError::Refused)??)
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        // Takes effect once the transaction is over.
        self.database.close();
    }
}

/// Deletes all that this browser keeps for the page, settings of the page itself included.
///
/// # Errors
/// When the browser refuses.
pub async fn forget_everything() -> Result<(), StorageError> {
    let transaction = Transaction::write().await?;
    for store in Store::ALL {
        transaction.transaction.object_store(store.name())?.clear()?;
    }
    transaction.done().await?;
    if let Some(window) = web_sys::window() {
        for storage in [window.local_storage(), window.session_storage()].into_iter().flatten().flatten() {
            storage.clear()?;
        }
    }
    Ok(())
}

async fn open() -> Result<IdbDatabase, StorageError> {
    let factory = web_sys::window().and_then(|window| window.indexed_db().ok().flatten());
    let request = factory.ok_or(StorageError::Refused)?.open_with_u32(DATABASE, VERSION)?;
    let upgrade = upgrade(request.clone());
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    Ok(settled(request.unchecked_into()).await?.unchecked_into())
}

/// Handler that creates the object stores, and moves the checkpoint of version 1 into them.
fn upgrade(request: IdbOpenDbRequest) -> Closure<dyn FnMut(IdbVersionChangeEvent)> {
    Closure::once(move |event: IdbVersionChangeEvent| {
        // An error aborts the upgrade, and with it the opening, which reports it.
        let _ = create_stores(&request, event.old_version() as u32);
    })
}

fn create_stores(request: &IdbOpenDbRequest, old_version: u32) -> Result<(), JsValue> {
    let database: IdbDatabase = request.result()?.unchecked_into();
    let present = database.object_store_names();
    for store in Store::ALL.iter().filter(|store| !present.contains(store.name())) {
        database.create_object_store(store.name())?;
    }
    if old_version != 1 || !database.object_store_names().contains(OLD_STORE) {
        return Ok(());
    }
    let transaction = request.transaction().ok_or("an upgrade has a transaction")?;
    let old = transaction.object_store(OLD_STORE)?.get(&OLD_KEY.into())?;
    let on_read = {
        let old = old.clone();
        Closure::once_into_js(move || {
            // A checkpoint that cannot be moved is lost, which must not keep the page from storing others.
            let _ = old.result().and_then(|value| move_checkpoint(&transaction, value));
            let _ = database.delete_object_store(OLD_STORE);
        })
    };
    old.set_onsuccess(Some(on_read.unchecked_ref()));
    Ok(())
}

fn move_checkpoint(transaction: &IdbTransaction, value: JsValue) -> Result<(), JsValue> {
    let Some((id, run, weights)) = runs::from_version_1(value) else { return Ok(()) };
    transaction.object_store(Store::Runs.name())?.put_with_key(&run, &id)?;
    transaction.object_store(Store::Weights.name())?.put_with_key(&weights, &id)?;
    Ok(())
}

/// Waits for a request and returns its result.
async fn settled(request: IdbRequest) -> Result<JsValue, StorageError> {
    let (sender, receiver) = oneshot::channel();
    let on_event = {
        let request = request.clone();
        Closure::once(move |event: Event| {
            let outcome = match request.error() {
                _ if event.type_() == "blocked" => Err(StorageError::Blocked),
                Ok(Some(error)) => Err(JsValue::from(error).into()),
                _ => request.result().map_err(StorageError::from),
            };
            // Sending fails if the receiver was dropped: then nobody waits.
            let _ = sender.send(outcome);
        })
    };
    // One of these events fires first, and no other is waited for.
    let set_handlers = |handler: Option<&Function>| {
        request.set_onsuccess(handler);
        request.set_onerror(handler);
        if let Some(opening) = request.dyn_ref::<IdbOpenDbRequest>() {
            opening.set_onblocked(handler);
        }
    };
    set_handlers(Some(on_event.as_ref().unchecked_ref()));
    let outcome = receiver.await.unwrap_or(Err(StorageError::Refused));
    set_handlers(None);
    if outcome == Err(StorageError::Blocked) {
        close_later(&request);
    }
    outcome
}

/// Closes a database that opens after nobody waits for it any more: open, it would block other tabs.
fn close_later(request: &IdbRequest) {
    let opening = request.clone();
    let on_success = Closure::once_into_js(move || {
        if let Ok(database) = opening.result() {
            database.unchecked_into::<IdbDatabase>().close();
        }
    });
    request.set_onsuccess(Some(on_success.unchecked_ref()));
}
