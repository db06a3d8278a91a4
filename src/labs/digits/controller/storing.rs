//! Storing in the browser: runs and their checkpoints, and the draft of this tab.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::Date;
use pinhole_protocol::{Bytes, Command, Experiment, ImageSource, NamedFile, TrainingStart};
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::Controller;
use crate::{
    builder::presets::preset_of,
    labs::digits::state::{Lab, LabAction, StageMode, View, ViewTab},
    route::{self, Route},
    storage::{self, Draft, NetworkRun, RunKind, RunLock, SavedRun, StorageState, StoredRun},
};

/// Time between the last change and the storing of a draft, in milliseconds.
const DRAFT_DELAY_MS: u32 = 500;

/// Drafts of this tab.
#[derive(Default)]
pub struct Drafts {
    /// Timer of the next draft.
    timer: RefCell<Option<Timeout>>,
    /// True once the draft of the last load was looked for: until then nothing may be stored in its place.
    is_loaded: Cell<bool>,
    /// Time at which the run in progress began, in milliseconds since 1970.
    pub run_began_at_ms: Cell<f64>,
}

/// Callback that shows the state of the storage beside the run.
pub fn on_storage_state(controller: Weak<Controller>) -> Callback<StorageState> {
    Callback::from(move |state| {
        if let Some(controller) = controller.upgrade() {
            controller.dispatch(LabAction::SetStorage(state));
        }
    })
}

impl Controller {
    /// Locks a run while it is in progress.
    pub(super) fn follow_run(&self, before: &Lab, after: &Lab) {
        match (before.phase.is_active(), after.phase.is_active()) {
            (false, true) => {
                self.drafts.run_began_at_ms.set(Date::now());
                let lock = after.recovery.run_id().map(|id| RunLock::hold(id));
                self.run_lock.replace(lock);
            }
            (true, false) => drop(self.run_lock.take()),
            _ => {}
        }
    }

    /// Stores a checkpoint of the run in the browser.
    pub(super) fn store_checkpoint(&self, weights: &Bytes) {
        let lab = self.lab();
        let (Some(run), Some(id), Some(model)) = (lab.recovery.run(), lab.recovery.run_id(), lab.active_model()) else {
            return;
        };
        let run = StoredRun {
            id: id.to_string(),
            name: name_of(&run.experiment),
            data: data_name(&lab, &run.experiment),
            kind: RunKind::Network(Box::new(NetworkRun {
                experiment: (*run.experiment).clone(),
                start: run.start,
                curve: model.history.clone(),
            })),
            began_at_ms: self.drafts.run_began_at_ms.get(),
            stored_at_ms: Date::now(),
            is_offered: true,
            ..StoredRun::default()
        };
        self.run_saver.store(SavedRun { run, weights: weights.clone() });
    }

    /// Opens a stored run with its experiment.
    pub fn restore(&self, run: Rc<StoredRun>) {
        let Some(controller) = self.this.upgrade() else { return };
        spawn_local(async move {
            // Runs of the other lab are not offered here.
            let RunKind::Network(network) = &run.kind else { return };
            match storage::load_weights(&run.id).await {
                Ok(Some(weights)) => controller.open_run(&run, network, weights),
                Ok(None) => {
                    controller.dispatch(LabAction::OpenExperiment(network.experiment.clone()));
                    controller.services.notices.information(
                        "The weights of this run were deleted to make room; its experiment is here to be trained again.",
                    );
                }
                Err(error) => controller.dispatch(LabAction::SetStorage(StorageState::Failed(error))),
            }
        });
    }

    fn open_run(&self, stored: &StoredRun, run: &NetworkRun, bytes: Bytes) {
        self.run_saver.resume(stored);
        let is_unfinished = run.epoch() < run.experiment.schedule.epochs;
        self.send_model(&NamedFile { name: "Your last model".into(), bytes }.into());
        self.dispatch(LabAction::SetRunId(Some(stored.id.as_str().into())));
        self.dispatch(LabAction::OpenExperiment(run.experiment.clone()));
        if is_unfinished {
            self.dispatch(LabAction::SetStart(TrainingStart::Continue));
        }
        if is_unfinished && run.start == TrainingStart::Distil {
            self.services.notices.information(
                "The student is restored, but not its teacher: trained further, it learns from the samples alone.",
            );
        }
    }

    /// Restores the run that the address names, once.
    pub fn open_linked_run(&self, hash: &str) {
        let (Some(id), Some(controller)) =
            (route::linked_run(hash, Route::Digits).map(str::to_owned), self.this.upgrade())
        else {
            return;
        };
        route::go_to_lab(Route::Digits);
        if self.is_training() {
            self.services.notices.information("A run is in progress: stop it, then restore the other one.");
            return;
        }
        spawn_local(async move {
            let runs = storage::load_runs().await.unwrap_or_default();
            match runs.into_iter().find(|run| run.id == id) {
                Some(run) => controller.restore(run.into()),
                None => controller.services.notices.problem("This browser no longer holds that run."),
            }
        });
    }

    /// Asks for a checkpoint and stores the draft when the page is hidden, as it may be closed next. The listener acts
    /// until it is dropped.
    pub fn listen_to_hiding(&self) -> Option<EventListener> {
        let (document, controller) = (web_sys::window()?.document()?, self.this.clone());
        Some(EventListener::new(&document.clone(), "visibilitychange", move |_| {
            if let Some(controller) = controller.upgrade().filter(|_| document.hidden()) {
                if controller.is_training() {
                    controller.services.engine.send(Command::Checkpoint);
                }
                controller.store_draft();
            }
        }))
    }

    /// Takes up this tab's draft after a reload.
    pub async fn load_draft(&self) {
        if let Ok(Some(draft)) = storage::load_draft().await {
            self.open_draft(draft);
        }
        self.drafts.is_loaded.set(true);
    }

    fn open_draft(&self, draft: Draft) {
        if self.pad.restore(&draft.drawing) {
            self.on_drawn();
        }
        self.dispatch(LabAction::OpenExperiment(draft.experiment));
        self.dispatch(LabAction::SetStart(draft.start));
        let mode = if draft.is_building { StageMode::Build } else { StageMode::Views };
        let tab = ViewTab::ALL.get(draft.view).copied().unwrap_or_default();
        self.dispatch(LabAction::SetView(View { tab, mode, ..self.lab().view }));
    }

    /// Stores a draft soon after the experiment or the view has changed.
    pub(super) fn follow_draft(&self, before: &Lab, after: &Lab) {
        let content = |lab: &Lab| (lab.experiment.clone(), lab.start, lab.view.tab, lab.view.mode);
        if content(before) != content(after) {
            self.schedule_draft();
        }
    }

    /// Stores a draft once nothing has changed for a moment.
    pub(super) fn schedule_draft(&self) {
        let controller = self.this.clone();
        let timer = Timeout::new(DRAFT_DELAY_MS, move || {
            if let Some(controller) = controller.upgrade() {
                controller.store_draft();
            }
        });
        // The timer before is cancelled by being dropped.
        self.drafts.timer.replace(Some(timer));
    }

    fn store_draft(&self) {
        if !self.drafts.is_loaded.get() {
            return;
        }
        let lab = self.lab();
        let draft = Draft {
            drawing: self.pad.stored(),
            experiment: (*lab.experiment).clone(),
            start: lab.start,
            view: ViewTab::ALL.iter().position(|tab| *tab == lab.view.tab).unwrap_or_default(),
            is_building: lab.view.is_building(),
            stored_at_ms: Date::now(),
            tab: storage::tab_id(),
        };
        spawn_local(async move {
            // A refusal is shown beside the run, where more is at stake.
            let _ = storage::store_draft(&draft).await;
        });
    }
}

/// Name of a model of this experiment: its preset's, or that of a person's own network.
fn name_of(experiment: &Experiment) -> String {
    preset_of(experiment).map_or("Your own network", |preset| preset.title).into()
}

/// Name of the data that an experiment learns from.
fn data_name(lab: &Lab, experiment: &Experiment) -> String {
    match experiment.data.source {
        ImageSource::Strokes => "Generated digits".into(),
        ImageSource::Digits8x8 => "Real 8×8 digits".into(),
        ImageSource::Opened => lab.opened.as_ref().map_or_else(String::new, |opened| opened.name.clone()),
        ImageSource::TableRows => lab.table.rows().map_or_else(String::new, |rows| rows.name.clone()),
    }
}
