//! One run, advanced a batch at a time.

use std::{collections::VecDeque, rc::Rc};

use burn::tensor::Tensor;
use pinhole_protocol::{
    BottleneckPlan, CheckedExperiment, EpochRecord, Progress, SampleGrid, Term, TrainingEnd, TrainingPhase,
};

use super::{
    Start,
    collapse::{Collapse, CollapseWatch},
    diverged::Failure,
    gradients::GradientSizes,
    keeper::Keeper,
    losses::{PendingLosses, StepLosses},
    pace::Pace,
    run_state::{KeeperState, MOST_WEIGHTS, RunState},
    samples::ShownSamples,
    stepper::{Stepper, TrainedBatch},
    validation::Validation,
};
use crate::{
    Compute, EngineError, Model,
    data::{self, SampleSet},
    measure::HeldOut,
    network::Autoencoder,
    objective,
};

/// Samples that are looked at for collapsed codes.
const PROBE: usize = 256;

/// What [`TrainingRun::advance`] has done.
#[derive(Clone, Debug, PartialEq)]
pub enum Advance {
    /// A batch, of training or of validation.
    Worked {
        /// Training losses that were read; often none, as reading is done seldom.
        losses: StepLosses,
    },
    /// The last batch of an epoch and of its validation.
    EpochDone(EpochRecord),
    /// Found something in the epoch that is over, which a person should know.
    Warned(&'static str),
    /// Nothing: the run is over, and the network is its result.
    Ended(TrainingEnd),
}

/// A network that is being trained.
pub struct TrainingRun {
    compute: Compute,
    stepper: Stepper,
    validation: Validation,
    samples: ShownSamples,
    held_out: HeldOut,
    keeper: Keeper,
    watch: Option<CollapseWatch>,
    warnings: VecDeque<&'static str>,
    history: Vec<EpochRecord>,
    /// What a step's losses are, after their sum.
    terms: Vec<Term>,
    losses: PendingLosses,
    /// Norm of the last gradient that was measured, to be read with the losses; and the last that was.
    unread_norm: Option<Tensor<1>>,
    gradient_norm: f32,
    /// Of the steps of this epoch.
    epoch_losses: StepLosses,
    pace: Pace,
    end: Option<TrainingEnd>,
}

impl TrainingRun {
    /// Uploads the samples and makes the network. Pictures are brought to the network's input first.
    ///
    /// # Errors
    /// When there is no sample, the samples do not suit the network or fit the device, or the start does not fit the
    /// experiment or has all its epochs behind it.
    pub fn new(
        compute: &Compute,
        experiment: CheckedExperiment,
        samples: &SampleSet,
        start: Start,
    ) -> Result<Self, EngineError> {
        let samples = data::suited(samples, &experiment)?;
        let history = start.history(&experiment)?;
        let mut terms = objective::term_list(&experiment);
        let bottleneck = experiment.plan().bottleneck;
        if matches!(bottleneck, BottleneckPlan::Adversarial { .. }) {
            terms.push(Term::Discriminator);
        }
        let stepper = Stepper::new(compute, experiment, &samples, start, history.len())?;
        let spec = stepper.experiment.spec();
        let split = &stepper.split;
        let held_out = if split.validation.is_empty() { &split.train } else { &split.validation };
        let probe = &held_out[..held_out.len().min(PROBE)];
        let mut keeper = Keeper::new(stepper.learner.snapshot());
        if let Some(state) = start.keeper_state(&stepper.experiment) {
            keeper.resume(state, stepper.experiment.plan(), compute.device());
        }
        let can_collapse = !matches!(bottleneck, BottleneckPlan::Plain | BottleneckPlan::TopK { .. });
        Ok(Self {
            compute: compute.clone(),
            validation: Validation::new(&stepper),
            samples: ShownSamples::new(&samples, held_out, spec.objective.corruption, spec.seed),
            held_out: HeldOut::new(&samples, &split.validation, &split.train),
            keeper,
            watch: can_collapse.then(|| CollapseWatch::new(stepper.samples.rows_of(probe))),
            warnings: VecDeque::new(),
            history,
            terms,
            losses: PendingLosses::new(),
            unread_norm: None,
            gradient_norm: 0.0,
            epoch_losses: StepLosses::default(),
            pace: Pace::new(),
            end: None,
            stepper,
        })
    }

    /// Does one batch of work.
    ///
    /// # Errors
    /// When the device fails. The run cannot go on then.
    pub async fn advance(&mut self) -> Result<Advance, EngineError> {
        if let Some(warning) = self.warnings.pop_front() {
            return Ok(Advance::Warned(warning));
        }
        if let Some(end) = &self.end {
            return Ok(Advance::Ended(end.clone()));
        }
        if self.train_batch() {
            let losses = if self.losses.is_due() { self.read_losses().await? } else { StepLosses::default() };
            return Ok(Advance::Worked { losses });
        }
        let losses = self.read_losses().await?;
        if !losses.is_empty() {
            return Ok(Advance::Worked { losses });
        }
        if self.end.is_none() {
            let network = self.stepper.learner.snapshot();
            if self.validation.advance(&network, &self.stepper, &self.terms).await? {
                return Ok(Advance::Worked { losses });
            }
        }
        self.finish_epoch().await
    }

    /// Reads the losses of all steps so far; a run that was paused has some.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn read_losses(&mut self) -> Result<StepLosses, EngineError> {
        let (rows, norm) = self.losses.read(self.unread_norm.take()).await?;
        if let Some(norm) = norm {
            self.gradient_norm = norm[0];
        }
        if rows.is_empty() {
            return Ok(StepLosses::default());
        }
        self.pace.note(rows.len() * self.stepper.samples_per_step());
        let first = self.step() + 1 - rows.len();
        let failure = Failure::find(&rows, &self.terms, first);
        let sound = failure.map_or(rows.len(), |failure| failure.step - first);
        self.keeper.note_losses(sound, rows.len(), || self.stepper.learner.snapshot());
        if let Some(failure) = failure {
            self.diverge(failure);
        }
        // A chart has no place for what is no number.
        let losses = StepLosses::new(&rows[..sound], &self.terms);
        self.epoch_losses.extend(losses.clone());
        Ok(losses)
    }

    /// Trains `count` steps without validation, and waits until the device has done them. Answers their losses.
    pub(crate) async fn steps(&mut self, count: usize) -> Result<Vec<f32>, EngineError> {
        let wanted = self.step() + count;
        while self.step() < wanted {
            if !self.train_batch() {
                self.stepper.begin_epoch(self.history.len());
            }
        }
        Ok(self.read_losses().await?.total)
    }

    /// Ends the run here; the result is the best epoch's network, or the one in hand before an epoch is over.
    pub fn stop(&mut self) {
        self.end = Some(TrainingEnd::Stopped);
    }

    /// After a pause: the time that has passed does not count.
    pub fn resume(&mut self) {
        self.pace.restart();
    }

    /// What is being trained.
    pub const fn experiment(&self) -> &CheckedExperiment {
        &self.stepper.experiment
    }

    /// Steps done, those of earlier runs of a continued model included.
    pub const fn step(&self) -> usize {
        self.stepper.step()
    }

    /// Images to train on, and to validate on.
    pub const fn image_counts(&self) -> [usize; 2] {
        [self.stepper.split.train.len(), self.stepper.split.validation.len()]
    }

    /// Where the run stands; `recent` are losses not yet told of.
    pub fn progress(&self, phase: TrainingPhase, recent: StepLosses) -> Progress {
        let (stepper, step) = (&self.stepper, self.step());
        let (epochs, steps) = (stepper.schedule().epochs, stepper.steps());
        let images_per_s = self.pace.images_per_s();
        let images_left = (steps - step) * stepper.samples_per_step();
        Progress {
            phase,
            epoch: (self.history.len() + 1).min(epochs),
            epochs,
            step,
            steps,
            recent_losses: recent.total,
            images_per_s,
            remaining_s: if images_per_s > 0.0 { images_left as f32 / images_per_s } else { 0.0 },
            learning_rate: stepper.learning_rate(step.saturating_sub(1), &self.history) as f32,
            recent_terms: recent.terms,
            gradient_norm: self.gradient_norm,
        }
    }

    /// Samples that training does not see, to measure by and to look into the network with.
    pub const fn held_out(&self) -> &HeldOut {
        &self.held_out
    }

    /// L2 norm of each tensor's gradient at the last step that was measured, in the order of `NetworkPlan::tensors`,
    /// without a norm for those that do not learn; `None` before a step was measured.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn gradient_norms(&self) -> Result<Option<Vec<Option<f32>>>, EngineError> {
        match self.stepper.learner.sizes() {
            Some(sizes) => sizes.read().await.map(Some),
            None => Ok(None),
        }
    }

    /// Held-out images as the network sees them now.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn samples(&self) -> Result<SampleGrid, EngineError> {
        self.samples.show(&self.network(), &self.compute).await
    }

    /// Those that [`TrainingRun::samples`] shows.
    pub(crate) const fn shown_samples(&self) -> &ShownSamples {
        &self.samples
    }

    /// The model as it is now; after the end, that of the best epoch.
    pub fn model(&self, name: String) -> Model {
        self.model_of(self.network(), name)
    }

    /// The model that came of it.
    pub fn into_model(self, name: String) -> Model {
        self.model(name)
    }

    /// The model of the last step, with all that the run needs to be taken up.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn last_model(&self, name: String) -> Result<Model, EngineError> {
        let run_state = self.state().await?.map(Rc::new);
        Ok(Model { run_state, ..self.model_of(self.stepper.learner.snapshot(), name) })
    }

    /// The best epoch, where the last step has other weights; `None` too before an epoch is over.
    pub fn better_epoch(&self) -> Option<usize> {
        let best = self.keeper.best()?.epoch;
        (best < self.history.len() || self.is_within_epoch()).then_some(best)
    }

    /// Whether steps were taken since the last epoch was over.
    pub fn is_within_epoch(&self) -> bool {
        self.step() > self.history.len() * self.stepper.steps_per_epoch()
    }

    /// What the run needs to be taken up; `None` if it is too large to be kept, or holds what is no number.
    async fn state(&self) -> Result<Option<RunState>, EngineError> {
        let plan = self.experiment().plan();
        if plan.parameters() > MOST_WEIGHTS {
            return Ok(None);
        }
        // Without its teacher, who is in no file, a student is scored in another way.
        let keeper = if self.stepper.has_teacher() { KeeperState::default() } else { self.keeper.state(plan).await? };
        let state = RunState { learner: self.stepper.learner.state(plan).await?, keeper };
        Ok(state.is_finite().then_some(state))
    }

    /// The network as it is now; after the end, that of the best epoch.
    fn network(&self) -> Autoencoder {
        let best = self.keeper.best().filter(|_| self.end.is_some());
        best.map_or_else(|| self.stepper.learner.snapshot(), |best| best.network.clone())
    }

    fn model_of(&self, network: Autoencoder, name: String) -> Model {
        Model {
            name,
            network,
            experiment: self.experiment().clone(),
            history: self.history.clone(),
            run_state: None,
            compute: self.compute.clone(),
        }
    }

    /// Learns from a batch, unless the epoch has none left.
    fn train_batch(&mut self) -> bool {
        let is_measured = self.losses.is_nearly_due();
        match self.stepper.train_batch(&self.history, is_measured) {
            TrainedBatch::None => return false,
            TrainedBatch::Gathered => {}
            TrainedBatch::Stepped(losses) => {
                self.losses.push(*losses);
                if is_measured {
                    self.unread_norm = self.stepper.learner.sizes().map(GradientSizes::norm);
                }
            }
        }
        true
    }

    async fn finish_epoch(&mut self) -> Result<Advance, EngineError> {
        if let Some(end) = &self.end {
            return Ok(Advance::Ended(end.clone()));
        }
        let validation = std::mem::replace(&mut self.validation, Validation::new(&self.stepper));
        let validation_loss = validation.finish(&self.experiment().spec().objective, &self.terms).await?;
        let losses = std::mem::take(&mut self.epoch_losses);
        let record = EpochRecord { epoch: self.history.len() + 1, train_loss: mean(&losses.total), validation_loss };
        if !record.selection_loss().is_finite() {
            self.diverge(Failure { step: self.step(), term: None });
            return Ok(Advance::Ended(self.end.clone().expect("diverging ends a run")));
        }
        self.history.push(record);
        self.keeper.note_epoch(record, || self.stepper.learner.snapshot());
        self.look_for_collapse(&losses).await?;
        self.begin_epoch_or_end();
        Ok(Advance::EpochDone(record))
    }

    async fn look_for_collapse(&mut self, losses: &StepLosses) -> Result<(), EngineError> {
        let Some(watch) = &mut self.watch else { return Ok(()) };
        let discriminator = losses.terms.iter().find(|losses| losses.term == Term::Discriminator);
        let found =
            watch.look(&self.stepper.learner.snapshot(), discriminator.map(|losses| mean(&losses.values))).await?;
        self.warnings.extend(found.into_iter().map(Collapse::advice));
        Ok(())
    }

    fn begin_epoch_or_end(&mut self) {
        let schedule = self.stepper.schedule();
        let patience = schedule.early_stopping.map(|stopping| stopping.patience_epochs);
        if self.history.len() >= schedule.epochs {
            self.end = Some(TrainingEnd::Finished);
        } else if patience.is_some_and(|patience| self.keeper.epochs_without_improvement() >= patience) {
            self.end = Some(TrainingEnd::EarlyStopped);
        } else {
            self.stepper.begin_epoch(self.history.len());
        }
    }

    fn diverge(&mut self, failure: Failure) {
        let advice = failure.advice(self.stepper.schedule());
        self.stepper.learner.restore(self.keeper.sound().clone());
        self.end = Some(TrainingEnd::Diverged(advice));
    }
}

fn mean(values: &[f32]) -> f32 {
    (values.iter().copied().map(f64::from).sum::<f64>() / values.len() as f64) as f32
}
