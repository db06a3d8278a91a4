//! Handle on the Web Worker that runs the engine: starts and ends it, posts commands, and decodes its messages.

use gloo_events::EventListener;
use js_sys::{Array, Reflect};
use pinhole_protocol::{
    Command, DevicePreference, Event,
    wire::{self, WorkerMessage},
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, ErrorEvent, File, MessageEvent, Url, Worker, WorkerOptions, WorkerType};

/// Script that loads the engine, relative to the page's address.
const LOADER: &str = "engine-worker.js";

/// Attribute of the page's script tag with the version of the engine that the page was built with.
const ENGINE_VERSION: &str = "data-engine";

/// Explanation of a worker that the browser has not started.
pub const REFUSED: &str = "The browser refused to start the engine's worker. If it is no older than Chrome or Edge 91, Firefox \
                           114 or Safari 16.4, a policy of this host forbids it: its Content-Security-Policy has to allow \
                           'self' and blob: in worker-src.";

/// Report of a worker.
pub enum WorkerReport {
    /// Progress of the download; a total of 0 means unknown.
    Loading { bytes: f64, total: f64 },
    /// The engine accepts commands.
    Listening,
    /// Event of the engine.
    Event(Box<Event>),
    /// The worker has failed, for this reason.
    Dead(String),
}

/// Running worker; dropping the handle terminates it.
pub struct WorkerHandle {
    worker: Worker,
    _listeners: [EventListener; 2],
}

impl WorkerHandle {
    /// Starts a worker with the engine that `device` needs; `on_report` receives its reports.
    ///
    /// # Errors
    /// If the browser refuses to start a worker.
    pub fn start(
        device: DevicePreference,
        on_report: impl Fn(WorkerReport) + Clone + 'static,
    ) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&blob_script(device)?, &options)?;
        let on_message = {
            let on_report = on_report.clone();
            EventListener::new(&worker, "message", move |event| {
                let event: &MessageEvent = event.unchecked_ref();
                on_report(decode_report(event.data()));
            })
        };
        let on_error = EventListener::new(&worker, "error", move |event| {
            // A worker that is refused is reported by an event without a message.
            let message = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).filter(|message| !message.is_empty());
            on_report(WorkerReport::Dead(message.unwrap_or_else(|| REFUSED.into())));
        });
        Ok(Self { worker, _listeners: [on_message, on_error] })
    }

    /// Posts `command` with the handles of `files`, in the envelope that [`wire`] describes. Buffers are transferred,
    /// not copied; of a file only the handle crosses.
    ///
    /// # Errors
    /// If the command cannot be encoded or the browser refuses the message.
    pub fn post(&self, command: &Command, files: &[File]) -> Result<(), JsValue> {
        let (value, buffers) = wire::encode(command).map_err(|error| JsValue::from(error.to_string()))?;
        let envelope = Array::of1(&value);
        for file in files {
            envelope.push(file);
        }
        self.worker.post_message_with_transfer(&envelope, &buffers)
    }
}

impl Drop for WorkerHandle {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// Address of a blob with a script of one line that imports the loader, and reports why it could not. A worker started
/// from a network address has its own content security policy, which a static host cannot send; a worker started from a
/// blob inherits the page's.
fn blob_script(device: DevicePreference) -> Result<String, JsValue> {
    let document = web_sys::window().and_then(|window| window.document()).ok_or("there is no document")?;
    let base = document.base_uri()?.ok_or("the page has no address")?;
    let loader = Url::new_with_base(LOADER, &base)?;
    let version =
        document.query_selector(&format!("[{ENGINE_VERSION}]"))?.and_then(|tag| tag.get_attribute(ENGINE_VERSION));
    // The version makes an address of its own, so that a cache cannot answer with the loader of another one.
    let version = version.map(|version| format!("engine={version}"));
    let device = (device == DevicePreference::Cpu).then(|| "device=cpu".to_owned());
    loader.set_search(&version.into_iter().chain(device).collect::<Vec<_>>().join("&"));
    let options = BlobPropertyBag::new();
    options.set_type("text/javascript");
    let import = format!(
        "import({}).catch(({{ message }}) => postMessage({{ panicked: `The engine's loader did not start: the connection \
         failed, or the page was updated meanwhile. Reload the page. (${{message}})` }}));",
        js_sys::JSON::stringify(&loader.href().into())?
    );
    let script = Blob::new_with_str_sequence_and_options(&Array::of1(&import.into()), &options)?;
    Url::create_object_url_with_blob(&script)
}

fn decode_report(value: JsValue) -> WorkerReport {
    // The loader's reports are plain objects, not encoded messages: the engine is not loaded yet.
    let number = |name: &str| Reflect::get(&value, &name.into()).ok().and_then(|number| number.as_f64());
    if value.is_object()
        && let Some(bytes) = number("loading")
    {
        return WorkerReport::Loading { bytes, total: number("total").unwrap_or(0.0) };
    }
    match crate::js_deserializer::decode(value) {
        Ok(WorkerMessage::Listening) => WorkerReport::Listening,
        Ok(WorkerMessage::Event(event)) => WorkerReport::Event(event),
        Ok(WorkerMessage::Panicked(reason)) => WorkerReport::Dead(reason),
        Err(error) => WorkerReport::Dead(error.to_string()),
    }
}
