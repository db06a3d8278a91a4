//! The engine in a Web Worker: receives commands, posts events.
//!
//! Two binaries call [`listen`]: `pinhole-worker` with WebGPU, and `pinhole-worker-cpu` without, a fifth of the size.
//! The page's loader (`www/engine-worker.js`) chooses between them.
//!
//! A message is handled in these steps ([`pinhole_protocol::wire`] is its encoding):
//!
//! 1. After its start the worker posts `WorkerMessage::Listening`. Messages posted earlier, while its wasm is loading,
//!    are lost.
//! 2. The page posts an envelope: an array of a [`Command`](pinhole_protocol::Command) and the `File`s to which it
//!    refers by index. `decode_request` decodes it and wraps each file in a `BlobSource`.
//! 3. `Command::Start` starts the log, if it names a level. The request is sent to the channel of `session::serve`,
//!    which carries out one request at a time. During training and longer jobs the session receives requests between
//!    two steps; for that it awaits `macrotask`, so that the event loop can deliver messages.
//! 4. Every event of the session is posted as `WorkerMessage::Event`, with its buffers transferred. A message that is
//!    no command is answered by `Event::Failed`.
//! 5. A panic posts `WorkerMessage::Panicked`, after which the worker is unusable. Running out of memory ends it
//!    without a message; the page sees the worker's `error` event.

#[cfg(target_family = "wasm")]
mod blob_source;
#[cfg(target_family = "wasm")]
mod constructors;
#[cfg(target_family = "wasm")]
mod formats_module;
#[cfg(target_family = "wasm")]
mod log;
#[cfg(target_family = "wasm")]
mod macrotask;
#[cfg(target_family = "wasm")]
mod post;

/// Runs the worker: handles messages of the page until the worker is terminated.
#[cfg(target_family = "wasm")]
pub fn listen() {
    use futures_channel::mpsc;
    use pinhole_protocol::{Command, Event, Failure, FailureKind, wire::WorkerMessage};
    use wasm_bindgen::{JsCast, prelude::Closure};
    use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

    constructors::run_once();
    std::panic::set_hook(Box::new(|panic| post::post(&WorkerMessage::Panicked(panic.to_string()))));

    let (sender, requests) = mpsc::unbounded();
    let on_message =
        Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| match decode_request(&message.data()) {
            Ok(request) => {
                if let Command::Start { log, .. } = request.command {
                    log::start(log);
                }
                // The receiver lives as long as the worker.
                let _ = sender.unbounded_send(request);
            }
            Err(error) => {
                post::post_event(Event::Failed(Failure { kind: FailureKind::State, message: error.to_string() }));
            }
        });
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();

    wasm_bindgen_futures::spawn_local(async move {
        let macrotask = macrotask::Macrotask::new();
        // Boxed: the session holds a whole run, 17 kB of it.
        let formats = Box::new(formats_module::ModuleLoader);
        let session =
            pinhole_engine::session::serve(requests, post::post_event, async || macrotask.wait().await, formats);
        Box::pin(session).await;
    });
    post::post(&WorkerMessage::Listening);
}

/// Decodes an envelope to a command and the sources of its files.
#[cfg(target_family = "wasm")]
fn decode_request(
    envelope: &wasm_bindgen::JsValue,
) -> Result<pinhole_engine::session::Request, pinhole_protocol::wire::WireError> {
    use pinhole_table::source::ByteSource;
    use wasm_bindgen::JsCast;

    let (command, files) = pinhole_protocol::wire::decode_envelope(envelope)?;
    let files = files
        .into_iter()
        .filter_map(|file| file.dyn_into().ok())
        .map(|file| Box::new(blob_source::BlobSource::new(file)) as Box<dyn ByteSource>)
        .collect();
    Ok(pinhole_engine::session::Request { command, files })
}

/// Prints that the worker runs in a browser only.
#[cfg(not(target_family = "wasm"))]
pub fn listen() {
    eprintln!("The worker runs in a browser: `cargo xtask serve` builds and serves the page that starts it.");
}
