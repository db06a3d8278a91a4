//! Recovery: the last model and the open images are kept in memory for a new worker, and checkpoints in the browser for
//! the next visit.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use pinhole_protocol::{Bytes, Command, Event, Experiment, FailureKind, NamedFile, TrainingStart, table::TableEvent};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use super::table_source::learns_from_rows;
use crate::{
    engine_client::Engine,
    files,
    notices::Notices,
    services::Services,
    storage::{self, StoredModel},
};

/// Path and name of the ready-made model.
const READY_MADE_PATH: &str = "models/denoiser.safetensors";
const READY_MADE_NAME: &str = "Ready-made denoiser";

/// State that would be lost with the worker.
pub struct Recovery {
    engine: Engine,
    notices: Notices,
    /// Current model as a file.
    model: RefCell<Option<NamedFile>>,
    /// Model sent to the engine, which has not accepted it yet.
    pending: RefCell<Option<NamedFile>>,
    /// Handles of the opened images, whose bytes are not kept in memory.
    images: RefCell<Vec<File>>,
    /// Experiment and start of the last run.
    experiment: RefCell<Option<Experiment>>,
    start: Cell<TrainingStart>,
    /// Teacher of the current run; checkpoints replace the current model, but not the teacher.
    teacher: RefCell<Option<NamedFile>>,
    is_training: Cell<bool>,
    /// Run that starts once a new worker has scanned the table.
    run_awaiting_table: RefCell<Option<(Experiment, TrainingStart)>>,
    /// True if the current model is of the last run, which can then continue from it.
    is_model_of_run: Cell<bool>,
    finished_epochs: Cell<usize>,
    /// Newest checkpoint that waits while another one is being stored.
    to_store: RefCell<Option<StoredModel>>,
    is_storing: Cell<bool>,
    storage_failed: Cell<bool>,
}

impl Recovery {
    /// Creates an empty state.
    pub fn new(Services { engine, notices }: Services) -> Self {
        Self {
            engine,
            notices,
            model: RefCell::default(),
            pending: RefCell::default(),
            images: RefCell::default(),
            experiment: RefCell::default(),
            start: Cell::default(),
            teacher: RefCell::default(),
            is_training: Cell::new(false),
            run_awaiting_table: RefCell::default(),
            is_model_of_run: Cell::new(false),
            finished_epochs: Cell::new(0),
            to_store: RefCell::default(),
            is_storing: Cell::new(false),
            storage_failed: Cell::new(false),
        }
    }

    /// Fetches the ready-made model and opens it.
    pub fn open_ready_made(self: &Rc<Self>) {
        let recovery = self.clone();
        spawn_local(async move {
            match files::fetch(READY_MADE_PATH).await {
                // A model opened meanwhile is kept.
                Ok(_) if recovery.has_model() => {}
                Ok(bytes) => recovery.open_model(NamedFile { name: READY_MADE_NAME.into(), bytes }),
                Err(reason) => recovery.notices.information(format!(
                    "The ready-made denoiser could not be fetched ({reason}). Train a model, or open one."
                )),
            }
        });
    }

    fn has_model(&self) -> bool {
        self.model.borrow().is_some() || self.pending.borrow().is_some()
    }

    /// Sends a model file to the engine.
    pub fn open_model(&self, file: NamedFile) {
        *self.pending.borrow_mut() = Some(file.clone());
        self.engine.send(Command::OpenModel { file });
    }

    /// Sorts files into models and images, and opens them.
    pub fn open_files(self: &Rc<Self>, chosen: Vec<File>) {
        let is_model = |file: &File| file.name().to_ascii_lowercase().ends_with(".safetensors");
        let (models, images): (Vec<File>, Vec<File>) = chosen.into_iter().partition(is_model);
        if let Some(model) = models.into_iter().next() {
            self.open_model_file(model);
        }
        if !images.is_empty() {
            self.open_images(images);
        }
    }

    /// Reads a model file and sends it to the engine.
    pub fn open_model_file(self: &Rc<Self>, file: File) {
        let recovery = self.clone();
        spawn_local(async move {
            match files::read(&[file]).await {
                Ok(files) => files.into_iter().for_each(|file| recovery.open_model(file)),
                Err(message) => recovery.notices.problem(message),
            }
        });
    }

    /// Reads images and sends them to the engine.
    pub fn open_images(self: &Rc<Self>, chosen: Vec<File>) {
        let recovery = self.clone();
        spawn_local(async move { recovery.send_images(chosen).await });
    }

    async fn send_images(&self, chosen: Vec<File>) {
        match files::read(&chosen).await {
            Ok(files) => {
                *self.images.borrow_mut() = chosen;
                self.engine.send(Command::OpenImages { files });
            }
            Err(message) => self.notices.problem(message),
        }
    }

    /// Notes that the run could not start.
    pub fn abandon(&self) {
        self.is_training.set(false);
        self.run_awaiting_table.take();
    }

    /// Starts a run.
    pub fn train(&self, experiment: Experiment, start: TrainingStart) {
        *self.experiment.borrow_mut() = Some(experiment.clone());
        self.start.set(start);
        if start == TrainingStart::Distil {
            // A pending model is the current one by the time the run starts.
            let teacher = self.pending.borrow().clone().or_else(|| self.model.borrow().clone());
            self.teacher.replace(teacher);
        }
        self.is_training.set(true);
        self.is_model_of_run.set(start == TrainingStart::Continue);
        if start != TrainingStart::Continue {
            self.finished_epochs.set(0);
        }
        self.engine.send(Command::Train { experiment: Box::new(experiment), start });
    }

    /// Takes an event of the engine.
    pub fn on_event(self: &Rc<Self>, event: &Event) {
        match event {
            Event::ModelReady(summary) => {
                self.finished_epochs.set(summary.history.last().map_or(0, |record| record.epoch));
                if let Some(file) = self.pending.borrow_mut().take() {
                    *self.model.borrow_mut() = Some(file);
                }
            }
            Event::EpochDone(record) => self.finished_epochs.set(record.epoch),
            Event::Checkpoint(bytes) => self.on_checkpoint(bytes),
            Event::TrainingEnded(_) => self.is_training.set(false),
            Event::Table(TableEvent::Scanned(_)) => {
                if let Some((experiment, start)) = self.run_awaiting_table.take() {
                    self.train(experiment, start);
                }
            }
            Event::Failed(failure) if failure.kind == FailureKind::File => *self.pending.borrow_mut() = None,
            _ => {}
        }
    }

    fn on_checkpoint(self: &Rc<Self>, bytes: &Bytes) {
        let file = NamedFile { name: "The last checkpoint".into(), bytes: bytes.clone() };
        *self.model.borrow_mut() = Some(file);
        let Some(experiment) = self.experiment.borrow().clone() else { return };
        self.is_model_of_run.set(true);
        let stored = StoredModel::new(bytes.clone(), experiment, self.start.get(), self.finished_epochs.get());
        self.to_store.replace(Some(stored));
        if !self.is_storing.replace(true) {
            let recovery = self.clone();
            spawn_local(async move { recovery.store().await });
        }
    }

    /// Stores the newest checkpoint that waits, until none does.
    async fn store(&self) {
        loop {
            let Some(model) = self.to_store.borrow_mut().take() else { break };
            if storage::store(&model).await.is_err() && !self.storage_failed.replace(true) {
                self.notices.information(
                    "This browser does not store data for the page (a private window, or full storage): save your model before \
                     you leave. All else works.",
                );
            }
        }
        self.is_storing.set(false);
    }

    /// True during a run.
    pub const fn is_training(&self) -> bool {
        self.is_training.get()
    }

    /// Sends images and model to a new worker, and continues the run if there was one.
    pub fn restore_worker(self: &Rc<Self>) {
        let run = self.experiment.borrow().clone().filter(|_| self.is_training.get());
        let start = match self.start.get() {
            // A student needs its teacher, not its checkpoint: its run starts again.
            TrainingStart::Distil => TrainingStart::Distil,
            _ if self.is_model_of_run.get() => TrainingStart::Continue,
            start => start,
        };
        let recovery = self.clone();
        spawn_local(async move {
            let images = recovery.images.borrow().clone();
            if !images.is_empty() {
                recovery.send_images(images).await;
            }
            let is_student = run.is_some() && start == TrainingStart::Distil;
            let model = if is_student { &recovery.teacher } else { &recovery.model }.borrow().clone();
            if let Some(file) = model {
                recovery.open_model(file);
            }
            match run {
                Some(experiment) if learns_from_rows(&experiment) && !recovery.engine.has_scanned_table() => {
                    recovery.run_awaiting_table.replace(Some((experiment, start)));
                }
                Some(experiment) => recovery.train(experiment, start),
                None => {}
            }
        });
    }
}
