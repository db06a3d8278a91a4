//! Storing of a person's choices for tables, and taking them up for another file with the same header.

use std::cell::RefCell;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::Date;
use pinhole_protocol::table::TableCommand;
use wasm_bindgen_futures::spawn_local;

use super::Controller;
use crate::{
    labs::tables::state::{JobKind, Lab, LabAction},
    storage::{self, TableSettings},
};

/// Time between the last choice and its storing, in milliseconds.
const STORE_DELAY_MS: u32 = 500;

/// Timer after which changed choices are stored.
#[derive(Default)]
pub struct SettingsTimer(RefCell<Option<Timeout>>);

impl Controller {
    /// Stores choices soon after they have changed, and looks for earlier ones when a file was opened.
    pub(super) fn follow_settings(&self, before: &Lab, after: &Lab) {
        let (old, new) = (before.data.settings(), after.data.settings());
        if before.opened_files == after.opened_files {
            if new.is_some() && old != new {
                self.schedule_settings();
            }
            return;
        }
        let pending = self.settings_timer.0.take().and(old.cloned());
        let (Some(controller), Some(new)) = (self.this.upgrade(), new) else { return };
        let header = new.header.clone();
        spawn_local(async move {
            if let Some(pending) = pending {
                store(pending).await;
            }
            controller.load_settings(&header).await;
        });
    }

    fn schedule_settings(&self) {
        let controller = self.this.clone();
        let timer = Timeout::new(STORE_DELAY_MS, move || {
            if let Some(controller) = controller.upgrade() {
                controller.store_changed_settings();
            }
        });
        // The timer before is cancelled by being dropped.
        self.settings_timer.0.replace(Some(timer));
    }

    /// Stores the choices if they have changed since they were stored.
    fn store_changed_settings(&self) {
        let is_changed = self.settings_timer.0.take().is_some();
        if let Some(settings) = self.lab().data.settings().filter(|_| is_changed).cloned() {
            spawn_local(store(settings));
        }
    }

    /// Stores changed choices when the page is hidden, as it may be closed next. The listener acts until it is dropped.
    pub fn listen_to_hiding(&self) -> Option<EventListener> {
        let (document, controller) = (web_sys::window()?.document()?, self.this.clone());
        Some(EventListener::new(&document.clone(), "visibilitychange", move |_| {
            if let Some(controller) = controller.upgrade().filter(|_| document.hidden()) {
                controller.store_changed_settings();
            }
        }))
    }

    /// Takes up the choices for this header, unless another table is open by now, or has been changed.
    async fn load_settings(&self, header: &str) {
        let Ok(Some(settings)) = storage::load_table_settings(header).await else { return };
        let lab = self.lab();
        let is_free = matches!(lab.job, None | Some(JobKind::Reading | JobKind::Scoring));
        let is_same = lab.data.settings().is_some_and(|now| now.header == header && now.is_default());
        if !is_free || !is_same {
            return;
        }
        self.dispatch(LabAction::TakeUp(Box::new(settings)));
        // A file that is scored is read as guessed.
        if lab.job != Some(JobKind::Scoring) && lab.data.scored.is_none() {
            self.read_by_choices();
        }
    }

    /// Forgets the choices for the open table's header, and reads the table as guessed.
    pub fn start_over(&self) {
        self.dispatch(LabAction::StartOver);
        self.read_by_choices();
    }

    /// Reads the open file with the dialect of the choices, unless it is read so already.
    fn read_by_choices(&self) {
        if let Some(dialect) = self.lab().data.dialect_to_read() {
            self.dispatch(LabAction::Reread { choice: None });
            self.post(TableCommand::Reread { dialect });
        }
    }
}

async fn store(settings: TableSettings) {
    // A refusal is shown beside the training, where more is at stake.
    let _ = storage::store_table_settings(&TableSettings { stored_at_ms: Date::now(), ..settings }).await;
}
