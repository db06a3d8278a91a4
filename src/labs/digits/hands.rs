//! What the lab does when its parts ask or the engine answers.

use std::{cell::RefCell, rc::Rc};

use pinhole_protocol::{
    Command, DeviceKind, DevicePreference, Event, Experiment, FailureKind, NamedFile, TrainingEnd, TrainingPhase,
    TrainingStart, table::TableEvent,
};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;
use yew::prelude::*;

use super::{
    keeper::Keeper,
    state::{Lab, LabAction, RunPhase},
    train_panel::RunRequest,
};
use crate::{
    builder::{history::Typing, keys::Step, link, presets::preset_of, start},
    clipboard,
    engine_client::EngineState,
    files, route,
    services::Services,
    storage::KeptModel,
};

/// What the lab's parts act through.
pub struct Hands {
    pub services: Services,
    pub keeper: Rc<Keeper>,
    pub dispatch: UseReducerDispatcher<Lab>,
    /// The newest link that was opened or made.
    taken_link: RefCell<Option<String>>,
    /// What was said of the run under way, to say it once.
    warnings: RefCell<Vec<String>>,
}

impl Hands {
    pub fn new(services: Services, dispatch: UseReducerDispatcher<Lab>) -> Self {
        Self {
            keeper: Rc::new(Keeper::new(services.clone())),
            services,
            dispatch,
            taken_link: RefCell::default(),
            warnings: RefCell::default(),
        }
    }

    pub fn change_device(&self, device: DevicePreference) {
        self.services.engine.restart(device, None);
    }

    pub fn hear(&self, event: &Event, lab: &Lab) {
        self.keeper.hear(event);
        match event {
            Event::ModelReady(model) => self.dispatch.dispatch(LabAction::Model(Rc::new((**model).clone()))),
            Event::DataOpened(summary) => self.dispatch.dispatch(LabAction::Opened(Rc::new(summary.clone()))),
            Event::TrainingStarted { .. } => {
                self.warnings.borrow_mut().clear();
                self.dispatch.dispatch(LabAction::Begun);
            }
            Event::Table(TableEvent::Opened(_) | TableEvent::Scored(_)) => {
                self.dispatch.dispatch(LabAction::ChangeTable);
            }
            Event::Table(TableEvent::RowsDescribed(told)) => {
                self.dispatch.dispatch(LabAction::DescribeTable(told.clone()));
            }
            Event::RunModels(models) => self.dispatch.dispatch(LabAction::RunModels(*models)),
            Event::Warning(warning) => self.warn(warning),
            Event::EpochDone(record) => self.dispatch.dispatch(LabAction::Epoch(*record)),
            Event::Progress(progress) => self.dispatch.dispatch(LabAction::Phase(progress.phase)),
            Event::TrainingEnded(end) => {
                if let TrainingEnd::Diverged(advice) = end {
                    self.services.notices.problem(advice.clone());
                }
                self.dispatch.dispatch(LabAction::End(end.clone()));
            }
            Event::ModelSaved(bytes) => {
                let model = lab.model_at_work();
                let preset = model.and_then(|model| preset_of(&model.experiment));
                let name = preset.map_or("model", |preset| preset.name);
                let name = format!("pinhole-{name}.safetensors");
                if files::save(&name, "application/octet-stream", &bytes.0).is_err() {
                    self.services.notices.problem("The model could not be saved: the browser refused the download.");
                }
            }
            Event::Failed(failure) if failure.kind == FailureKind::Device && self.is_on_gpu() => {
                self.change_to_cpu(&failure.message);
            }
            Event::Failed(failure) => {
                self.services.notices.problem(failure.message.clone());
                self.dispatch.dispatch(LabAction::GiveUpTable);
                let has_not_begun = lab.phase == RunPhase::Active(TrainingPhase::Preparing);
                let ends_the_run = failure.kind == FailureKind::Device;
                if ends_the_run || (has_not_begun && failure.kind != FailureKind::File) {
                    self.keeper.abandon();
                    self.dispatch.dispatch(LabAction::Abandon);
                }
            }
            _ => {}
        }
    }

    fn warn(&self, warning: &str) {
        let mut warnings = self.warnings.borrow_mut();
        if warnings.iter().all(|known| known != warning) {
            warnings.push(warning.to_owned());
            self.services.notices.information(warning);
        }
    }

    fn is_on_gpu(&self) -> bool {
        matches!(self.services.engine.state(), EngineState::Ready(device) if device.kind == DeviceKind::WebGpu)
    }

    fn change_to_cpu(&self, reason: &str) {
        let is_training = self.keeper.is_training();
        self.services.engine.restart(DevicePreference::Cpu, Some(reason.to_owned()));
        let goes_on = if is_training {
            "Training goes on on the CPU, from the last checkpoint."
        } else {
            "The work goes on on the CPU, with the same model."
        };
        self.services.notices.information(format!("{reason} {goes_on}"));
    }

    pub fn run(&self, lab: &Lab, request: RunRequest) {
        match request {
            RunRequest::Train => {
                self.dispatch.dispatch(LabAction::Begin(lab.start));
                self.keeper.train((*lab.experiment).clone(), lab.start);
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
            self.keeper.open_files(others);
        }
    }

    /// Opens the first of the files as the table to learn from.
    pub fn open_table(&self, chosen: Vec<File>) {
        if let Some(file) = chosen.into_iter().next() {
            self.dispatch.dispatch(LabAction::WantTable);
            self.services.engine.open_table(file);
        }
    }

    /// Takes note of the table that another lab has opened, or that another worker reads anew.
    pub fn note_table(&self) {
        if self.services.engine.table().is_some() {
            self.dispatch.dispatch(LabAction::ChangeTable);
        }
    }

    pub fn edit(&self, experiment: Experiment) {
        self.dispatch.dispatch(LabAction::Edit(experiment));
    }

    /// Goes a step back or forward, but not under a run.
    pub fn step(&self, step: Step) {
        if !self.keeper.is_training() {
            self.dispatch.dispatch(LabAction::Step(step));
        }
    }

    pub fn note_typing(&self, typing: Typing) {
        self.dispatch.dispatch(LabAction::Type(typing));
    }

    /// Takes the experiment of the address, if there is one.
    pub fn open_link(&self, hash: &str) {
        let Some(text) = route::linked_experiment(hash) else { return };
        // On the way back through the visited addresses, edits made since are worth more than the link they began with.
        if self.taken_link.replace(Some(text.to_owned())).as_deref() == Some(text) {
            return;
        }
        let notices = &self.services.notices;
        match link::read(text) {
            Ok(_) if self.keeper.is_training() => {
                self.taken_link.take();
                notices.information("A run is under way: open the link again when it has ended.");
            }
            Ok(experiment) => {
                self.dispatch.dispatch(LabAction::Link(experiment));
                if let Some(start) = route::linked_start(hash).and_then(start::of_word) {
                    self.dispatch.dispatch(LabAction::StartFrom(start));
                }
            }
            Err(message) => notices.problem(message),
        }
    }

    pub fn copy_link(&self, experiment: &Experiment, start: TrainingStart) {
        let notices = self.services.notices.clone();
        let linked = link::write(experiment).and_then(|text| {
            self.taken_link.replace(Some(text.clone()));
            route::link_experiment(&text, start::word(start))
        });
        let Some(address) = linked else {
            notices.problem(
                "This experiment does not fit into a link: its seed has more than 53 bits. Choose a smaller one.",
            );
            return;
        };
        spawn_local(async move {
            notices.information(if clipboard::copy(&address).await {
                "The experiment's link is on the clipboard, and in the address."
            } else {
                "The experiment's link is in the address: the browser keeps its clipboard to itself."
            });
        });
    }

    pub fn restore(&self, kept: Rc<KeptModel>) {
        let KeptModel { bytes, experiment, start, epoch, .. } = Rc::unwrap_or_clone(kept);
        let is_unfinished = epoch < experiment.schedule.epochs;
        self.keeper.open_model(NamedFile { name: "Your last model".into(), bytes });
        self.dispatch.dispatch(LabAction::Link(experiment));
        if is_unfinished {
            self.dispatch.dispatch(LabAction::StartFrom(TrainingStart::Continue));
        }
        if is_unfinished && start == TrainingStart::Distil {
            self.services.notices.information(
                "The student is here again, but not its teacher: trained on, it learns from the samples themselves.",
            );
        }
    }
}
