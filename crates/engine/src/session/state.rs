//! State of the session, and the handling of every command.

use std::{collections::HashSet, rc::Rc};

use pinhole_protocol::{
    BenchTask, Bytes, CheckedExperiment, Command, DataSummary, DevicePreference, Event, Experiment, NamedFile,
    PROTOCOL_VERSION, ReferenceKind, TrainingStart,
};
use pinhole_table::conversion::LoadFormats;
use tracing::{Instrument as _, debug, info, info_span, warn};

use super::{
    activity::Activity, evaluation_data::EvaluationData, finished_run::FinishedRun, latent::LatentSession,
    pictures::Reference, request::Request, tables::TableSession,
};
use crate::{
    Compute, EngineError, Model, bench,
    data::{self, SampleSet},
};

/// Opened images that the page shows.
const PREVIEW_IMAGES: usize = 8;

pub(super) const BUSY: EngineError = EngineError::State("A run is under way: stop it first.");
pub(super) const NO_MODEL: EngineError = EngineError::State("There is no model yet: train one, or open a model file.");
const NOT_STARTED: EngineError = EngineError::State("The engine has not been started.");

/// State that persists between commands, with the current model, data and activity.
pub(super) struct Session<E, P> {
    pub(super) emit: E,
    pause: P,
    compute: Option<Compute>,
    pub(super) opened: Option<Rc<SampleSet>>,
    pub(super) model: Option<Model>,
    /// Model that the current one is compared with.
    pub(super) reference: Option<Reference>,
    /// Data to evaluate the model on, once it was needed.
    pub(super) evaluation_data: Option<EvaluationData>,
    /// The run that trained the model, if it left two networks to choose from.
    pub(super) finished_run: Option<FinishedRun>,
    pub(super) activity: Option<Activity>,
    pub(super) paused: bool,
    pub(super) tables: TableSession,
    pub(super) latent: LatentSession,
}

impl<E: Fn(Event), P: AsyncFn()> Session<E, P> {
    pub fn new(emit: E, pause: P, formats: Box<dyn LoadFormats>) -> Self {
        Self {
            emit,
            pause,
            compute: None,
            opened: None,
            model: None,
            reference: None,
            evaluation_data: None,
            finished_run: None,
            activity: None,
            paused: false,
            tables: TableSession::new(formats),
            latent: LatentSession::default(),
        }
    }

    /// True if there is work to do without a command.
    pub fn is_busy(&self) -> bool {
        self.is_training() || self.tables.is_busy() || self.latent.is_busy()
    }

    pub(super) const fn is_training(&self) -> bool {
        self.activity.is_some() && !self.paused
    }

    /// Lets the event loop turn.
    pub async fn pause(&self) {
        (self.pause)().await;
    }

    /// Handles a request; emits `Failed` if that is not possible.
    pub async fn handle(&mut self, request: Request) {
        let span = info_span!("command", name = request.command.name());
        let handled = async {
            debug!("received");
            // A failure of the latent lab is told to that lab alone, with the number of its request.
            let latent_request =
                if let Command::Latent(command) = &request.command { Some(command.request()) } else { None };
            match (self.try_handle(request).await, latent_request) {
                (Ok(()), _) => {}
                (Err(error), Some(request)) => self.emit_latent_failure(request, error),
                (Err(error), None) => self.emit_failure(error),
            }
        };
        handled.instrument(span).await;
    }

    /// Advances the current work on tables and the current activity by one piece each.
    pub async fn work(&mut self) {
        if let Err(error) = self.tables.advance(&self.emit).await {
            self.emit_failure(error);
        }
        self.work_on_latent().await;
        if self.is_training()
            && let Err(error) = self.try_work().await
        {
            // A run cannot go on after an error of its device; the page has its last checkpoint.
            self.activity = None;
            self.emit_failure(error);
        }
    }

    async fn try_handle(&mut self, Request { command, files }: Request) -> Result<(), EngineError> {
        match command {
            Command::Start { protocol_version, device, .. } => self.start(protocol_version, device).await,
            Command::OpenImages { files, as_is } => self.open_images(&files, as_is),
            Command::OpenModel { file } => self.open_model(&file),
            Command::OpenReference { file } => self.open_reference(&file),
            Command::SaveModel => self.save_model().await,
            Command::Train { experiment, start } => self.train(*experiment, start),
            Command::Checkpoint => {
                self.hasten_checkpoint();
                Ok(())
            }
            Command::Pause => self.pause_run().await,
            Command::Resume => self.resume_run(),
            Command::Step => self.step_run().await,
            Command::Stop => self.stop_run().await,
            Command::SelectRunModel { which } => self.select_run_model(which).await,
            Command::Denoise { request, source, corruption, noise_seed } => {
                self.denoise(request, source, corruption, noise_seed).await
            }
            Command::Decode { request, code } => self.decode(request, &code.0).await,
            Command::Generate { request, seed } => self.generate(request, seed).await,
            Command::RandomSample { seed } => {
                self.random_sample(seed);
                Ok(())
            }
            Command::Bench { task } => self.bench(task).await,
            Command::Compare { reference, file } => self.compare(reference, &file.0).await,
            Command::CompareDevices { experiment, start } => self.compare_devices(*experiment, start).await,
            Command::FindLearningRate { experiment } => self.find_learning_rate(*experiment),
            Command::Inspect => self.inspect().await,
            Command::Measure { measures } => self.measure(&measures).await,
            Command::Table(command) => self.tables.handle(command, files, &self.emit),
            Command::Latent(command) => self.handle_latent(command).await,
        }
    }

    pub(super) fn emit(&self, event: Event) {
        (self.emit)(event);
    }

    pub(super) fn emit_failure(&self, error: EngineError) {
        warn!(%error, "failed");
        self.emit(Event::Failed(error.into()));
    }

    async fn start(&mut self, protocol_version: u32, device: DevicePreference) -> Result<(), EngineError> {
        if protocol_version != PROTOCOL_VERSION {
            return Err(EngineError::State("This page and its engine are of different versions: reload the page."));
        }
        if self.compute.is_some() {
            return Err(EngineError::State(
                "The engine has been started already: a new worker can take another device.",
            ));
        }
        let compute = Compute::start(device).await;
        self.emit(Event::Ready(compute.info().clone()));
        self.compute = Some(compute);
        Ok(())
    }

    fn open_images(&mut self, files: &[NamedFile], as_is: Vec<usize>) -> Result<(), EngineError> {
        let as_is: HashSet<usize> = as_is.into_iter().collect();
        let images = data::open_images_with(files, |index| as_is.contains(&index))?;
        info!(name = images.name.as_str(), images = images.len(), shape = ?images.shape(), "images opened");
        let shown = images.len().min(PREVIEW_IMAGES) * images.shape().len();
        self.emit(Event::DataOpened(DataSummary {
            name: images.name.clone(),
            images: images.len(),
            shape: images.shape(),
            classes: images.labels().classes(),
            warnings: images.warnings.clone(),
            preview: Bytes(images.pixels()[..shown].to_vec()),
            changed: images.changed.clone(),
        }));
        self.opened = Some(Rc::new(images));
        Ok(())
    }

    fn open_model(&mut self, file: &NamedFile) -> Result<(), EngineError> {
        if self.activity.is_some() {
            return Err(BUSY);
        }
        let model = Model::from_file(&file.name, &file.bytes.0, self.compute()?)?;
        self.emit(Event::ModelReady(Box::new(model.summary())));
        self.model = Some(model);
        self.evaluation_data = None;
        self.finished_run = None;
        Ok(())
    }

    async fn save_model(&self) -> Result<(), EngineError> {
        let file = self.current_model().ok_or(NO_MODEL)?.to_file().await?;
        self.emit(Event::ModelSaved(Bytes(file)));
        Ok(())
    }

    async fn bench(&self, task: BenchTask) -> Result<(), EngineError> {
        if self.activity.is_some() {
            return Err(BUSY);
        }
        let report = bench::run(task, self.compute()?, &self.emit, &self.pause).await?;
        self.emit(Event::BenchDone(report));
        Ok(())
    }

    async fn compare(&self, reference: ReferenceKind, file: &[u8]) -> Result<(), EngineError> {
        let device = self.compute()?.device();
        self.emit(Event::Compared(bench::reference::compare(reference, file, device, &self.pause).await?));
        Ok(())
    }

    async fn compare_devices(&self, experiment: Experiment, start: TrainingStart) -> Result<(), EngineError> {
        let agreement = bench::reference::compare_devices(experiment, start, self.compute()?).await?;
        self.emit(Event::Compared(vec![agreement]));
        Ok(())
    }

    pub(super) fn compute(&self) -> Result<&Compute, EngineError> {
        self.compute.as_ref().ok_or(NOT_STARTED)
    }

    /// The model in training, else the last one trained or opened.
    pub(super) fn current_model(&self) -> Option<Model> {
        match &self.activity {
            Some(Activity::Training(active)) => Some(active.model()),
            Some(Activity::Preparing(..) | Activity::FindingLearningRate(_)) | None => self.model.clone(),
        }
    }

    /// Experiment of the current run or model; the default one without either.
    pub(super) fn experiment(&self) -> Experiment {
        let prepared: Option<&CheckedExperiment> = match &self.activity {
            Some(Activity::Preparing(preparation, _)) => Some(&preparation.experiment),
            Some(Activity::Training(active)) => Some(active.run.experiment()),
            Some(Activity::FindingLearningRate(_)) | None => self.model.as_ref().map(Model::experiment),
        };
        prepared.map(|checked| checked.spec().clone()).unwrap_or_default()
    }
}
