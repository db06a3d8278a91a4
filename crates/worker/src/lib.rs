//! The engine in a Web Worker: commands in, events out, nothing else.
//!
//! Two programs of one line each call [`listen`]: `pinhole-worker` with WebGPU, and `pinhole-worker-cpu` without, a fifth
//! of the size. The page's loader (`www/engine-worker.js`) chooses between them.
//!
//! The page posts [`Command`](pinhole_protocol::Command)s and hears [`WorkerMessage`](pinhole_protocol::wire::WorkerMessage)s; both
//! cross as [`pinhole_protocol::wire`] encodes them, with their buffers transferred:
//!
//! The page's messages are arrays: the command, then the `File`s that it speaks of by index.
//!
//! 1. `WorkerMessage::Listening` comes first. What was posted before is lost: a worker that still loads its wasm hears nothing.
//! 2. `WorkerMessage::Event` is an answer, or news. A message that is no command is answered by `Event::Failed`, no more.
//! 3. `WorkerMessage::Panicked` is the last: the wasm is dead after a panic. Running out of memory ends it without a message,
//!    and is seen as the `error` event of the worker.

#[cfg(target_family = "wasm")]
mod constructors;
#[cfg(target_family = "wasm")]
mod file_source;
#[cfg(target_family = "wasm")]
mod macrotask;
#[cfg(target_family = "wasm")]
mod post;

/// Starts to listen.
#[cfg(target_family = "wasm")]
pub fn listen() {
    use futures_channel::mpsc;
    use pinhole_protocol::{Event, Failure, FailureKind, wire::WorkerMessage};
    use wasm_bindgen::{JsCast, prelude::Closure};
    use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

    constructors::run_once();
    std::panic::set_hook(Box::new(|panic| post::post(&WorkerMessage::Panicked(panic.to_string()))));

    let (sender, commands) = mpsc::unbounded();
    let hear = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| match errand(&message.data()) {
        Ok(errand) => {
            // The receiver lives as long as the worker.
            let _ = sender.unbounded_send(errand);
        }
        Err(error) => post::post_event(Event::Failed(Failure { kind: FailureKind::State, message: error.to_string() })),
    });
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    scope.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    hear.forget();

    wasm_bindgen_futures::spawn_local(async move {
        let macrotask = macrotask::Macrotask::new();
        // Boxed: the session holds a whole run, 17 kB of it.
        Box::pin(pinhole_engine::session::serve(commands, post::post_event, async || macrotask.wait().await)).await;
    });
    post::post(&WorkerMessage::Listening);
}

/// Opens an envelope: the command first, then its files.
#[cfg(target_family = "wasm")]
fn errand(
    envelope: &wasm_bindgen::JsValue,
) -> Result<pinhole_engine::session::Errand, pinhole_protocol::wire::WireError> {
    use pinhole_table::source::ByteSource;
    use wasm_bindgen::JsCast;

    let (command, files) = pinhole_protocol::wire::decode_envelope(envelope)?;
    let files = files
        .into_iter()
        .filter_map(|file| file.dyn_into().ok())
        .map(|file| Box::new(file_source::FileSource::new(file)) as Box<dyn ByteSource>)
        .collect();
    Ok(pinhole_engine::session::Errand { command, files })
}

/// Says where it would.
#[cfg(not(target_family = "wasm"))]
pub fn listen() {
    eprintln!("The worker runs in a browser: `cargo xtask serve` builds and serves the page that starts it.");
}
