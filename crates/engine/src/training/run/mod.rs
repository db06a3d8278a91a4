//! A training run, advanced one batch at a time.

mod models;
mod spans;

use std::collections::VecDeque;

use burn::tensor::Tensor;
use pinhole_protocol::{
    BottleneckPlan, CheckedExperiment, EpochRecord, Progress, SampleGrid, Term, TrainingEnd, TrainingPhase,
};
use tracing::{Instrument as _, trace, trace_span, warn};

use self::spans::RunSpans;
use super::{
    best_weights::BestWeights,
    collapse::{Collapse, CollapseMonitor},
    epoch_losses::EpochLosses,
    gradients::GradientNorms,
    losses::{PendingLosses, StepLosses},
    non_finite_loss::NonFiniteLoss,
    preview_samples::PreviewSamples,
    start::Start,
    stepper::{Stepper, TrainedBatch},
    throughput::Throughput,
    validation::Validation,
};
use crate::{
    Compute, EngineError,
    data::{self, SampleSet},
    measure::HeldOut,
    objective,
};

/// Samples whose codes are checked for collapse.
const PROBE_SAMPLES: usize = 256;

/// Outcome of one call of [`TrainingRun::advance`].
#[derive(Clone, Debug, PartialEq)]
pub enum RunAdvance {
    /// A batch of training or of validation was processed.
    BatchDone {
        /// Training losses read from the device since the last read; mostly empty, as reads are rare.
        losses: StepLosses,
    },
    /// The last batch of an epoch, with its validation, was processed.
    EpochDone(EpochRecord),
    /// A warning about the finished epoch, for the user.
    Warned(&'static str),
    /// The run is over and nothing was done; the network is the result.
    Ended(TrainingEnd),
}

/// A training run in progress.
pub struct TrainingRun {
    compute: Compute,
    stepper: Stepper,
    validation: Validation,
    preview: PreviewSamples,
    held_out: HeldOut,
    best_weights: BestWeights,
    collapse_monitor: Option<CollapseMonitor>,
    warnings: VecDeque<&'static str>,
    history: Vec<EpochRecord>,
    /// Terms of the loss, in the order in which they follow the total in a step's losses.
    terms: Vec<Term>,
    losses: PendingLosses,
    /// L2 norm of the last measured gradient, still on the device: it is read together with the losses.
    unread_norm: Option<Tensor<1>>,
    gradient_norm: f32,
    /// Losses of the steps of this epoch.
    epoch_losses: EpochLosses,
    throughput: Throughput,
    end: Option<TrainingEnd>,
    spans: RunSpans,
}

impl TrainingRun {
    /// Uploads the samples and initialises the network. Pictures are fitted to the network's input first.
    ///
    /// # Errors
    /// When there is no sample, the samples are not compatible with the network or exceed the device, or the start is
    /// not compatible with the experiment or has done all its epochs.
    pub fn new(
        compute: &Compute,
        experiment: CheckedExperiment,
        samples: &SampleSet,
        start: Start,
    ) -> Result<Self, EngineError> {
        let samples = data::fit_to_experiment(samples, &experiment)?;
        let history = start.history(&experiment)?;
        let mut terms = objective::term_list(&experiment);
        let bottleneck = experiment.plan().bottleneck;
        if matches!(bottleneck, BottleneckPlan::Adversarial { .. }) {
            terms.push(Term::Discriminator);
        }
        let epoch_losses = start.epoch_losses(&experiment);
        let stepper = Stepper::new(compute, experiment, &samples, start, history.len(), epoch_losses.steps)?;
        let spec = stepper.experiment.spec();
        let split = &stepper.split;
        let held_out = if split.validation.is_empty() { &split.train } else { &split.validation };
        let probe = &held_out[..held_out.len().min(PROBE_SAMPLES)];
        let mut best_weights = BestWeights::new(stepper.learner.snapshot());
        if let Some(state) = start.best_weights_state(&stepper.experiment) {
            best_weights.restore(state, stepper.experiment.plan(), compute.device());
        }
        let can_collapse = !matches!(bottleneck, BottleneckPlan::Plain | BottleneckPlan::TopK { .. });
        Ok(Self {
            compute: compute.clone(),
            validation: Validation::new(&stepper),
            spans: RunSpans::begin_run(&stepper, compute.info(), history.len() + 1),
            preview: PreviewSamples::new(&samples, held_out, spec.objective.corruption, spec.seed),
            held_out: HeldOut::new(&samples, &split.validation, &split.train),
            best_weights,
            collapse_monitor: can_collapse.then(|| CollapseMonitor::new(stepper.samples.batch_of(probe))),
            warnings: VecDeque::new(),
            history,
            terms,
            losses: PendingLosses::new(),
            unread_norm: None,
            gradient_norm: 0.0,
            epoch_losses,
            throughput: Throughput::new(),
            end: None,
            stepper,
        })
    }

    /// Processes one batch.
    ///
    /// # Errors
    /// When the device fails. The run cannot continue then.
    pub async fn advance(&mut self) -> Result<RunAdvance, EngineError> {
        let span = self.spans.epoch();
        self.process_batch().instrument(span).await
    }

    async fn process_batch(&mut self) -> Result<RunAdvance, EngineError> {
        if let Some(warning) = self.warnings.pop_front() {
            warn!(warning);
            return Ok(RunAdvance::Warned(warning));
        }
        if let Some(end) = &self.end {
            return Ok(RunAdvance::Ended(end.clone()));
        }
        if self.train_batch() {
            let losses = if self.losses.is_due() { self.read_losses().await? } else { StepLosses::default() };
            return Ok(RunAdvance::BatchDone { losses });
        }
        let losses = self.read_losses().await?;
        if !losses.is_empty() {
            return Ok(RunAdvance::BatchDone { losses });
        }
        if self.end.is_none() {
            let network = self.stepper.learner.snapshot();
            if self.validation.advance(&network, &self.stepper, &self.terms).await? {
                return Ok(RunAdvance::BatchDone { losses });
            }
        }
        self.finish_epoch().await
    }

    /// Reads the pending losses of all steps so far, for instance after a pause.
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
        self.throughput.record(rows.len() * self.stepper.samples_per_step());
        let first = self.step() + 1 - rows.len();
        let non_finite = NonFiniteLoss::find(&rows, &self.terms, first);
        let finite = non_finite.map_or(rows.len(), |non_finite| non_finite.step - first);
        self.best_weights.record_losses(finite, rows.len(), || self.stepper.learner.snapshot());
        if let Some(non_finite) = non_finite {
            self.end_diverged(non_finite);
        }
        // Charts cannot show non-finite losses.
        let losses = StepLosses::new(&rows[..finite], &self.terms);
        self.epoch_losses.add(&losses);
        Ok(losses)
    }

    /// Trains `count` steps without validation, waits until the device has done them, and returns their losses.
    pub(crate) async fn train_steps(&mut self, count: usize) -> Result<Vec<f32>, EngineError> {
        let last_step = self.step() + count;
        while self.step() < last_step {
            if !self.train_batch() {
                self.stepper.begin_epoch(self.history.len());
            }
        }
        Ok(self.read_losses().await?.total)
    }

    /// Stops the run. The result is the network of the best epoch; the current one before the first epoch is over.
    pub fn stop(&mut self) {
        self.set_end(TrainingEnd::Stopped);
    }

    /// Continues after a pause, whose duration does not count for the throughput.
    pub fn resume(&mut self) {
        self.throughput.restart();
    }

    /// True if no step is half done, as while batches are accumulated.
    pub const fn is_between_steps(&self) -> bool {
        self.stepper.is_between_steps()
    }

    /// The experiment being trained.
    pub const fn experiment(&self) -> &CheckedExperiment {
        &self.stepper.experiment
    }

    /// Steps done, including those of earlier runs of a continued model.
    pub const fn step(&self) -> usize {
        self.stepper.step()
    }

    /// Finished epochs, including those of earlier runs of a continued model.
    pub const fn epochs_done(&self) -> usize {
        self.history.len()
    }

    /// Numbers of training samples and of validation samples.
    pub const fn sample_counts(&self) -> [usize; 2] {
        [self.stepper.split.train.len(), self.stepper.split.validation.len()]
    }

    /// Progress of the run; `recent` are the losses since the last report.
    pub fn progress(&self, phase: TrainingPhase, recent: StepLosses) -> Progress {
        let (stepper, step) = (&self.stepper, self.step());
        let (epochs, steps) = (stepper.schedule().epochs, stepper.steps());
        let samples_per_s = self.throughput.samples_per_s();
        let samples_left = (steps - step) * stepper.samples_per_step();
        Progress {
            phase,
            epoch: (self.history.len() + 1).min(epochs),
            epochs,
            step,
            steps,
            recent_losses: recent.total,
            images_per_s: samples_per_s,
            remaining_s: if samples_per_s > 0.0 { samples_left as f32 / samples_per_s } else { 0.0 },
            learning_rate: stepper.learning_rate(step.saturating_sub(1), &self.history) as f32,
            recent_terms: recent.terms,
            gradient_norm: self.gradient_norm,
        }
    }

    /// Samples that are not trained on, for measures and inspection.
    pub const fn held_out(&self) -> &HeldOut {
        &self.held_out
    }

    /// L2 norm of each tensor's gradient at the last measured step, in the order of `NetworkPlan::tensors`; `None` for
    /// tensors without a gradient. The whole is `None` before a step was measured.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn gradient_norms(&self) -> Result<Option<Vec<Option<f32>>>, EngineError> {
        match self.stepper.learner.gradient_norms() {
            Some(norms) => norms.read().await.map(Some),
            None => Ok(None),
        }
    }

    /// Reconstructions of held-out samples by the current network.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn preview(&self) -> Result<SampleGrid, EngineError> {
        self.preview.reconstruct(&self.network(), &self.compute).await
    }

    /// The samples that [`TrainingRun::preview`] reconstructs.
    pub(crate) const fn preview_samples(&self) -> &PreviewSamples {
        &self.preview
    }

    /// Trains on the next batch. False if the epoch has none left.
    fn train_batch(&mut self) -> bool {
        let _step = trace_span!("step", number = self.step() + 1).entered();
        let is_measured = self.losses.is_nearly_due();
        match self.stepper.train_batch(&self.history, is_measured) {
            TrainedBatch::EpochDone => return false,
            TrainedBatch::Accumulated => trace!("gradient accumulated"),
            TrainedBatch::Stepped(losses) => {
                trace!("weights updated");
                self.losses.push(*losses);
                if is_measured {
                    self.unread_norm = self.stepper.learner.gradient_norms().map(GradientNorms::norm);
                }
            }
        }
        true
    }

    async fn finish_epoch(&mut self) -> Result<RunAdvance, EngineError> {
        if let Some(end) = &self.end {
            return Ok(RunAdvance::Ended(end.clone()));
        }
        let validation = std::mem::replace(&mut self.validation, Validation::new(&self.stepper));
        let validation_loss = validation.finish(&self.experiment().spec().objective, &self.terms).await?;
        let losses = std::mem::take(&mut self.epoch_losses);
        let record = EpochRecord { epoch: self.history.len() + 1, train_loss: losses.mean(), validation_loss };
        if !record.selection_loss().is_finite() {
            self.end_diverged(NonFiniteLoss { step: self.step(), term: None });
            return Ok(RunAdvance::Ended(self.end.clone().expect("a diverged run has ended")));
        }
        self.spans.end_epoch(record);
        self.history.push(record);
        self.best_weights.record_epoch(record, || self.stepper.learner.snapshot());
        self.check_collapse(&losses).await?;
        self.begin_epoch_or_end();
        Ok(RunAdvance::EpochDone(record))
    }

    async fn check_collapse(&mut self, losses: &EpochLosses) -> Result<(), EngineError> {
        let Some(monitor) = &mut self.collapse_monitor else { return Ok(()) };
        let discriminator = self.terms.contains(&Term::Discriminator).then(|| losses.discriminator_mean());
        let found = monitor.check(&self.stepper.learner.snapshot(), discriminator).await?;
        self.warnings.extend(found.into_iter().map(Collapse::advice));
        Ok(())
    }

    fn begin_epoch_or_end(&mut self) {
        let schedule = self.stepper.schedule();
        let patience = schedule.early_stopping.map(|stopping| stopping.patience_epochs);
        if self.history.len() >= schedule.epochs {
            self.set_end(TrainingEnd::Finished);
        } else if patience.is_some_and(|patience| self.best_weights.epochs_without_improvement() >= patience) {
            self.set_end(TrainingEnd::EarlyStopped);
        } else {
            self.stepper.begin_epoch(self.history.len());
            self.spans.begin_epoch(self.history.len() + 1);
        }
    }

    fn set_end(&mut self, end: TrainingEnd) {
        self.spans.end_run(&end, self.step());
        self.end = Some(end);
    }

    fn end_diverged(&mut self, non_finite: NonFiniteLoss) {
        warn!(step = non_finite.step, term = ?non_finite.term, "loss is not finite");
        let advice = non_finite.advice(self.stepper.schedule());
        self.stepper.learner.set_weights(self.best_weights.last_finite().clone());
        self.set_end(TrainingEnd::Diverged(advice));
    }
}
