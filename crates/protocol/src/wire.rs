//! Encoding of commands and events as JavaScript values, for `postMessage` between page and worker.
//!
//! The page posts [`Command`](crate::Command)s; the worker posts [`WorkerMessage`]s, the first of which is
//! [`WorkerMessage::Listening`]: commands posted earlier are lost, as the worker's wasm is still loading. Pixels and
//! small files are `Uint8Array`s whose buffers are transferred, not copied: pass the value and the list of buffers to
//! `postMessage`.
//!
//! A command is posted in an envelope: an array of the command, as [`encode`] returns it, and then of `File` handles. A
//! [`FileSlot`](crate::table::FileSlot) refers to them by an `index` from 0: slot 0 is element 1 of the array.
//! `postMessage` clones a handle without copying the file. Worker messages are posted without an envelope.

use js_sys::{Array, Object, Uint8Array};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};

use crate::Event;

/// A message from the worker to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkerMessage {
    /// The worker receives commands from now on.
    Listening,
    /// An event of the engine.
    Event(Box<Event>),
    /// The engine panicked with this message. A panic aborts the wasm module, so this worker is unusable: start another
    /// one.
    Panicked(String),
}

/// A message that could not be encoded or decoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A message between page and engine could not be read ({0}): reload the page.")]
pub struct WireError(String);

/// Returns a message for `postMessage`: the value, and the buffers to transfer with it.
///
/// # Errors
/// If the message has no representation as a JavaScript value.
pub fn encode<T: Serialize>(message: &T) -> Result<(JsValue, Array), WireError> {
    // Seeds are 64 bits wide; a JavaScript number holds 53 of them.
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_large_number_types_as_bigints(true);
    let value = message.serialize(&serializer).map_err(|error| WireError(error.to_string()))?;
    let buffers = Array::new();
    collect_buffers(&value, &buffers);
    Ok((value, buffers))
}

/// Returns the command and the `File` handles of an envelope.
///
/// # Errors
/// If `envelope` is not an array that begins with a command.
pub fn decode_envelope<T: DeserializeOwned>(envelope: &JsValue) -> Result<(T, Vec<JsValue>), WireError> {
    let entries = envelope.dyn_ref::<Array>().ok_or_else(|| WireError("it is no envelope".into()))?;
    let mut entries = entries.iter();
    let command = decode(entries.next().unwrap_or(JsValue::UNDEFINED))?;
    Ok((command, entries.collect()))
}

/// Returns the message that the other side encoded with [`encode`].
///
/// # Errors
/// If the value is no such message: page and worker have different versions, or the sender is neither of them.
pub fn decode<T: DeserializeOwned>(value: JsValue) -> Result<T, WireError> {
    serde_wasm_bindgen::from_value(value).map_err(|error| WireError(error.to_string()))
}

/// Appends the buffers of all `Uint8Array`s within `value` to `buffers`.
fn collect_buffers(value: &JsValue, buffers: &Array) {
    if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
        buffers.push(&bytes.buffer());
    } else if let Some(object) = value.dyn_ref::<Object>() {
        // An array's values are its elements, so this walks lists and objects alike.
        for inner in Object::values(object).iter().filter(JsValue::is_object) {
            collect_buffers(&inner, buffers);
        }
    }
}
