//! Storing of a run's checkpoints, one at a time, the newest that waits.

use std::{
    cell::{Cell, RefCell},
    fmt,
    rc::Rc,
};

use pinhole_protocol::Bytes;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::{
    error::StorageError,
    runs::{Stored, StoredRun, store_run, withdraw},
};

/// State of the storage, as far as the run knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StorageState {
    /// All is stored, or nothing had to be yet.
    #[default]
    Works,
    /// The last checkpoint was not stored.
    Failed(StorageError),
    /// The weights of this many older runs were deleted to make room.
    MadeRoom(usize),
    /// It was emptied during the run, which is stored again.
    Emptied,
}

impl StorageState {
    /// State after the next checkpoint: what happened during a run is shown to its end.
    pub const fn followed_by(self, next: Self, is_training: bool) -> Self {
        match (self, next) {
            (Self::MadeRoom(_) | Self::Emptied, Self::Works) if is_training => self,
            _ => next,
        }
    }
}

/// The sentence that a person reads beside the run; empty while all works.
impl fmt::Display for StorageState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Works => Ok(()),
            Self::Failed(error) => write!(f, "{error}"),
            Self::MadeRoom(1) => {
                f.write_str("The weights of your oldest run were deleted to make room; starred runs stay.")
            }
            Self::MadeRoom(runs) => {
                write!(f, "The weights of your {runs} oldest runs were deleted to make room; starred runs stay.")
            }
            Self::Emptied => f.write_str(
                "The data of this page was deleted in this browser during the run; from here on it is stored again.",
            ),
        }
    }
}

/// Run with its weights, to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedRun {
    pub run: StoredRun,
    pub weights: Bytes,
}

/// Queue of the newest checkpoint.
pub struct RunSaver {
    /// Newest checkpoint that waits while another one is being stored.
    waiting: RefCell<Option<SavedRun>>,
    is_storing: Cell<bool>,
    /// Id of the run that was stored last.
    last: RefCell<Option<String>>,
    on_state: Callback<StorageState>,
}

impl RunSaver {
    /// Creates an empty queue; `on_state` is called after each attempt.
    pub fn new(on_state: Callback<StorageState>) -> Rc<Self> {
        Rc::new(Self { waiting: RefCell::default(), is_storing: Cell::default(), last: RefCell::default(), on_state })
    }

    /// Notes that a stored run was restored: a new run takes its place among those that are offered.
    pub fn resume(&self, id: &str) {
        self.last.replace(Some(id.to_owned()));
    }

    /// Stores a checkpoint, after the one that is being stored.
    pub fn store(self: &Rc<Self>, checkpoint: SavedRun) {
        self.waiting.replace(Some(checkpoint));
        if !self.is_storing.replace(true) {
            let queue = self.clone();
            spawn_local(async move { queue.store_waiting().await });
        }
    }

    async fn store_waiting(&self) {
        loop {
            let Some(SavedRun { run, weights }) = self.waiting.borrow_mut().take() else { break };
            let last = self.last.borrow().clone();
            let is_first = last.as_ref() != Some(&run.id);
            let state = match store_run(&run, &weights, is_first).await {
                Ok(Stored::Kept) => StorageState::Works,
                Ok(Stored::InPlaceOf(runs)) => StorageState::MadeRoom(runs),
                Ok(Stored::Again) => StorageState::Emptied,
                Err(error) => StorageState::Failed(error),
            };
            if !matches!(state, StorageState::Failed(_)) {
                self.last.replace(Some(run.id.clone()));
                if let Some(last) = last.filter(|_| is_first) {
                    // One that cannot be changed is offered once more, which does no harm.
                    let _ = withdraw(&last).await;
                }
            }
            self.on_state.emit(state);
        }
        self.is_storing.set(false);
    }
}
