//! Drafts: the drawing and the edited experiment of a tab, which survive a reload.

use js_sys::Reflect;
use pinhole_protocol::{Experiment, TrainingStart};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use super::{
    database::{Store, Transaction},
    error::StorageError,
    runs::{new_id, to_value},
};
use crate::{components::drawing_pad::StoredDrawing, js_deserializer};

/// Key of the tab's id in the session storage, which a reload keeps and another tab does not share.
const TAB: &str = "pinhole-tab";
/// Most drafts that are kept.
const MOST: usize = 8;

/// Draft of one tab.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub drawing: StoredDrawing,
    pub experiment: Experiment,
    pub start: TrainingStart,
    /// Index of the chosen view among the tabs.
    pub view: usize,
    pub is_building: bool,
    /// Time of storage, in milliseconds since 1970.
    pub stored_at_ms: f64,
    /// Id of the tab.
    pub tab: String,
}

/// Stores the draft in place of this tab's last.
///
/// # Errors
/// When the browser refuses.
pub async fn store_draft(draft: &Draft) -> Result<(), StorageError> {
    let value = to_value(draft)?;
    let mut others = all(&Transaction::read().await?).await?;
    others.retain(|other| other.tab != draft.tab);
    others.sort_by(|one, other| other.stored_at_ms.total_cmp(&one.stored_at_ms));
    let transaction = Transaction::write().await?;
    transaction.put(Store::Drafts, &draft.tab, &value)?;
    for old in others.iter().skip(MOST - 1) {
        transaction.delete(Store::Drafts, &old.tab)?;
    }
    transaction.done().await
}

/// Draft of this tab before it was reloaded, or gone back to; none on a new visit, which begins anew.
///
/// # Errors
/// When the browser refuses.
pub async fn load_draft() -> Result<Option<Draft>, StorageError> {
    if !is_reloaded() {
        return Ok(None);
    }
    let value = Transaction::read().await?.get(Store::Drafts, &tab_id()).await?;
    // One of another version counts as none.
    Ok(js_deserializer::decode(value).ok())
}

async fn all(transaction: &Transaction) -> Result<Vec<Draft>, StorageError> {
    let values = transaction.get_all(Store::Drafts).await?;
    Ok(values.iter().filter_map(|value: JsValue| js_deserializer::decode(value).ok()).collect())
}

/// True if the page was loaded again, rather than opened by an address or a link.
fn is_reloaded() -> bool {
    let navigation = web_sys::window()
        .and_then(|window| window.performance())
        .map(|performance| performance.get_entries_by_type("navigation").get(0));
    let kind = navigation.and_then(|entry| Reflect::get(&entry, &"type".into()).ok()?.as_string());
    kind.is_some_and(|kind| ["reload", "back_forward"].contains(&&*kind))
}

/// Id of this tab, the same after a reload. Without session storage each load is a tab of its own.
pub fn tab_id() -> String {
    let storage = web_sys::window().and_then(|window| window.session_storage().ok().flatten());
    if let Some(id) = storage.as_ref().and_then(|storage| storage.get_item(TAB).ok().flatten()) {
        return id;
    }
    let id = new_id();
    if let Some(storage) = storage {
        // What cannot be stored is not needed again.
        let _ = storage.set_item(TAB, &id);
    }
    id
}
