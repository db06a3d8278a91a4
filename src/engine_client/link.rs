//! The worker itself: one message in, one message out.

use gloo_events::EventListener;
use js_sys::{Array, Reflect};
use pinhole_protocol::{
    Command, DevicePreference, Event,
    wire::{self, WorkerMessage},
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, ErrorEvent, File, MessageEvent, Url, Worker, WorkerOptions, WorkerType};

/// The script that loads the engine, beside the page.
const LOADER: &str = "engine-worker.js";

/// What a worker says.
pub enum Message {
    /// So much of the engine has arrived; a total of 0 is unknown.
    Loading { bytes: f64, total: f64 },
    /// The engine listens.
    Listening,
    /// Its answer to a command.
    Event(Box<Event>),
    /// It is dead.
    Dead(String),
}

/// A running worker; dropping it ends it.
pub struct Link {
    worker: Worker,
    _listeners: [EventListener; 2],
}

impl Link {
    /// Starts a worker that tells `hear` everything, with the engine that `device` needs.
    pub fn open(device: DevicePreference, hear: impl Fn(Message) + Clone + 'static) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&bound_script(device)?, &options)?;
        let on_message = {
            let hear = hear.clone();
            EventListener::new(&worker, "message", move |event| {
                let event: &MessageEvent = event.unchecked_ref();
                hear(decode(event.data()));
            })
        };
        let on_error = EventListener::new(&worker, "error", move |event| {
            // A script that could not be loaded is reported by an event without a message.
            let message = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).filter(|message| !message.is_empty());
            hear(Message::Dead(message.unwrap_or_else(|| "The engine's worker could not be loaded.".into())));
        });
        Ok(Self { worker, _listeners: [on_message, on_error] })
    }

    /// Says `command` with the handles of `files`, in the envelope that [`wire`] tells of. Buffers are handed over, not
    /// copied; of a file only the handle crosses.
    pub fn say(&self, command: &Command, files: &[File]) -> Result<(), JsValue> {
        let (value, buffers) = wire::encode(command).map_err(|error| JsValue::from(error.to_string()))?;
        let envelope = Array::of1(&value);
        for file in files {
            envelope.push(file);
        }
        self.worker.post_message_with_transfer(&envelope, &buffers)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// The address of a script of one line, which imports the loader. A worker from a network address has a policy of its
/// own, and a static host cannot send one; a worker from a blob is bound by the page's policy: nothing leaves it either.
fn bound_script(device: DevicePreference) -> Result<String, JsValue> {
    let base = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.base_uri().ok().flatten())
        .ok_or("the page has no address")?;
    let loader = Url::new_with_base(LOADER, &base)?;
    if device == DevicePreference::Cpu {
        loader.set_search("device=cpu");
    }
    let options = BlobPropertyBag::new();
    options.set_type("text/javascript");
    let import = format!("import {};", js_sys::JSON::stringify(&loader.href().into())?);
    let script = Blob::new_with_str_sequence_and_options(&Array::of1(&import.into()), &options)?;
    Url::create_object_url_with_blob(&script)
}

fn decode(value: JsValue) -> Message {
    // The loader's own reports are not messages: there is no engine yet that could write one.
    let number = |name: &str| Reflect::get(&value, &name.into()).ok().and_then(|number| number.as_f64());
    if value.is_object()
        && let Some(bytes) = number("loading")
    {
        return Message::Loading { bytes, total: number("total").unwrap_or(0.0) };
    }
    match crate::js_deserializer::decode(value) {
        Ok(WorkerMessage::Listening) => Message::Listening,
        Ok(WorkerMessage::Event(event)) => Message::Event(event),
        Ok(WorkerMessage::Panicked(reason)) => Message::Dead(reason),
        Err(error) => Message::Dead(error.to_string()),
    }
}
