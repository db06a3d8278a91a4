//! How commands and events cross between page and worker as JavaScript values.
//!
//! The page posts [`Command`](crate::Command)s; the worker posts [`WorkerMessage`]s, the first of which is
//! [`WorkerMessage::Listening`]: what is posted before that is lost, as the worker's wasm is still loading. Pixels and small
//! files are `Uint8Array`s whose buffers are handed over, not copied: post the value together with the list of buffers.
//!
//! A command travels in an envelope: an array whose first element is the command as [`encode`] writes it. The elements
//! after it are `File` handles, to which a [`FileSlot`](crate::table::FileSlot)'s `index` counts from 0: slot 0 is
//! element 1. A handle is cloned, and cloning one copies no byte of its file. Letters come without an envelope.

use js_sys::{Array, Object, Uint8Array};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};

use crate::Event;

/// What the worker posts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkerMessage {
    /// Commands are heard from now on.
    Listening,
    /// News from the engine.
    Event(Box<Event>),
    /// The engine panicked with this message. A wasm panic is an abort: the worker is dead, start another one.
    Panicked(String),
}

/// A value that could not cross.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A message between page and engine could not be read ({0}): reload the page.")]
pub struct WireError(String);

/// A message for `postMessage`: the value, and the buffers to transfer with it.
///
/// # Errors
/// When the value has a shape that JavaScript lacks.
pub fn encode<T: Serialize>(message: &T) -> Result<(JsValue, Array), WireError> {
    // Seeds are 64 bits wide; a JavaScript number holds 53 of them.
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_large_number_types_as_bigints(true);
    let value = message.serialize(&serializer).map_err(|error| WireError(error.to_string()))?;
    let buffers = Array::new();
    collect_buffers(&value, &buffers);
    Ok((value, buffers))
}

/// Takes apart what the page posts: an array of the command and then the `File`s that it speaks of by index, as
/// [`crate::table::FileSlot`] does. Files are handles; posting one copies no bytes.
///
/// # Errors
/// When it is no such array, or its first entry no command.
pub fn open<T: DeserializeOwned>(envelope: &JsValue) -> Result<(T, Vec<JsValue>), WireError> {
    let entries = envelope.dyn_ref::<Array>().ok_or_else(|| WireError("it is no envelope".into()))?;
    let mut entries = entries.iter();
    let command = decode(entries.next().unwrap_or(JsValue::UNDEFINED))?;
    Ok((command, entries.collect()))
}

/// Reads what the other side encoded.
///
/// # Errors
/// When the value is no such message: a page and a worker of different versions, or a foreign sender.
pub fn decode<T: DeserializeOwned>(value: JsValue) -> Result<T, WireError> {
    serde_wasm_bindgen::from_value(value).map_err(|error| WireError(error.to_string()))
}

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
