//! Controller of the lab: sends commands to the engine, handles its events, and stores choices and detectors.

mod detectors;
mod settings;

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use pinhole_protocol::{
    Command, DeviceKind, DevicePreference, Event, Failure, FailureKind,
    table::{DetectorPlan, Dialect, RenamedColumn, TableCommand, TableEvent},
};
use wasm_bindgen_futures::spawn_local;
use web_sys::{File, FileSystemFileHandle};
use yew::prelude::*;

use self::{detectors::DetectorFiles, settings::SettingsTimer};
use super::{
    example_tables::ExampleTable,
    state::{JobKind, Lab, LabAction},
};
use crate::{
    chosen_file::{self, ChosenFile, ReopenError},
    engine_client::{EngineState, EngineUpdate, TableFiles},
    files,
    services::Services,
    storage,
};

/// Name of a table that was pasted.
const PASTED_NAME: &str = "Pasted table";

/// Controller of the lab, through which its panels act, and holder of its state.
pub struct Controller {
    this: Weak<Self>,
    pub services: Services,
    lab: RefCell<Rc<Lab>>,
    /// Handle that renders the lab again.
    update: UseForceUpdateHandle,
    settings_timer: SettingsTimer,
    detector_files: DetectorFiles,
}

impl Controller {
    /// Creates the controller with the lab's first state; `update` is called when the lab has to be rendered again.
    pub fn new(services: Services, update: UseForceUpdateHandle) -> Rc<Self> {
        Rc::new_cyclic(|this: &Weak<Self>| Self {
            this: this.clone(),
            services,
            lab: RefCell::default(),
            update,
            settings_timer: SettingsTimer::default(),
            detector_files: DetectorFiles::new(this.clone()),
        })
    }

    /// State of the lab.
    pub fn lab(&self) -> Rc<Lab> {
        self.lab.borrow().clone()
    }

    /// Changes the state, and acts on the change.
    pub fn dispatch(&self, action: LabAction) {
        let before = self.lab();
        let after = before.clone().reduce(action);
        self.lab.replace(after.clone());
        self.follow_settings(&before, &after);
        self.follow_detector(&before, &after);
        if let Some(plan) = after.plan_to_check(&before) {
            self.post(TableCommand::CheckLabel { plan: Box::new(plan.clone()) });
        }
        self.update.force_update();
    }

    /// Takes an update of the engine.
    pub fn on_update(&self, update: &EngineUpdate) {
        match update {
            EngineUpdate::Event(event) => self.on_event(event),
            EngineUpdate::State(_) => self.update.force_update(),
            EngineUpdate::Restarted => self.on_worker_restart(),
        }
    }

    /// Sends a command without a file.
    pub fn post(&self, command: TableCommand) {
        self.services.engine.send(Command::Table(command));
    }

    /// Sends a command that starts a job.
    pub fn start(&self, job: JobKind, command: TableCommand) {
        self.dispatch(LabAction::Start(job));
        self.post(command);
    }

    pub fn edit(&self, plan: DetectorPlan) {
        self.dispatch(LabAction::Plan(plan));
    }

    pub fn train(&self) {
        let plan = Box::new((*self.lab().data.plan).clone());
        self.start(JobKind::Training, TableCommand::Fit { plan });
    }

    /// Reads the open file with the dialect that a person has chosen.
    pub fn choose_dialect(&self, dialect: Dialect) {
        self.dispatch(LabAction::Reread { choice: Some(Box::new(dialect.clone())) });
        self.post(TableCommand::Reread { dialect });
    }

    /// Opens one file as the table, or several with the same columns, and keeps their handles for a later visit.
    pub fn open(&self, chosen: Vec<ChosenFile>) {
        if chosen.is_empty() {
            return;
        }
        let files = chosen.iter().map(|chosen| chosen.file.clone()).collect();
        self.open_table(TableFiles { files, part: None });
        spawn_local(async move {
            for chosen in chosen {
                if let Some(handle) = chosen.handle().await {
                    // Without storage the file is chosen again.
                    let _ = storage::store_handle(&handle).await;
                }
            }
        });
    }

    /// Opens cells that were pasted.
    pub fn open_pasted(&self, text: &str) {
        if text.trim().is_empty() {
            self.services.notices.problem("No cells were pasted: copy them in a spreadsheet first.");
            return;
        }
        match files::text_file(PASTED_NAME, text) {
            Ok(file) => self.open_table(file.into()),
            Err(_) => {
                self.services.notices.problem("The pasted cells are too many for this browser: save them as a file.");
            }
        }
    }

    /// Opens another table of the open files, such as a sheet.
    pub fn open_part(&self, part: usize) {
        if let Some(table) = self.services.engine.table() {
            self.open_table(TableFiles { part: Some(part), ..table });
        }
    }

    /// Opens a table of an earlier visit again.
    pub fn reopen(&self, handle: FileSystemFileHandle) {
        let Some(controller) = self.this.upgrade() else { return };
        spawn_local(async move {
            match chosen_file::reopen(&handle).await {
                Ok(file) => controller.open(vec![file]),
                Err(error) => controller.on_reopen_error(error, &handle.name()).await,
            }
        });
    }

    async fn on_reopen_error(&self, error: ReopenError, name: &str) {
        let reason = match error {
            ReopenError::NotAllowed => format!("The browser was not allowed to read {name} again"),
            ReopenError::Gone => {
                // If it cannot be deleted, the file is offered again, which does no harm.
                let _ = storage::delete_handle(name).await;
                format!("{name} is not where it was")
            }
        };
        self.services.notices.problem(format!("{reason}: choose it with \"Open table\"."));
    }

    pub fn score_chosen(&self, chosen: Vec<File>) {
        if !chosen.is_empty() {
            self.score(chosen);
        }
    }

    /// Scores the open table with the current detector.
    pub fn score_current_table(&self) {
        if let Some(table) = self.services.engine.table() {
            self.score(table.files);
        }
    }

    /// Scores the file whose columns were asked for.
    pub fn map_columns(&self, map: Vec<RenamedColumn>) {
        self.post(TableCommand::MapColumns { map });
    }

    /// Opens files dropped on the page: `.safetensors` as a detector, all others as one table.
    pub fn open_dropped(&self, dropped: Vec<ChosenFile>) {
        let is_detector = |chosen: &ChosenFile| chosen.file.name().to_ascii_lowercase().ends_with(".safetensors");
        let (detectors, tables): (Vec<ChosenFile>, Vec<ChosenFile>) = dropped.into_iter().partition(is_detector);
        if detectors.len() > 1 {
            self.services.notices.information("One detector at a time: the first of those files was taken.");
        }
        self.open_detector(detectors.into_iter().map(|chosen| chosen.file).collect());
        self.open(tables);
    }

    pub fn open_example(&self, example: &'static ExampleTable) {
        let Some(controller) = self.this.upgrade() else { return };
        spawn_local(async move {
            match files::fetch_file(&example.path(), example.file).await {
                Ok(file) => controller.open_table(file.into()),
                Err(reason) => controller
                    .services
                    .notices
                    .problem(format!("The example \"{}\" could not be fetched ({reason}).", example.title)),
            }
        });
    }

    /// Reads a detector's file and sends it to the engine.
    pub fn open_detector(&self, chosen: Vec<File>) {
        let (Some(file), Some(controller)) = (chosen.into_iter().next(), self.this.upgrade()) else { return };
        spawn_local(async move {
            match files::read(&[file]).await {
                Ok(files) => {
                    for file in files {
                        controller.start(JobKind::OpeningDetector, TableCommand::OpenDetector { file });
                    }
                }
                Err(message) => controller.services.notices.problem(message),
            }
        });
    }

    /// Opens the table that another lab has opened.
    pub fn open_shared_table(&self) {
        if let Some(table) = self.services.engine.table() {
            self.open_table(table);
        }
    }

    /// Resets the lab after a restart of the worker. The new worker reads the file again; the detector is lost, which a
    /// notice says.
    fn on_worker_restart(&self) {
        self.detector_files.forget();
        self.dispatch(LabAction::Reset);
        if let Some(table) = self.services.engine.table() {
            let name = name_of(&table.files);
            self.services.notices.information(format!(
                "The engine was restarted and reads {name} again. Train a detector again, or open a saved one."
            ));
            self.dispatch(LabAction::OpenFile { job: JobKind::Reading, name: name.into() });
        }
    }

    /// Handles an event of the engine.
    fn on_event(&self, event: &Event) {
        match event {
            Event::Table(TableEvent::Progress(progress)) if self.lab().ignores_progress(progress) => {}
            Event::Table(TableEvent::DetectorSaved(bytes)) => self.on_detector_file(bytes),
            Event::Table(event) => {
                if let Some(action) = LabAction::from_event(event) {
                    self.dispatch(action);
                }
                if matches!(event, TableEvent::Threshold { .. }) {
                    self.on_threshold();
                }
            }
            Event::Failed(failure) => self.on_failure(failure),
            _ => {}
        }
    }

    fn on_failure(&self, failure: &Failure) {
        self.dispatch(LabAction::from_failure(failure));
        if failure.kind == FailureKind::Setting && self.lab().unmatched.is_some() {
            // The dialogue says it: a notice would stand behind it.
            return;
        }
        if failure.kind == FailureKind::Device {
            // The Digits lab, if it is open, handles this too and moves its run: it goes first.
            let (controller, message) = (self.this.clone(), failure.message.clone());
            spawn_local(async move {
                if let Some(controller) = controller.upgrade() {
                    controller.fall_back_to_cpu(message);
                }
            });
        } else {
            self.services.notices.problem(failure.message.clone());
        }
    }

    fn fall_back_to_cpu(&self, reason: String) {
        let engine = &self.services.engine;
        if matches!(engine.state(), EngineState::Ready(device) if device.kind == DeviceKind::WebGpu) {
            self.services.notices.information(format!("{reason} Work continues on the CPU."));
            engine.restart(DevicePreference::Cpu, Some(reason));
        }
    }

    fn open_table(&self, table: TableFiles<File>) {
        self.dispatch(LabAction::OpenFile { job: JobKind::Reading, name: name_of(&table.files).into() });
        self.services.engine.open_table(table);
    }

    fn score(&self, files: Vec<File>) {
        self.dispatch(LabAction::OpenFile { job: JobKind::Scoring, name: name_of(&files).into() });
        self.services.engine.score_table(files);
    }
}

/// Name of a table: that of its file, or of the first of several.
fn name_of(files: &[File]) -> String {
    let first = files.first().map(File::name).unwrap_or_default();
    if files.len() > 1 { format!("{first} and {} more", files.len() - 1) } else { first }
}
