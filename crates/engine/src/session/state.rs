//! What is in hand, and every command.

use std::rc::Rc;

use pinhole_protocol::{
    BenchTask, Bytes, CheckedExperiment, Command, Corruption, DataSummary, DevicePreference, Event, Experiment, Floats,
    GridShape, NamedFile, PROTOCOL_VERSION, Picture, Reference, TrainingStart,
};

use super::{
    Errand, activity::Activity, ended::Ended, looking::Legacy, surprise::held_out_picture, tables::TableSession,
};
use crate::{
    Compute, EngineError, Model, bench,
    data::{self, SampleSet},
    pixels::unit,
};

/// Images shown of what was opened.
const PREVIEW: usize = 8;

pub(super) const BUSY: EngineError = EngineError::State("A run is under way: stop it first.");
pub(super) const NO_MODEL: EngineError = EngineError::State("There is no model yet: train one, or open a model file.");
const NOT_STARTED: EngineError = EngineError::State("The engine has not been started.");

/// Everything that outlives a command.
pub(super) struct Session<E, P> {
    pub(super) emit: E,
    pause: P,
    compute: Option<Compute>,
    pub(super) opened: Option<Rc<SampleSet>>,
    pub(super) model: Option<Model>,
    /// What stands beside the model, once it is known.
    pub(super) legacy: Option<Legacy>,
    /// What the run has left that the model in hand comes from, where there was a choice.
    pub(super) ended: Option<Ended>,
    pub(super) activity: Option<Activity>,
    pub(super) paused: bool,
    pub(super) tables: TableSession,
}

impl<E: Fn(Event), P: AsyncFn()> Session<E, P> {
    pub fn new(emit: E, pause: P) -> Self {
        Self {
            emit,
            pause,
            compute: None,
            opened: None,
            model: None,
            legacy: None,
            ended: None,
            activity: None,
            paused: false,
            tables: TableSession::default(),
        }
    }

    /// Whether there is something to do without a command.
    pub const fn is_busy(&self) -> bool {
        self.is_training() || self.tables.is_busy()
    }

    const fn is_training(&self) -> bool {
        self.activity.is_some() && !self.paused
    }

    /// Lets the event loop turn.
    pub async fn pause(&self) {
        (self.pause)().await;
    }

    /// Does what the command says, or tells why not.
    pub async fn obey(&mut self, errand: Errand) {
        if let Err(error) = self.try_obey(errand).await {
            (self.emit)(Event::Failed(error.into()));
        }
    }

    /// Advances what is under way by one piece of work.
    pub async fn work(&mut self) {
        if let Err(error) = self.tables.advance(&self.emit).await {
            (self.emit)(Event::Failed(error.into()));
        }
        if self.is_training()
            && let Err(error) = self.try_work().await
        {
            // A run cannot go on after an error of its device; the page has its last checkpoint.
            self.activity = None;
            (self.emit)(Event::Failed(error.into()));
        }
    }

    async fn try_obey(&mut self, Errand { command, files }: Errand) -> Result<(), EngineError> {
        match command {
            Command::Start { protocol_version, device } => self.start(protocol_version, device).await,
            Command::OpenImages { files } => self.open_images(&files),
            Command::OpenModel { file } => self.open_model(&file),
            Command::SaveModel => self.save_model().await,
            Command::Train { experiment, start } => self.train(*experiment, start),
            Command::Pause => self.pause_run().await,
            Command::Resume => self.resume_run(),
            Command::Step => self.step_run().await,
            Command::Stop => self.stop_run().await,
            Command::TakeRunModel { which } => self.take_run_model(which).await,
            Command::Denoise { request, picture, corruption, noise_seed } => {
                self.denoise(request, &picture, corruption, noise_seed).await
            }
            Command::Centre { request, pixels, width, height } => {
                let shape = picture_shape(&self.experiment());
                let values = Floats(data::centre_drawing(&pixels.0, width, height, shape)?);
                self.tell(Event::Centred { request, picture: Picture { shape, values } });
                Ok(())
            }
            Command::RandomSample { seed } => {
                let experiment = self.experiment();
                let shape = picture_shape(&experiment);
                let pixels = held_out_picture(seed, self.opened.as_deref(), &experiment, shape);
                let values = Floats(pixels.into_iter().map(unit).collect());
                self.tell(Event::Sample(Picture { shape, values }));
                Ok(())
            }
            Command::Bench { task } => self.bench(task).await,
            Command::Compare { reference, file } => self.compare(reference, &file.0).await,
            Command::CompareDevices { experiment, start } => self.compare_devices(*experiment, start).await,
            Command::FindLearningRate { experiment } => self.find_learning_rate(*experiment),
            Command::Inspect => self.inspect().await,
            Command::Measure { measures } => self.measure(&measures).await,
            Command::Table(command) => self.tables.handle(command, files, &self.emit),
        }
    }

    pub(super) fn tell(&self, event: Event) {
        (self.emit)(event);
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
        self.tell(Event::Ready(compute.info().clone()));
        self.compute = Some(compute);
        Ok(())
    }

    fn open_images(&mut self, files: &[NamedFile]) -> Result<(), EngineError> {
        let images = data::open_images(files)?;
        let shown = images.len().min(PREVIEW) * images.shape().len();
        self.tell(Event::DataOpened(DataSummary {
            name: images.name.clone(),
            images: images.len(),
            shape: images.shape(),
            classes: images.labels().classes(),
            warnings: images.warnings.clone(),
            preview: Bytes(images.pixels()[..shown].to_vec()),
        }));
        self.opened = Some(Rc::new(images));
        Ok(())
    }

    fn open_model(&mut self, file: &NamedFile) -> Result<(), EngineError> {
        if self.activity.is_some() {
            return Err(BUSY);
        }
        let model = Model::from_file(&file.name, &file.bytes.0, self.compute()?)?;
        self.tell(Event::ModelReady(Box::new(model.summary())));
        self.model = Some(model);
        self.legacy = None;
        self.ended = None;
        Ok(())
    }

    async fn save_model(&self) -> Result<(), EngineError> {
        let file = self.model_now().ok_or(NO_MODEL)?.to_file().await?;
        self.tell(Event::ModelSaved(Bytes(file)));
        Ok(())
    }

    async fn denoise(
        &self,
        request: u32,
        picture: &Picture,
        corruption: Corruption,
        noise_seed: u64,
    ) -> Result<(), EngineError> {
        let model = self.model_now().ok_or(NO_MODEL)?;
        let comparison = model.denoise(picture, corruption, noise_seed).await?;
        self.tell(Event::Denoised { request, comparison });
        Ok(())
    }

    async fn bench(&self, task: BenchTask) -> Result<(), EngineError> {
        if self.activity.is_some() {
            return Err(BUSY);
        }
        let report = bench::run(task, self.compute()?, &self.emit, &self.pause).await?;
        self.tell(Event::BenchDone(report));
        Ok(())
    }

    async fn compare(&self, reference: Reference, file: &[u8]) -> Result<(), EngineError> {
        let device = self.compute()?.device();
        self.tell(Event::Compared(bench::reference::compare(reference, file, device, &self.pause).await?));
        Ok(())
    }

    async fn compare_devices(&self, experiment: Experiment, start: TrainingStart) -> Result<(), EngineError> {
        let agreement = bench::reference::compare_devices(experiment, start, self.compute()?).await?;
        self.tell(Event::Compared(vec![agreement]));
        Ok(())
    }

    pub(super) fn compute(&self) -> Result<&Compute, EngineError> {
        self.compute.as_ref().ok_or(NOT_STARTED)
    }

    /// The run's network as it is now, else the model in hand.
    fn model_now(&self) -> Option<Model> {
        match &self.activity {
            Some(Activity::Training(active)) => Some(active.model()),
            Some(Activity::Preparing(..) | Activity::Finding(_)) | None => self.model.clone(),
        }
    }

    /// What was last trained or opened.
    fn experiment(&self) -> Experiment {
        let prepared: Option<&CheckedExperiment> = match &self.activity {
            Some(Activity::Preparing(preparation, _)) => Some(&preparation.experiment),
            Some(Activity::Training(active)) => Some(active.run.experiment()),
            Some(Activity::Finding(_)) | None => self.model.as_ref().map(Model::experiment),
        };
        prepared.map(|checked| checked.spec().clone()).unwrap_or_default()
    }
}

/// What a drawing becomes: what the experiment in hand reads; if that is no picture, as MNIST has it.
fn picture_shape(experiment: &Experiment) -> GridShape {
    let input = experiment.network.input;
    if data::check_picture_input(input).is_ok() { input } else { GridShape::MNIST }
}
