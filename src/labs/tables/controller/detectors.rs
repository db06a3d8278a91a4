//! Detector files: saved by a person, stored in the browser after each training, and restored from there.

use std::{
    cell::RefCell,
    collections::VecDeque,
    rc::{Rc, Weak},
};

use gloo_timers::callback::Timeout;
use js_sys::Date;
use pinhole_protocol::{
    Bytes, NamedFile,
    table::{DetectorSummary, TableCommand},
};
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::Controller;
use crate::{
    files,
    labs::tables::state::{JobKind, Lab, LabAction},
    route::{self, Route},
    storage::{self, DetectorRun, RunKind, RunSaver, SavedRun, StorageState, StoredRun},
};

/// Time between the last change of the threshold and its storing, in milliseconds.
const STORE_DELAY_MS: u32 = 500;

/// Purpose of a file that was requested from the engine.
enum FilePurpose {
    Download,
    /// Stored as this run.
    Storage(Box<StoredRun>),
}

/// Files of the current detector, and the run under which it is stored.
pub struct DetectorFiles {
    /// Purposes of the requested files, in the order of the answers.
    requested: RefCell<VecDeque<FilePurpose>>,
    /// Detector that was current after the last job.
    current: RefCell<Option<Rc<DetectorSummary>>>,
    /// Run of the current detector; `None` for one that was opened from a file.
    run: RefCell<Option<StoredRun>>,
    /// Run that is being restored.
    restoring: RefCell<Option<Rc<StoredRun>>>,
    threshold_timer: RefCell<Option<Timeout>>,
    saver: Rc<RunSaver>,
}

impl DetectorFiles {
    pub fn new(controller: Weak<Controller>) -> Self {
        let on_state = Callback::from(move |state| {
            if let Some(controller) = controller.upgrade() {
                controller.dispatch(LabAction::Storage(state));
            }
        });
        Self {
            requested: RefCell::default(),
            current: RefCell::default(),
            run: RefCell::default(),
            restoring: RefCell::default(),
            threshold_timer: RefCell::default(),
            saver: RunSaver::new(on_state),
        }
    }

    /// Forgets the detector of a worker that is gone, and the answers that it owes.
    pub fn forget(&self) {
        self.requested.take();
        self.current.take();
        self.run.take();
        self.restoring.take();
        self.threshold_timer.take();
    }
}

impl Controller {
    /// Stores a detector at the end of the job that trained it.
    pub(super) fn follow_detector(&self, before: &Lab, after: &Lab) {
        let Some(job) = before.job.filter(|_| after.job.is_none()) else { return };
        let files = &self.detector_files;
        let restored = if job == JobKind::OpeningDetector { files.restoring.take() } else { None };
        let Some(detector) = &after.data.detector else { return };
        let last = files.current.replace(Some(detector.clone()));
        if last.is_some_and(|last| Rc::ptr_eq(&last, detector)) {
            return;
        }
        let last_run = files.run.take();
        match job {
            JobKind::OpeningDetector => {
                if let Some(run) = restored {
                    files.saver.resume(&run);
                    files.run.replace(Some((*run).clone()));
                }
            }
            JobKind::FineTuning if last_run.is_some() => {
                files.run.replace(last_run);
                self.store_detector();
            }
            _ => {
                files.run.replace(Some(new_run(detector)));
                self.store_detector();
            }
        }
    }

    /// Requests the file of the current detector, to store it under its run.
    fn store_detector(&self) {
        let run = self.detector_files.run.borrow().clone();
        if let Some(run) = run {
            // With the rows to fine-tune with: it never leaves the browser.
            self.request_file(FilePurpose::Storage(Box::new(run)), true);
        }
    }

    /// Requests the file of the current detector as a download; `with_replay` is true to include the rows to fine-tune
    /// with.
    pub fn save_detector(&self, with_replay: bool) {
        self.request_file(FilePurpose::Download, with_replay);
    }

    fn request_file(&self, purpose: FilePurpose, with_replay: bool) {
        self.detector_files.requested.borrow_mut().push_back(purpose);
        self.post(TableCommand::SaveDetector { with_replay });
    }

    /// Takes a file that was requested.
    pub(super) fn on_detector_file(&self, bytes: &Bytes) {
        let purpose = self.detector_files.requested.borrow_mut().pop_front();
        match purpose {
            Some(FilePurpose::Storage(run)) => {
                let run = StoredRun { stored_at_ms: Date::now(), ..*run };
                self.detector_files.saver.store(SavedRun { run, weights: bytes.clone() });
            }
            Some(FilePurpose::Download) => self.download_detector(bytes),
            None => {}
        }
    }

    fn download_detector(&self, bytes: &Bytes) {
        let lab = self.lab();
        let name = lab.data.detector.as_ref().map_or("table", |detector| &detector.name);
        if files::save(&detector_file(name), "application/octet-stream", &bytes.0).is_err() {
            self.services.notices.problem("The detector could not be saved: the browser refused the download.");
        }
    }

    /// Stores the detector again once its threshold has not changed for a moment.
    pub(super) fn on_threshold(&self) {
        let controller = self.this.clone();
        let timer = Timeout::new(STORE_DELAY_MS, move || {
            if let Some(controller) = controller.upgrade() {
                spawn_local(async move { controller.store_threshold().await });
            }
        });
        // The timer before is cancelled by being dropped.
        self.detector_files.threshold_timer.replace(Some(timer));
    }

    async fn store_threshold(&self) {
        let id = self.detector_files.run.borrow().as_ref().map(|run| run.id.clone());
        let runs = storage::load_runs().await.unwrap_or_default();
        // A person may have deleted it meanwhile, or trained another one.
        let is_stored = id.is_some_and(|id| runs.iter().any(|run| run.id == id));
        if is_stored {
            self.store_detector();
        }
    }

    /// Opens a stored detector.
    pub fn restore(&self, run: Rc<StoredRun>) {
        let Some(controller) = self.this.upgrade() else { return };
        spawn_local(async move {
            let notices = &controller.services.notices;
            match storage::load_weights(&run.id).await {
                Ok(Some(_)) if controller.lab().job.is_some() => {
                    notices.information("Work is under way: wait for its end, then restore the detector.");
                }
                Ok(Some(bytes)) => {
                    let file = NamedFile { name: run.data.clone(), bytes };
                    controller.detector_files.restoring.replace(Some(run));
                    controller.start(JobKind::OpeningDetector, TableCommand::OpenDetector { file });
                }
                Ok(None) => notices.information("This detector was deleted to make room: train it again."),
                Err(error) => controller.dispatch(LabAction::Storage(StorageState::Failed(error))),
            }
        });
    }

    /// Restores the detector that the address names, once.
    pub fn open_linked_run(&self, hash: &str) {
        let id = route::linked_run(hash, Route::Tables).map(str::to_owned);
        let (Some(id), Some(controller)) = (id, self.this.upgrade()) else { return };
        route::go_to_lab(Route::Tables);
        spawn_local(async move {
            let runs = storage::load_runs().await.unwrap_or_default();
            let is_linked = |run: &StoredRun| run.id == id && run.kind.lab() == Route::Tables;
            match runs.into_iter().find(is_linked) {
                Some(run) => controller.restore(run.into()),
                None => controller.services.notices.problem("This browser no longer holds that detector."),
            }
        });
    }
}

/// Run of a detector that was just trained.
fn new_run(detector: &DetectorSummary) -> StoredRun {
    StoredRun {
        id: storage::new_id(),
        name: detector.method.label().into(),
        data: detector.name.clone(),
        kind: RunKind::Detector(DetectorRun { architecture: detector.description.clone() }),
        began_at_ms: Date::now() - 1000.0 * detector.elapsed_s,
        is_offered: true,
        ..StoredRun::default()
    }
}

/// Name of a detector's file: the table's name without its extensions, and `-detector.safetensors`.
fn detector_file(name: &str) -> String {
    let stem = [".gz", ".csv", ".tsv", ".txt", ".psv", ".safetensors", "-detector"]
        .iter()
        .fold(name, |stem, ending| stem.strip_suffix(ending).unwrap_or(stem));
    format!("{}-detector.safetensors", if stem.is_empty() { "table" } else { stem })
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_detector_file_is_named_after_its_table() {
        assert_eq!(
            ["pumps.csv.gz", "pumps-detector.safetensors", ".csv", "my table"].map(detector_file),
            ["pumps-detector", "pumps-detector", "table-detector", "my table-detector"]
                .map(|stem| format!("{stem}.safetensors"))
        );
    }
}
