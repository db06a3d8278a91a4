//! Control of a longer job: slices of work, progress, and the wish to stop.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    rc::Rc,
    task::Poll,
    time::Duration,
};

use pinhole_protocol::latent::LatentActivity;
use web_time::Instant;

/// Part of a job, with its progress.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// The part.
    pub activity: LatentActivity,
    /// Units done.
    pub done: usize,
    /// Units in all.
    pub total: usize,
    /// Time at which the part began.
    pub started: Instant,
}

/// Handle on a job, shared by the job and whoever runs it.
#[derive(Clone, Debug, Default)]
pub struct JobControl(Rc<State>);

#[derive(Debug, Default)]
struct State {
    /// End of the slice; `None` while nothing limits it, as in the terminal.
    slice_end: Cell<Option<Instant>>,
    /// True if the job has paused by itself, and not for the device.
    has_yielded: Cell<bool>,
    is_stopped: Cell<bool>,
    wants_positions: Cell<bool>,
    stage: RefCell<Option<Stage>>,
    positions: RefCell<Option<Vec<f32>>>,
}

impl JobControl {
    /// Begins a slice of so much time.
    pub fn begin_slice(&self, duration: Duration) {
        self.0.slice_end.set(Some(Instant::now() + duration));
    }

    /// True if the job paused by itself since the last call.
    pub fn take_yield(&self) -> bool {
        self.0.has_yielded.take()
    }

    /// Asks the job to end with what it has.
    pub fn stop(&self) {
        self.0.is_stopped.set(true);
    }

    /// True if the job is to end with what it has.
    pub fn is_stopped(&self) -> bool {
        self.0.is_stopped.get()
    }

    /// Pauses if the slice is over.
    pub async fn pause(&self) {
        if self.0.slice_end.get().is_none_or(|end| Instant::now() < end) {
            return;
        }
        self.0.has_yielded.set(true);
        let mut is_first = true;
        poll_fn(|context| {
            if std::mem::take(&mut is_first) {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready(())
        })
        .await;
    }

    /// Sets the progress.
    pub fn report(&self, activity: LatentActivity, done: usize, total: usize) {
        let mut stage = self.0.stage.borrow_mut();
        let started = stage.as_ref().filter(|stage| stage.activity == activity).map(|stage| stage.started);
        *stage = Some(Stage { activity, done, total, started: started.unwrap_or_else(Instant::now) });
    }

    /// The progress; `None` before it was set.
    pub fn stage(&self) -> Option<Stage> {
        self.0.stage.borrow().clone()
    }

    /// Asks for the positions of a layout.
    pub fn ask_for_positions(&self) {
        self.0.wants_positions.set(true);
    }

    /// Hands out the positions of a layout, if they were asked for.
    pub fn show_positions(&self, positions: impl FnOnce() -> Vec<f32>) {
        if self.0.wants_positions.take() {
            *self.0.positions.borrow_mut() = Some(positions());
        }
    }

    /// Takes the positions that were handed out last.
    pub fn take_positions(&self) -> Option<Vec<f32>> {
        self.0.positions.borrow_mut().take()
    }
}
