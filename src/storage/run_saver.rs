//! Storing of a run's checkpoints, one at a time, the newest that waits.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    fmt,
    rc::Rc,
};

use pinhole_protocol::Bytes;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::{
    error::StorageError,
    runs::{Stored, StoredRun, new_id, store_run, withdraw},
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

/// Id of a stored run, and the time at which it was stored.
#[derive(Clone, Debug, PartialEq)]
struct StoredId {
    id: String,
    stored_at_ms: f64,
}

/// Queue of the newest checkpoint.
pub struct RunSaver {
    /// Newest checkpoint that waits while another one is being stored.
    waiting: RefCell<Option<SavedRun>>,
    is_storing: Cell<bool>,
    /// Run that was stored or restored last.
    last: RefCell<Option<StoredId>>,
    /// Ids of runs that another tab has restored too, and those under which this tab stores what it makes of them.
    own_ids: RefCell<HashMap<String, String>>,
    on_state: Callback<StorageState>,
}

impl RunSaver {
    /// Creates an empty queue; `on_state` is called after each attempt.
    pub fn new(on_state: Callback<StorageState>) -> Rc<Self> {
        Rc::new(Self {
            waiting: RefCell::default(),
            is_storing: Cell::default(),
            last: RefCell::default(),
            own_ids: RefCell::default(),
            on_state,
        })
    }

    /// Notes that a stored run was restored: a new run takes its place among those that are offered.
    pub fn resume(&self, run: &StoredRun) {
        self.own_ids.borrow_mut().remove(&run.id);
        self.last.replace(Some(StoredId { id: run.id.clone(), stored_at_ms: run.stored_at_ms }));
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
            let Some(SavedRun { mut run, weights }) = self.waiting.borrow_mut().take() else { break };
            if let Some(id) = self.own_ids.borrow().get(&run.id) {
                run.id.clone_from(id);
            }
            let last = self.last.borrow().clone();
            let seen = last.as_ref().filter(|last| last.id == run.id).map(|last| last.stored_at_ms);
            let state = match store_run(&run, &weights, seen).await {
                Ok(Stored::OfAnotherTab) => {
                    self.own_ids.borrow_mut().insert(run.id.clone(), new_id());
                    // The other tab's run stays among those that are offered.
                    self.last.take();
                    self.waiting.borrow_mut().get_or_insert(SavedRun { run, weights });
                    continue;
                }
                Ok(Stored::Kept) => StorageState::Works,
                Ok(Stored::InPlaceOf(runs)) => StorageState::MadeRoom(runs),
                Ok(Stored::Again) => StorageState::Emptied,
                Err(error) => StorageState::Failed(error),
            };
            if !matches!(state, StorageState::Failed(_)) {
                self.last.replace(Some(StoredId { id: run.id.clone(), stored_at_ms: run.stored_at_ms }));
                if let Some(last) = last.filter(|last| last.id != run.id) {
                    // One that cannot be changed is offered once more, which does no harm.
                    let _ = withdraw(&last.id).await;
                }
            }
            self.on_state.emit(state);
        }
        self.is_storing.set(false);
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use gloo_timers::future::TimeoutFuture;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;
    use crate::storage::{delete_run, load_runs};

    wasm_bindgen_test_configure!(run_in_browser);

    fn run(name: &str, stored_at_ms: f64) -> StoredRun {
        StoredRun { id: "shared".into(), name: name.into(), stored_at_ms, is_offered: true, ..StoredRun::default() }
    }

    /// Stores a checkpoint of the run "shared" and waits until that is done.
    async fn store(saver: &Rc<RunSaver>, name: &str, stored_at_ms: f64) {
        saver.store(SavedRun { run: run(name, stored_at_ms), weights: Bytes(name.into()) });
        while saver.is_storing.get() {
            TimeoutFuture::new(5).await;
        }
    }

    #[wasm_bindgen_test]
    async fn a_run_that_two_tabs_have_restored_becomes_two() {
        delete_run("shared").await.expect("storage");
        let kept = run("kept", 1.0);
        store_run(&kept, &Bytes(vec![1]), None).await.expect("storage");
        let savers = [RunSaver::new(Callback::noop()), RunSaver::new(Callback::noop())];
        for saver in &savers {
            saver.resume(&kept);
        }
        for (step, name) in ["first", "second", "first", "second"].into_iter().enumerate() {
            store(&savers[step % 2], name, 2.0 + step as f64).await;
        }
        let runs = load_runs().await.expect("storage");
        let of = |name: &str| runs.iter().filter(|run| run.name == name).collect::<Vec<_>>();
        let ([first], [second]) = (&of("first")[..], &of("second")[..]) else { panic!("{runs:?}") };
        assert_eq!((&*first.id, first.stored_at_ms, second.stored_at_ms), ("shared", 4.0, 5.0));
        for run in [first, second] {
            delete_run(&run.id).await.expect("storage");
        }
    }
}
