//! Commands about training: start, pause, step, stop, choose a network of a finished run, and the learning-rate range test.

use std::rc::Rc;

use pinhole_protocol::{Bytes, Event, Experiment, RunModel, TrainingEnd, TrainingPhase, TrainingStart};

use super::{
    activity::{ActiveRun, Activity, Goal},
    evaluation_data::EvaluationData,
    finished_run::FinishedRun,
    preparation::SamplePreparation,
    state::{BUSY, Session},
};
use crate::{
    EngineError,
    data::SampleSet,
    latent::RunSamples,
    training::{FinderAdvance, LearningRateFinder, Start, StepLosses, TrainingRun},
};

const NO_RUN: EngineError = EngineError::State("Nothing is being trained.");
const FINDING: EngineError =
    EngineError::State("A learning rate is being looked for: stop that, or wait until it is found.");
const NO_CHOICE: EngineError = EngineError::State(
    "There is no other network to take: only a run that has just ended, and whose best epoch was not its last, leaves two.",
);

impl<E: Fn(Event), P: AsyncFn()> Session<E, P> {
    pub(super) fn train(&mut self, experiment: Experiment, start: TrainingStart) -> Result<(), EngineError> {
        self.check_idle()?;
        // Fails now rather than after the samples are prepared.
        Start::new(start, self.model.as_ref())?;
        let preparation = self.preparation(experiment, start)?;
        self.emit(Event::Progress(preparation.progress(TrainingPhase::Preparing)));
        self.prepare(preparation, Goal::Train);
        Ok(())
    }

    pub(super) fn find_learning_rate(&mut self, experiment: Experiment) -> Result<(), EngineError> {
        self.check_idle()?;
        let preparation = self.preparation(experiment, TrainingStart::Fresh)?;
        self.prepare(preparation, Goal::FindLearningRate);
        Ok(())
    }

    pub(super) fn preparation(
        &self,
        experiment: Experiment,
        start: TrainingStart,
    ) -> Result<SamplePreparation, EngineError> {
        let read_table = |request| self.tables.read_samples(&request);
        SamplePreparation::new(experiment.check()?, start, self.opened.as_ref(), read_table)
    }

    fn check_idle(&self) -> Result<(), EngineError> {
        self.compute()?;
        if self.activity.is_some() { Err(BUSY) } else { Ok(()) }
    }

    fn prepare(&mut self, preparation: SamplePreparation, goal: Goal) {
        self.paused = false;
        self.activity = Some(Activity::Preparing(Box::new(preparation), goal));
    }

    pub(super) async fn pause_run(&mut self) -> Result<(), EngineError> {
        match &mut self.activity {
            None => return Err(NO_RUN),
            Some(Activity::FindingLearningRate(_) | Activity::Preparing(_, Goal::FindLearningRate)) => {
                return Err(FINDING);
            }
            Some(Activity::Training(active)) => active.emit_paused(&self.emit).await?,
            Some(Activity::Preparing(preparation, Goal::Train)) => {
                (self.emit)(Event::Progress(preparation.progress(TrainingPhase::Paused)));
            }
        }
        self.paused = true;
        Ok(())
    }

    pub(super) fn resume_run(&mut self) -> Result<(), EngineError> {
        match &mut self.activity {
            None => return Err(NO_RUN),
            Some(Activity::FindingLearningRate(_) | Activity::Preparing(_, Goal::FindLearningRate)) => {
                return Err(FINDING);
            }
            Some(Activity::Training(active)) => {
                active.run.resume();
                (self.emit)(Event::Progress(active.run.progress(TrainingPhase::Running, StepLosses::default())));
            }
            Some(Activity::Preparing(preparation, Goal::Train)) => {
                (self.emit)(Event::Progress(preparation.progress(TrainingPhase::Preparing)));
            }
        }
        self.paused = false;
        Ok(())
    }

    pub(super) async fn step_run(&mut self) -> Result<(), EngineError> {
        if !self.paused {
            return Err(EngineError::State("Single steps need a paused run: pause it first."));
        }
        // A run that was paused before its samples were ready prepares them now.
        while let Some(Activity::Preparing(..)) = &self.activity {
            self.try_work().await?;
        }
        let Some(Activity::Training(active)) = &mut self.activity else { return Err(NO_RUN) };
        if let Some(end) = active.step(&self.emit).await? {
            self.end_run(end).await?;
        }
        Ok(())
    }

    pub(super) async fn stop_run(&mut self) -> Result<(), EngineError> {
        match &mut self.activity {
            None => Err(NO_RUN),
            Some(Activity::Preparing(_, Goal::Train)) => {
                self.activity = None;
                self.paused = false;
                self.emit(Event::TrainingEnded(TrainingEnd::Stopped));
                Ok(())
            }
            Some(Activity::Preparing(_, Goal::FindLearningRate)) => {
                self.end_rate_finder(None);
                Ok(())
            }
            Some(Activity::FindingLearningRate(finder)) => {
                let suggestion = finder.suggestion();
                self.end_rate_finder(suggestion);
                Ok(())
            }
            Some(Activity::Training(active)) => {
                active.emit_losses(TrainingPhase::Running, &self.emit).await?;
                active.run.stop();
                self.end_run(TrainingEnd::Stopped).await
            }
        }
    }

    /// Lets a run in progress emit a checkpoint soon. One that is paused has emitted its own.
    pub(super) fn hasten_checkpoint(&mut self) {
        if let Some(Activity::Training(active)) = &mut self.activity {
            active.hasten_checkpoint();
        }
    }

    /// Advances the current activity by one piece of work.
    pub(super) async fn try_work(&mut self) -> Result<(), EngineError> {
        match &mut self.activity {
            None => {}
            Some(Activity::Preparing(preparation, goal)) => {
                let goal = *goal;
                if let Some(samples) = preparation.work().await? {
                    match goal {
                        Goal::Train => self.begin_run(samples)?,
                        Goal::FindLearningRate => self.begin_rate_finder(&samples)?,
                    }
                }
            }
            Some(Activity::Training(active)) => {
                if let Some(end) = active.work(&self.emit).await? {
                    self.end_run(end).await?;
                }
            }
            Some(Activity::FindingLearningRate(finder)) => match finder.advance().await? {
                FinderAdvance::BatchDone => {}
                FinderAdvance::Tried(rates) => self.emit(Event::LearningRateTried(rates)),
                FinderAdvance::Found(suggestion) => self.end_rate_finder(suggestion),
            },
        }
        Ok(())
    }

    fn begin_run(&mut self, samples: Rc<SampleSet>) -> Result<(), EngineError> {
        let Some(Activity::Preparing(preparation, _)) = self.activity.take() else { return Err(NO_RUN) };
        let SamplePreparation { experiment, start, .. } = *preparation;
        let teacher = if start == TrainingStart::Distil { self.model.clone() } else { None };
        let start = Start::new(start, self.model.as_ref())?;
        let run = TrainingRun::new(self.compute()?, experiment, &samples, start)?;
        let [train_images, validation_images] = run.sample_counts();
        self.emit(Event::TrainingStarted { train_images, validation_images });
        // The GPU's kernels are compiled in the first step, which can take seconds.
        self.emit(Event::Progress(run.progress(TrainingPhase::Preparing, StepLosses::default())));
        let name = format!("trained on {}", samples.name);
        self.finished_run = None;
        let samples = RunSamples::of_run(samples, run.experiment());
        self.activity = Some(Activity::Training(Box::new(ActiveRun::new(run, samples, name, teacher))));
        Ok(())
    }

    async fn end_run(&mut self, end: TrainingEnd) -> Result<(), EngineError> {
        let Some(Activity::Training(active)) = self.activity.take() else { return Err(NO_RUN) };
        self.paused = false;
        self.evaluation_data = Some(EvaluationData::new(&active));
        let last = active.finish(&self.emit).await?;
        self.finished_run = FinishedRun::new(&active, &last);
        let model = self.finished_run.as_ref().map_or(&last, FinishedRun::model).clone();
        self.emit(Event::Checkpoint(Bytes(model.to_checkpoint().await?)));
        self.model = Some(model);
        self.emit(Event::TrainingEnded(end));
        if let Some(finished_run) = &self.finished_run {
            self.emit(Event::RunModels(finished_run.models()));
        }
        self.end_followed_run(&last).await;
        self.measure(&[]).await
    }

    /// Makes one network of the finished run the current model.
    pub(super) async fn select_run_model(&mut self, which: RunModel) -> Result<(), EngineError> {
        if self.activity.is_some() {
            return Err(BUSY);
        }
        let compute = self.compute()?.clone();
        let finished_run = self.finished_run.as_mut().ok_or(NO_CHOICE)?;
        finished_run.choose(which);
        let (models, model) = (finished_run.models(), finished_run.model().clone());
        let grid = finished_run.preview().reconstruct(model.network(), &compute).await?;
        self.emit(Event::RunModels(models));
        self.emit(Event::Samples(grid));
        self.emit(Event::Checkpoint(Bytes(model.to_checkpoint().await?)));
        self.model = Some(model);
        self.measure(&[]).await
    }

    fn begin_rate_finder(&mut self, samples: &SampleSet) -> Result<(), EngineError> {
        let Some(Activity::Preparing(preparation, _)) = self.activity.take() else { return Err(NO_RUN) };
        let finder = LearningRateFinder::new(self.compute()?, preparation.experiment, samples)?;
        self.activity = Some(Activity::FindingLearningRate(Box::new(finder)));
        Ok(())
    }

    fn end_rate_finder(&mut self, suggestion: Option<f32>) {
        self.activity = None;
        self.emit(Event::LearningRateFound { suggestion });
    }
}
