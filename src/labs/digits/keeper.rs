//! Nothing is lost: the last model stays in memory for another worker, and in the browser for another day.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use pinhole_protocol::{Bytes, Command, Event, Experiment, FailureKind, NamedFile, TrainingStart, table::TableEvent};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use super::table::is_of_rows;
use crate::{
    engine_client::Engine,
    files,
    notices::Notices,
    services::Services,
    storage::{self, KeptModel},
};

/// Where the page's own model is, and what it is called.
const PRETRAINED: &str = "models/denoiser.safetensors";
pub const PRETRAINED_NAME: &str = "The page's own denoiser";

/// What would be lost with the worker.
pub struct Keeper {
    engine: Engine,
    notices: Notices,
    /// The model in hand, as a file.
    model: RefCell<Option<NamedFile>>,
    /// A model that the engine has yet to accept.
    offered: RefCell<Option<NamedFile>>,
    /// Handles on the opened images; their bytes stay where they are.
    images: RefCell<Vec<File>>,
    /// What the last run trains or trained, and what it started from.
    experiment: RefCell<Option<Experiment>>,
    start: Cell<TrainingStart>,
    /// The model that the run under way learns from, which no checkpoint replaces.
    teacher: RefCell<Option<NamedFile>>,
    is_training: Cell<bool>,
    /// The run that waits until another worker has read the table.
    awaits_table: RefCell<Option<(Experiment, TrainingStart)>>,
    /// Whether the model in hand comes from that run, so that it can go on from there.
    is_of_run: Cell<bool>,
    finished_epochs: Cell<usize>,
    /// The newest model that waits to be stored, while another one is being written.
    to_store: RefCell<Option<KeptModel>>,
    is_storing: Cell<bool>,
    storage_failed: Cell<bool>,
}

impl Keeper {
    pub fn new(Services { engine, notices }: Services) -> Self {
        Self {
            engine,
            notices,
            model: RefCell::default(),
            offered: RefCell::default(),
            images: RefCell::default(),
            experiment: RefCell::default(),
            start: Cell::default(),
            teacher: RefCell::default(),
            is_training: Cell::new(false),
            awaits_table: RefCell::default(),
            is_of_run: Cell::new(false),
            finished_epochs: Cell::new(0),
            to_store: RefCell::default(),
            is_storing: Cell::new(false),
            storage_failed: Cell::new(false),
        }
    }

    /// Fetches the page's own model and takes it in hand.
    pub fn open_pretrained(self: &Rc<Self>) {
        let keeper = self.clone();
        spawn_local(async move {
            match files::fetch(PRETRAINED).await {
                // Whoever opened a model meanwhile wants that one.
                Ok(_) if keeper.has_model() => {}
                Ok(bytes) => keeper.open_model(NamedFile { name: PRETRAINED_NAME.into(), bytes }),
                Err(reason) => keeper.notices.information(format!(
                    "The pretrained denoiser could not be fetched ({reason}). Train a model, or open one."
                )),
            }
        });
    }

    fn has_model(&self) -> bool {
        self.model.borrow().is_some() || self.offered.borrow().is_some()
    }

    /// Offers a model file to the engine.
    pub fn open_model(&self, file: NamedFile) {
        *self.offered.borrow_mut() = Some(file.clone());
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

    /// Reads a model file and offers it to the engine.
    pub fn open_model_file(self: &Rc<Self>, file: File) {
        let keeper = self.clone();
        spawn_local(async move {
            match files::read(&[file]).await {
                Ok(files) => files.into_iter().for_each(|file| keeper.open_model(file)),
                Err(message) => keeper.notices.problem(message),
            }
        });
    }

    /// Reads images and hands them to the engine.
    pub fn open_images(self: &Rc<Self>, chosen: Vec<File>) {
        let keeper = self.clone();
        spawn_local(async move { keeper.send_images(chosen).await });
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

    /// The run could not begin.
    pub fn abandon(&self) {
        self.is_training.set(false);
        self.awaits_table.take();
    }

    /// Starts a run.
    pub fn train(&self, experiment: Experiment, start: TrainingStart) {
        *self.experiment.borrow_mut() = Some(experiment.clone());
        self.start.set(start);
        if start == TrainingStart::Distil {
            // One that is on its way to the engine is the model in hand by the time the run begins.
            let teacher = self.offered.borrow().clone().or_else(|| self.model.borrow().clone());
            self.teacher.replace(teacher);
        }
        self.is_training.set(true);
        self.is_of_run.set(start == TrainingStart::Continue);
        if start != TrainingStart::Continue {
            self.finished_epochs.set(0);
        }
        self.engine.send(Command::Train { experiment: Box::new(experiment), start });
    }

    /// Notes what has to be kept.
    pub fn hear(self: &Rc<Self>, event: &Event) {
        match event {
            Event::ModelReady(summary) => {
                self.finished_epochs.set(summary.history.last().map_or(0, |record| record.epoch));
                if let Some(file) = self.offered.borrow_mut().take() {
                    *self.model.borrow_mut() = Some(file);
                }
            }
            Event::EpochDone(record) => self.finished_epochs.set(record.epoch),
            Event::Checkpoint(bytes) => self.keep(bytes),
            Event::TrainingEnded(_) => self.is_training.set(false),
            Event::Table(TableEvent::Scanned(_)) => {
                if let Some((experiment, start)) = self.awaits_table.take() {
                    self.train(experiment, start);
                }
            }
            Event::Failed(failure) if failure.kind == FailureKind::File => *self.offered.borrow_mut() = None,
            _ => {}
        }
    }

    fn keep(self: &Rc<Self>, bytes: &Bytes) {
        let file = NamedFile { name: "The last checkpoint".into(), bytes: bytes.clone() };
        *self.model.borrow_mut() = Some(file);
        let Some(experiment) = self.experiment.borrow().clone() else { return };
        self.is_of_run.set(true);
        let kept = KeptModel::new(bytes.clone(), experiment, self.start.get(), self.finished_epochs.get());
        self.to_store.replace(Some(kept));
        if !self.is_storing.replace(true) {
            let keeper = self.clone();
            spawn_local(async move { keeper.store().await });
        }
    }

    /// Stores what waits, the newest only, until nothing does.
    async fn store(&self) {
        loop {
            let Some(model) = self.to_store.borrow_mut().take() else { break };
            if storage::keep(&model).await.is_err() && !self.storage_failed.replace(true) {
                self.notices.information(
                    "This browser keeps nothing for the page (a private window, or its storage is full): \
                     save your model before you leave. All else works.",
                );
            }
        }
        self.is_storing.set(false);
    }

    /// Whether a run is under way.
    pub const fn is_training(&self) -> bool {
        self.is_training.get()
    }

    /// Hands everything to a new worker, and goes on with the run if one was under way.
    pub fn hand_over(self: &Rc<Self>) {
        let run = self.experiment.borrow().clone().filter(|_| self.is_training.get());
        let start = match self.start.get() {
            // Without its teacher a student would go on as something else: it begins anew.
            TrainingStart::Distil => TrainingStart::Distil,
            _ if self.is_of_run.get() => TrainingStart::Continue,
            start => start,
        };
        let keeper = self.clone();
        spawn_local(async move {
            let images = keeper.images.borrow().clone();
            if !images.is_empty() {
                keeper.send_images(images).await;
            }
            let is_student = run.is_some() && start == TrainingStart::Distil;
            let model = if is_student { &keeper.teacher } else { &keeper.model }.borrow().clone();
            if let Some(file) = model {
                keeper.open_model(file);
            }
            match run {
                Some(experiment) if is_of_rows(&experiment) && !keeper.engine.has_read_table() => {
                    keeper.awaits_table.replace(Some((experiment, start)));
                }
                Some(experiment) => keeper.train(experiment, start),
                None => {}
            }
        });
    }
}
