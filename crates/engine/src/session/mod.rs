//! What stands behind the page: hears commands, keeps data, model and run in hand, and tells the news.

mod activity;
mod ended;
mod looking;
mod preparation;
mod state;
mod surprise;
mod tables;
mod training;

use std::time::Duration;

use futures_channel::mpsc::{TryRecvError, UnboundedReceiver};
use futures_util::StreamExt;
use pinhole_protocol::{Command, Event};
use pinhole_table::source::ByteSource;
use web_time::Instant;

use state::Session;

/// Work between two pauses: a command waits no longer than this, and than the step under way.
const WORK_SLICE: Duration = Duration::from_millis(12);

/// A command, and the files that it speaks of by index.
pub struct Errand {
    /// What to do.
    pub command: Command,
    /// With which files.
    pub files: Vec<Box<dyn ByteSource>>,
}

impl From<Command> for Errand {
    fn from(command: Command) -> Self {
        Self { command, files: Vec::new() }
    }
}

/// Obeys `commands` until their sender is gone.
///
/// `emit` is called with every answer. While something is trained, commands are heard between steps; for that `pause`
/// must let the event loop turn once (a macrotask in a browser, nothing natively), as the CPU's steps never yield.
/// What goes wrong becomes [`Event::Failed`], and leaves everything in hand as it was.
pub async fn serve(mut commands: UnboundedReceiver<Errand>, emit: impl Fn(Event), pause: impl AsyncFn()) {
    let mut session = Session::new(emit, pause);
    let mut worked_since = Instant::now();
    loop {
        if !session.is_busy() {
            let Some(errand) = commands.next().await else { return };
            session.obey(errand).await;
            worked_since = Instant::now();
            continue;
        }
        match commands.try_recv() {
            Ok(errand) => session.obey(errand).await,
            Err(TryRecvError::Empty) => session.work().await,
            Err(TryRecvError::Closed) => return,
        }
        if worked_since.elapsed() >= WORK_SLICE {
            session.pause().await;
            worked_since = Instant::now();
        }
    }
}
