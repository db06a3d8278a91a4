//! Storing of checkpoints in the browser, one at a time, the newest that waits.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use wasm_bindgen_futures::spawn_local;

use crate::{
    notices::Notices,
    storage::{self, StoredModel},
};

/// Queue of the newest checkpoint.
pub struct CheckpointStore {
    notices: Notices,
    /// Newest checkpoint that waits while another one is being stored.
    waiting: RefCell<Option<StoredModel>>,
    is_storing: Cell<bool>,
    has_failed: Cell<bool>,
}

impl CheckpointStore {
    /// Creates an empty queue.
    pub fn new(notices: Notices) -> Rc<Self> {
        Rc::new(Self { notices, waiting: RefCell::default(), is_storing: Cell::default(), has_failed: Cell::default() })
    }

    /// Stores a checkpoint, after the one that is being stored.
    pub fn store(self: &Rc<Self>, checkpoint: StoredModel) {
        self.waiting.replace(Some(checkpoint));
        if !self.is_storing.replace(true) {
            let queue = self.clone();
            spawn_local(async move { queue.store_waiting().await });
        }
    }

    async fn store_waiting(&self) {
        loop {
            let Some(checkpoint) = self.waiting.borrow_mut().take() else { break };
            if storage::store(&checkpoint).await.is_err() && !self.has_failed.replace(true) {
                self.notices.information(
                    "This browser does not store data for the page (a private window, or full storage): save your model before \
                     you leave. All else works.",
                );
            }
        }
        self.is_storing.set(false);
    }
}
