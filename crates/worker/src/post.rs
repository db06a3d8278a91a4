//! Talking to the page.

use pinhole_protocol::{
    Event,
    wire::{self, Letter},
};
use wasm_bindgen::JsCast;
use web_sys::DedicatedWorkerGlobalScope;

/// Posts a letter and hands over its buffers.
pub fn post(letter: &Letter) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    // Letters are plain data that JavaScript can hold; and if one were not, there is nobody else to tell.
    if let Ok((value, buffers)) = wire::encode(letter) {
        let _ = scope.post_message_with_transfer(&value, &buffers);
    }
}

/// Posts an event.
pub fn post_event(event: Event) {
    post(&Letter::Event(Box::new(event)));
}
