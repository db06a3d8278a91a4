//! Posting of messages to the page.

use pinhole_protocol::{
    Event,
    wire::{self, WorkerMessage},
};
use wasm_bindgen::JsCast;
use web_sys::DedicatedWorkerGlobalScope;

/// Posts a message and transfers its buffers.
pub fn post(message: &WorkerMessage) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    // Messages are plain data, which can always be encoded; an error could not be reported in any other way.
    if let Ok((value, buffers)) = wire::encode(message) {
        let _ = scope.post_message_with_transfer(&value, &buffers);
    }
}

/// Posts an event.
pub fn post_event(event: Event) {
    post(&WorkerMessage::Event(Box::new(event)));
}
