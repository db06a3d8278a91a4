//! Controller of the lab: carries out the requests of its components and handles the engine's events.

use std::{cell::RefCell, rc::Rc};

use pinhole_protocol::{
    Command, DeviceKind, DevicePreference, Event, Experiment, FailureKind, NamedFile, TrainingEnd, TrainingPhase,
    TrainingStart, table::TableEvent,
};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;
use yew::prelude::*;

use super::{
    recovery::Recovery,
    state::{Lab, LabAction, RunPhase},
    train_panel::RunRequest,
};
use crate::{
    builder::{history::Typing, presets::preset_of, share_link, shortcuts::UndoStep, training_start},
    clipboard,
    engine_client::EngineState,
    files, route,
    services::Services,
    storage::StoredModel,
};

/// Controller of the lab, through which its components act.
pub struct Controller {
    pub services: Services,
    pub recovery: Rc<Recovery>,
    pub dispatch: UseReducerDispatcher<Lab>,
    /// Encoded experiment of the link that was opened or made last.
    last_link: RefCell<Option<String>>,
    /// Warnings shown during the current run, each of which is shown once.
    shown_warnings: RefCell<Vec<String>>,
}

impl Controller {
    /// Creates the controller; `dispatch` changes the lab's state.
    pub fn new(services: Services, dispatch: UseReducerDispatcher<Lab>) -> Self {
        Self {
            recovery: Rc::new(Recovery::new(services.clone())),
            services,
            dispatch,
            last_link: RefCell::default(),
            shown_warnings: RefCell::default(),
        }
    }

    /// Starts the engine on another device.
    pub fn change_device(&self, device: DevicePreference) {
        self.services.engine.restart(device, None);
    }

    /// Handles an event of the engine.
    pub fn on_event(&self, event: &Event, lab: &Lab) {
        self.recovery.on_event(event);
        match event {
            Event::ModelReady(model) => self.dispatch.dispatch(LabAction::SetModel(Rc::new((**model).clone()))),
            Event::DataOpened(summary) => self.dispatch.dispatch(LabAction::ImagesOpened(Rc::new(summary.clone()))),
            Event::TrainingStarted { .. } => {
                self.shown_warnings.borrow_mut().clear();
                self.dispatch.dispatch(LabAction::RunStarted);
            }
            Event::Table(TableEvent::Opened(_) | TableEvent::Scored(_)) => {
                self.dispatch.dispatch(LabAction::TableChanged);
            }
            Event::Table(TableEvent::RowsDescribed(description)) => {
                self.dispatch.dispatch(LabAction::TableDescribed(description.clone()));
            }
            Event::RunModels(models) => self.dispatch.dispatch(LabAction::SetRunModels(*models)),
            Event::Warning(warning) => self.warn(warning),
            Event::EpochDone(record) => self.dispatch.dispatch(LabAction::EpochFinished(*record)),
            Event::Progress(progress) => self.dispatch.dispatch(LabAction::SetPhase(progress.phase)),
            Event::TrainingEnded(end) => {
                if let TrainingEnd::Diverged(advice) = end {
                    self.services.notices.problem(advice.clone());
                }
                self.dispatch.dispatch(LabAction::RunEnded(end.clone()));
            }
            Event::ModelSaved(bytes) => {
                let model = lab.active_model();
                let preset = model.and_then(|model| preset_of(&model.experiment));
                let name = preset.map_or("model", |preset| preset.name);
                let name = format!("pinhole-{name}.safetensors");
                if files::save(&name, "application/octet-stream", &bytes.0).is_err() {
                    self.services.notices.problem("The model could not be saved: the browser refused the download.");
                }
            }
            Event::Failed(failure) if failure.kind == FailureKind::Device && self.is_on_gpu() => {
                self.fall_back_to_cpu(&failure.message);
            }
            Event::Failed(failure) => {
                self.services.notices.problem(failure.message.clone());
                self.dispatch.dispatch(LabAction::CancelTable);
                let is_preparing = lab.phase == RunPhase::Active(TrainingPhase::Preparing);
                let ends_the_run = failure.kind == FailureKind::Device;
                if ends_the_run || (is_preparing && failure.kind != FailureKind::File) {
                    self.recovery.abandon();
                    self.dispatch.dispatch(LabAction::AbandonRun);
                }
            }
            _ => {}
        }
    }

    fn warn(&self, warning: &str) {
        let mut shown = self.shown_warnings.borrow_mut();
        if shown.iter().all(|known| known != warning) {
            shown.push(warning.to_owned());
            self.services.notices.information(warning);
        }
    }

    fn is_on_gpu(&self) -> bool {
        matches!(self.services.engine.state(), EngineState::Ready(device) if device.kind == DeviceKind::WebGpu)
    }

    fn fall_back_to_cpu(&self, reason: &str) {
        let is_training = self.recovery.is_training();
        self.services.engine.restart(DevicePreference::Cpu, Some(reason.to_owned()));
        let consequence = if is_training {
            "Training continues on the CPU, from the last checkpoint."
        } else {
            "The engine now runs on the CPU, with the same model."
        };
        self.services.notices.information(format!("{reason} {consequence}"));
    }

    /// Carries out a request of the run buttons.
    pub fn run(&self, lab: &Lab, request: RunRequest) {
        match request {
            RunRequest::Train => {
                self.dispatch.dispatch(LabAction::StartRun(lab.start));
                self.recovery.train((*lab.experiment).clone(), lab.start);
            }
            RunRequest::Pause => self.services.engine.send(Command::Pause),
            RunRequest::Resume => self.services.engine.send(Command::Resume),
            RunRequest::Step => self.services.engine.send(Command::Step),
            RunRequest::Stop => self.services.engine.send(Command::Stop),
        }
    }

    /// Sorts files into tables, models and images, and opens them: the first of the tables.
    pub fn open_files(&self, chosen: Vec<File>) {
        let (tables, others): (Vec<File>, Vec<File>) =
            chosen.into_iter().partition(|file| files::is_table(&file.name()));
        self.open_table(tables);
        if !others.is_empty() {
            self.recovery.open_files(others);
        }
    }

    /// Opens the first of the files as the table to train on.
    pub fn open_table(&self, chosen: Vec<File>) {
        if let Some(file) = chosen.into_iter().next() {
            self.dispatch.dispatch(LabAction::RequestTable);
            self.services.engine.open_table(file);
        }
    }

    /// Registers a table that another lab has opened, or that a new worker reads again.
    pub fn register_table(&self) {
        if self.services.engine.table().is_some() {
            self.dispatch.dispatch(LabAction::TableChanged);
        }
    }

    /// Replaces the experiment, which can be undone.
    pub fn edit(&self, experiment: Experiment) {
        self.dispatch.dispatch(LabAction::Edit(experiment));
    }

    /// Undoes or redoes an edit, except during a run.
    pub fn undo_or_redo(&self, step: UndoStep) {
        if !self.recovery.is_training() {
            self.dispatch.dispatch(LabAction::UndoOrRedo(step));
        }
    }

    /// Sets the state of typing, by which edits become undo steps.
    pub fn set_typing(&self, typing: Typing) {
        self.dispatch.dispatch(LabAction::SetTyping(typing));
    }

    /// Opens the experiment of the address, if it has one.
    pub fn open_link(&self, hash: &str) {
        let Some(text) = route::linked_experiment(hash) else { return };
        // When a person goes back to the address of a link, edits made since it was opened are kept.
        if self.last_link.replace(Some(text.to_owned())).as_deref() == Some(text) {
            return;
        }
        let notices = &self.services.notices;
        match share_link::decode(text) {
            Ok(_) if self.recovery.is_training() => {
                self.last_link.take();
                notices.information("A run is in progress: open the link again when it has ended.");
            }
            Ok(experiment) => {
                self.dispatch.dispatch(LabAction::OpenExperiment(experiment));
                if let Some(start) = route::linked_start(hash).and_then(training_start::from_slug) {
                    self.dispatch.dispatch(LabAction::SetStart(start));
                }
            }
            Err(message) => notices.problem(message),
        }
    }

    /// Puts the link of an experiment into the address and on the clipboard.
    pub fn copy_link(&self, experiment: &Experiment, start: TrainingStart) {
        let notices = self.services.notices.clone();
        let address = share_link::encode(experiment).and_then(|text| {
            self.last_link.replace(Some(text.clone()));
            route::link_experiment(&text, training_start::slug(start))
        });
        let Some(address) = address else {
            notices.problem(
                "This experiment does not fit into a link: its seed has more than 53 bits. Choose a smaller one.",
            );
            return;
        };
        spawn_local(async move {
            notices.information(if clipboard::copy(&address).await {
                "The experiment's link is on the clipboard, and in the address."
            } else {
                "The experiment's link is in the address: the browser refuses access to the clipboard."
            });
        });
    }

    /// Opens a stored model with its experiment.
    pub fn restore(&self, stored: Rc<StoredModel>) {
        let StoredModel { bytes, experiment, start, epoch, .. } = Rc::unwrap_or_clone(stored);
        let is_unfinished = epoch < experiment.schedule.epochs;
        self.recovery.open_model(NamedFile { name: "Your last model".into(), bytes });
        self.dispatch.dispatch(LabAction::OpenExperiment(experiment));
        if is_unfinished {
            self.dispatch.dispatch(LabAction::SetStart(TrainingStart::Continue));
        }
        if is_unfinished && start == TrainingStart::Distil {
            self.services.notices.information(
                "The student is restored, but not its teacher: trained further, it learns from the samples alone.",
            );
        }
    }
}
