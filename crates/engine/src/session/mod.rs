//! The engine's session: receives commands, holds the current data, model and run, and emits events.

mod activity;
mod evaluation;
mod evaluation_data;
mod finished_run;
mod latent;
mod pictures;
mod preparation;
mod random_sample;
mod request;
mod state;
mod tables;
mod training;

use std::time::Duration;

use futures_channel::mpsc::{TryRecvError, UnboundedReceiver};
use futures_util::StreamExt;
use pinhole_protocol::Event;
use pinhole_table::conversion::LoadFormats;
use web_time::Instant;

pub use request::Request;
use state::Session;

/// Time between two pauses: a command waits no longer than this plus the current step.
const WORK_SLICE: Duration = Duration::from_millis(12);

/// Handles `requests` until their sender is dropped.
///
/// `emit` is called with every event. During training, requests are handled between steps; for that, `pause` must let the
/// event loop turn once (a macrotask in a browser, nothing natively), as the CPU's steps never yield. `formats` gets the
/// readers of tables that are no text. Errors become [`Event::Failed`] and leave the session as it was.
pub async fn serve(
    mut requests: UnboundedReceiver<Request>,
    emit: impl Fn(Event),
    pause: impl AsyncFn(),
    formats: Box<dyn LoadFormats>,
) {
    let mut session = Session::new(emit, pause, formats);
    let mut worked_since = Instant::now();
    loop {
        if !session.is_busy() {
            let Some(request) = requests.next().await else { return };
            session.handle(request).await;
            worked_since = Instant::now();
            continue;
        }
        match requests.try_recv() {
            Ok(request) => session.handle(request).await,
            Err(TryRecvError::Empty) => session.work().await,
            Err(TryRecvError::Closed) => return,
        }
        if worked_since.elapsed() >= WORK_SLICE {
            session.pause().await;
            worked_since = Instant::now();
        }
    }
}
