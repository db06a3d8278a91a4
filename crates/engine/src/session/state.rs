//! What is in hand, and every command.

use std::rc::Rc;

use pinhole_protocol::{
    BenchTask, Bytes, CheckedExperiment, Command, Corruption, DataSummary, DevicePreference, Event, Experiment, Floats,
    NamedFile, PROTOCOL_VERSION, TrainingEnd, TrainingPhase, TrainingStart,
};

use super::{
    Errand,
    activity::{ActiveRun, Activity},
    preparation::Preparation,
    surprise::held_out_image,
    tables::TableDesk,
};
use crate::{
    Compute, EngineError, Model, bench,
    data::{self, ImageSet},
    pixels::unit,
    training::TrainingRun,
};

/// Images shown of what was opened.
const PREVIEW: usize = 8;

const BUSY: EngineError = EngineError::State("A run is under way: stop it first.");
const NO_RUN: EngineError = EngineError::State("Nothing is being trained.");
const NO_MODEL: EngineError = EngineError::State("There is no model yet: train one, or open a model file.");
const NOT_STARTED: EngineError = EngineError::State("The engine has not been started.");

/// Everything that outlives a command.
pub(super) struct Session<E, P> {
    emit: E,
    pause: P,
    compute: Option<Compute>,
    opened: Option<Rc<ImageSet>>,
    model: Option<Model>,
    activity: Option<Activity>,
    paused: bool,
    tables: TableDesk,
}

impl<E: Fn(Event), P: AsyncFn()> Session<E, P> {
    pub fn new(emit: E, pause: P) -> Self {
        Self {
            emit,
            pause,
            compute: None,
            opened: None,
            model: None,
            activity: None,
            paused: false,
            tables: TableDesk::default(),
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
        if let Err(error) = self.tables.work(&self.emit).await {
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
            Command::Denoise { request, pixels, corruption, noise_seed } => {
                self.denoise(request, &pixels, corruption, noise_seed).await
            }
            Command::Centre { request, pixels, width, height } => {
                let pixels = Floats(data::centre_drawing(&pixels.0, width, height)?);
                self.tell(Event::Centred { request, pixels });
                Ok(())
            }
            Command::Surprise { seed } => {
                let experiment = self.experiment();
                let image = held_out_image(seed, self.opened.as_deref(), &experiment);
                self.tell(Event::Sample(Floats(image.into_iter().map(unit).collect())));
                Ok(())
            }
            Command::Bench { task } => self.bench(task).await,
            Command::Table(command) => self.tables.obey(command, files, &self.emit),
        }
    }

    fn tell(&self, event: Event) {
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
        let shown = images.len().min(PREVIEW) * data::PIXELS;
        self.tell(Event::DataOpened(DataSummary {
            name: images.name.clone(),
            images: images.len(),
            warnings: images.warnings.clone(),
            preview: Bytes(images.pixels[..shown].to_vec()),
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
        pixels: &Floats,
        corruption: Corruption,
        noise_seed: u64,
    ) -> Result<(), EngineError> {
        let model = self.model_now().ok_or(NO_MODEL)?;
        let comparison = model.denoise(&pixels.0, corruption, noise_seed).await?;
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

    fn train(&mut self, experiment: Experiment, start: TrainingStart) -> Result<(), EngineError> {
        self.compute()?;
        if self.activity.is_some() {
            return Err(BUSY);
        }
        if start == TrainingStart::Continue && self.model.is_none() {
            return Err(NO_MODEL);
        }
        let preparation = Preparation::new(experiment.check()?, start, self.opened.as_ref())?;
        self.paused = false;
        self.tell(Event::Progress(preparation.progress(TrainingPhase::Preparing)));
        self.activity = Some(Activity::Preparing(Box::new(preparation)));
        Ok(())
    }

    async fn pause_run(&mut self) -> Result<(), EngineError> {
        match &mut self.activity {
            None => return Err(NO_RUN),
            Some(Activity::Training(active)) => active.tell_paused(&self.emit).await?,
            Some(Activity::Preparing(preparation)) => {
                (self.emit)(Event::Progress(preparation.progress(TrainingPhase::Paused)));
            }
        }
        self.paused = true;
        Ok(())
    }

    fn resume_run(&mut self) -> Result<(), EngineError> {
        match &mut self.activity {
            None => return Err(NO_RUN),
            Some(Activity::Training(active)) => {
                active.run.resume();
                (self.emit)(Event::Progress(active.run.progress(TrainingPhase::Running, Vec::new())));
            }
            Some(Activity::Preparing(preparation)) => {
                (self.emit)(Event::Progress(preparation.progress(TrainingPhase::Preparing)));
            }
        }
        self.paused = false;
        Ok(())
    }

    async fn step_run(&mut self) -> Result<(), EngineError> {
        if !self.paused {
            return Err(EngineError::State("Single steps need a paused run: pause it first."));
        }
        // A run that was paused before it had its images gets them now.
        while let Some(Activity::Preparing(_)) = &self.activity {
            self.try_work().await?;
        }
        let Some(Activity::Training(active)) = &mut self.activity else { return Err(NO_RUN) };
        if let Some(end) = active.step(&self.emit).await? {
            self.end_run(end).await?;
        }
        Ok(())
    }

    async fn stop_run(&mut self) -> Result<(), EngineError> {
        match &mut self.activity {
            None => Err(NO_RUN),
            Some(Activity::Preparing(_)) => {
                self.activity = None;
                self.paused = false;
                self.tell(Event::TrainingEnded(TrainingEnd::Stopped));
                Ok(())
            }
            Some(Activity::Training(active)) => {
                active.run.stop();
                self.end_run(TrainingEnd::Stopped).await
            }
        }
    }

    async fn try_work(&mut self) -> Result<(), EngineError> {
        match &mut self.activity {
            None => {}
            Some(Activity::Preparing(preparation)) => {
                if let Some(images) = preparation.work() {
                    self.begin_run(&images)?;
                }
            }
            Some(Activity::Training(active)) => {
                if let Some(end) = active.work(&self.emit).await? {
                    self.end_run(end).await?;
                }
            }
        }
        Ok(())
    }

    fn begin_run(&mut self, images: &ImageSet) -> Result<(), EngineError> {
        let Some(Activity::Preparing(preparation)) = self.activity.take() else { return Err(NO_RUN) };
        let Preparation { experiment, start, .. } = *preparation;
        let model = match start {
            TrainingStart::Fresh => None,
            TrainingStart::Continue => self.model.as_ref(),
        };
        let run = TrainingRun::new(self.compute()?, experiment, images, model)?;
        let [train_images, validation_images] = run.image_counts();
        self.tell(Event::TrainingStarted { train_images, validation_images });
        // The GPU's programs are compiled in the first step, which can take seconds.
        self.tell(Event::Progress(run.progress(TrainingPhase::Preparing, Vec::new())));
        self.activity = Some(Activity::Training(Box::new(ActiveRun::new(run, format!("trained on {}", images.name)))));
        Ok(())
    }

    async fn end_run(&mut self, end: TrainingEnd) -> Result<(), EngineError> {
        let Some(Activity::Training(active)) = self.activity.take() else { return Err(NO_RUN) };
        self.paused = false;
        self.model = Some(active.finish(&self.emit).await?);
        self.tell(Event::TrainingEnded(end));
        Ok(())
    }

    fn compute(&self) -> Result<&Compute, EngineError> {
        self.compute.as_ref().ok_or(NOT_STARTED)
    }

    /// The run's network as it is now, else the model in hand.
    fn model_now(&self) -> Option<Model> {
        match &self.activity {
            Some(Activity::Training(active)) => Some(active.model()),
            Some(Activity::Preparing(_)) | None => self.model.clone(),
        }
    }

    /// What was last trained or opened.
    fn experiment(&self) -> Experiment {
        let prepared: Option<&CheckedExperiment> = match &self.activity {
            Some(Activity::Preparing(preparation)) => Some(&preparation.experiment),
            Some(Activity::Training(active)) => Some(active.run.experiment()),
            None => self.model.as_ref().map(Model::experiment),
        };
        prepared.map(|checked| checked.spec().clone()).unwrap_or_default()
    }
}
