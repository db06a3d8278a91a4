//! One run, advanced a batch at a time.

use pinhole_protocol::{CheckedExperiment, EpochRecord, GridShape, Progress, SampleGrid, TrainingEnd, TrainingPhase};

use super::{
    epoch::{Batch, Pass},
    images::ResidentImages,
    keeper::Keeper,
    learner::Learner,
    learning_rate,
    losses::PendingLosses,
    pace::Pace,
    samples::Samples,
};
use crate::{
    Compute, EngineError, Model,
    data::{self, ImageSet, Split},
    network::Autoencoder,
    objective::reconstruction_loss,
    random::step_seed,
};

/// What [`TrainingRun::advance`] has done.
#[derive(Clone, Debug, PartialEq)]
pub enum Advance {
    /// A batch, of training or of validation.
    Worked {
        /// Training losses that were read, oldest first; often none, as reading is done seldom.
        losses: Vec<f32>,
    },
    /// The last batch of an epoch and of its validation.
    EpochDone(EpochRecord),
    /// Nothing: the run is over, and the network is its result.
    Ended(TrainingEnd),
}

/// A network that is being trained.
pub struct TrainingRun {
    compute: Compute,
    experiment: CheckedExperiment,
    images: ResidentImages,
    split: Split,
    samples: Samples,
    learner: Learner,
    keeper: Keeper,
    history: Vec<EpochRecord>,
    training: Pass,
    validation: Pass,
    step: usize,
    losses: PendingLosses,
    epoch_losses: Vec<f32>,
    /// Losses of validation batches and the sizes of those.
    validation_losses: PendingLosses,
    validation_sum: WeightedSum,
    pace: Pace,
    end: Option<TrainingEnd>,
}

/// A mean over batches of different sizes.
#[derive(Debug, Default)]
struct WeightedSum {
    sum: f64,
    weight: usize,
    unread: Vec<usize>,
}

impl TrainingRun {
    /// Uploads the images and makes the network: new weights, or those of `start`, whose epochs count.
    ///
    /// # Errors
    /// When there is no image, the images do not fit the network or the device, or `start` is another network or has
    /// all its epochs behind it.
    pub fn new(
        compute: &Compute,
        experiment: CheckedExperiment,
        images: &ImageSet,
        start: Option<&Model>,
    ) -> Result<Self, EngineError> {
        let spec = experiment.spec();
        let plan = experiment.plan();
        if plan.input != GridShape::MNIST {
            return Err(EngineError::setting("network.input", "The images are 28x28 grey: let the network read that."));
        }
        let count = spec.data.limit.map_or(images.len(), |limit| limit.min(images.len()));
        if count == 0 {
            return Err(EngineError::setting(
                "data.source",
                "There is no image to learn from: open some, or choose built-in ones.",
            ));
        }
        let history = start.map_or(Ok(Vec::new()), |model| continued_history(model, &experiment))?;
        let network =
            start.map_or_else(|| Autoencoder::new(plan, spec.seed, compute.device()), |model| model.network.clone());
        let split = data::split(count, spec.schedule.validation_share, spec.seed);
        let held_out = if split.validation.is_empty() { &split.train } else { &split.validation };
        let samples = Samples::new(images, held_out, spec.objective.corruption, spec.seed);
        let resident = ResidentImages::upload(compute, images, count)?;
        let epoch = history.len();
        let batch_size = spec.schedule.batch_size;
        Ok(Self {
            compute: compute.clone(),
            images: resident,
            samples,
            learner: Learner::new(network.clone(), &spec.schedule),
            keeper: Keeper::new(network),
            training: Pass::training(&split.train, batch_size, spec.seed, epoch),
            validation: Pass::validation(&split.validation, batch_size, spec.seed),
            step: epoch * split.train.len().div_ceil(batch_size),
            losses: PendingLosses::new(),
            epoch_losses: Vec::new(),
            validation_losses: PendingLosses::new(),
            validation_sum: WeightedSum::default(),
            pace: Pace::new(),
            end: None,
            history,
            split,
            experiment,
        })
    }

    /// Does one batch of work.
    ///
    /// # Errors
    /// When the device fails. The run cannot go on then.
    pub async fn advance(&mut self) -> Result<Advance, EngineError> {
        if let Some(end) = &self.end {
            return Ok(Advance::Ended(end.clone()));
        }
        if self.train_batch() {
            let losses = if self.losses.is_due() { self.read_losses().await? } else { Vec::new() };
            return Ok(Advance::Worked { losses });
        }
        let losses = self.read_losses().await?;
        if !losses.is_empty() {
            return Ok(Advance::Worked { losses });
        }
        if self.end.is_none() && self.validate_batch() {
            if self.validation_losses.is_due() {
                self.read_validation_losses().await?;
            }
            return Ok(Advance::Worked { losses });
        }
        self.read_validation_losses().await?;
        Ok(self.finish_epoch())
    }

    /// Reads the losses of all steps so far; a run that was paused has some.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn read_losses(&mut self) -> Result<Vec<f32>, EngineError> {
        let losses = self.losses.read().await?;
        if losses.is_empty() {
            return Ok(losses);
        }
        self.pace.note(losses.len() * self.batch_size());
        self.epoch_losses.extend(&losses);
        if !self.keeper.note_losses(&losses, || self.learner.snapshot()) {
            self.diverge();
        }
        // A chart has no place for what is no number.
        Ok(losses.into_iter().take_while(|loss| loss.is_finite()).collect())
    }

    /// Trains `count` steps without validation, and waits until the device has done them. Answers their losses.
    pub(crate) async fn steps(&mut self, count: usize) -> Result<Vec<f32>, EngineError> {
        for _ in 0..count {
            if !self.train_batch() {
                self.begin_pass();
                self.train_batch();
            }
        }
        self.read_losses().await
    }

    /// Ends the run here; the result is the best epoch's network, or the one in hand before an epoch is over.
    pub fn stop(&mut self) {
        self.finish(TrainingEnd::Stopped);
    }

    /// After a pause: the time that has passed does not count.
    pub fn resume(&mut self) {
        self.pace.restart();
    }

    /// What is being trained.
    pub const fn experiment(&self) -> &CheckedExperiment {
        &self.experiment
    }

    /// Steps done, those of earlier runs of a continued model included.
    pub const fn step(&self) -> usize {
        self.step
    }

    /// Images to train on, and to validate on.
    pub const fn image_counts(&self) -> [usize; 2] {
        [self.split.train.len(), self.split.validation.len()]
    }

    /// Where the run stands; `recent_losses` are those not yet told of.
    pub fn progress(&self, phase: TrainingPhase, recent_losses: Vec<f32>) -> Progress {
        let schedule = &self.experiment.spec().schedule;
        let steps = schedule.epochs * self.steps_per_epoch();
        let images_per_s = self.pace.images_per_s();
        let images_left = (steps - self.step) * self.batch_size();
        Progress {
            phase,
            epoch: (self.history.len() + 1).min(schedule.epochs),
            epochs: schedule.epochs,
            step: self.step,
            steps,
            recent_losses,
            images_per_s,
            remaining_s: if images_per_s > 0.0 { images_left as f32 / images_per_s } else { 0.0 },
            learning_rate: learning_rate(schedule, self.step.saturating_sub(1), self.steps_per_epoch()) as f32,
        }
    }

    /// Held-out images as the network sees them now.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn samples(&self) -> Result<SampleGrid, EngineError> {
        self.samples.show(&self.learner.snapshot(), &self.compute).await
    }

    /// The model as it is now.
    pub fn model(&self, name: String) -> Model {
        Model {
            name,
            network: self.learner.snapshot(),
            experiment: self.experiment.clone(),
            history: self.history.clone(),
            compute: self.compute.clone(),
        }
    }

    /// The model that came of it.
    pub fn into_model(self, name: String) -> Model {
        self.model(name)
    }

    fn batch_size(&self) -> usize {
        self.experiment.spec().schedule.batch_size
    }

    fn steps_per_epoch(&self) -> usize {
        self.split.train.len().div_ceil(self.batch_size())
    }

    /// Starts a training step, unless the epoch has none left.
    fn train_batch(&mut self) -> bool {
        let rate = learning_rate(&self.experiment.spec().schedule, self.step, self.steps_per_epoch());
        let objective = self.experiment.spec().objective;
        let Some(batch) = self.training.next_batch(&self.images, objective.corruption) else { return false };
        if self.experiment.plan().dropout > 0.0 {
            // Burn drops by the device's own generator: one seed a step keeps a run repeatable, taken up again or not.
            self.compute.device().seed(step_seed(self.experiment.spec().seed, self.step));
        }
        self.losses.push(self.learner.step(objective.loss, batch.input, batch.clean, rate));
        self.step += 1;
        true
    }

    /// Starts the validation of a batch, unless there is none left.
    fn validate_batch(&mut self) -> bool {
        let objective = self.experiment.spec().objective;
        let Some(Batch { input, clean }) = self.validation.next_batch(&self.images, objective.corruption) else {
            return false;
        };
        self.validation_sum.unread.push(clean.dims()[0]);
        self.validation_losses.push(reconstruction_loss(objective.loss, &self.learner.snapshot(), input, clean));
        true
    }

    async fn read_validation_losses(&mut self) -> Result<(), EngineError> {
        let losses = self.validation_losses.read().await?;
        let WeightedSum { sum, weight, unread } = &mut self.validation_sum;
        for (loss, samples) in losses.into_iter().zip(unread.drain(..)) {
            *sum += f64::from(loss) * samples as f64;
            *weight += samples;
        }
        Ok(())
    }

    fn finish_epoch(&mut self) -> Advance {
        if let Some(end) = &self.end {
            return Advance::Ended(end.clone());
        }
        let validated = std::mem::take(&mut self.validation_sum);
        let epoch_losses = std::mem::take(&mut self.epoch_losses);
        let mean = epoch_losses.iter().copied().map(f64::from).sum::<f64>() / epoch_losses.len() as f64;
        let record = EpochRecord {
            epoch: self.history.len() + 1,
            train_loss: mean as f32,
            validation_loss: (validated.weight > 0).then(|| (validated.sum / validated.weight as f64) as f32),
        };
        let score = record.validation_loss.unwrap_or(record.train_loss);
        if !score.is_finite() {
            self.diverge();
            return self.finish_epoch();
        }
        self.history.push(record);
        self.keeper.note_epoch(score, || self.learner.snapshot());
        self.begin_epoch_or_end();
        Advance::EpochDone(record)
    }

    fn begin_epoch_or_end(&mut self) {
        let schedule = &self.experiment.spec().schedule;
        let patience = schedule.early_stopping.map(|stopping| stopping.patience_epochs);
        if self.history.len() >= schedule.epochs {
            self.finish(TrainingEnd::Finished);
        } else if patience.is_some_and(|patience| self.keeper.epochs_without_improvement() >= patience) {
            self.finish(TrainingEnd::EarlyStopped);
        } else {
            self.begin_pass();
        }
    }

    fn begin_pass(&mut self) {
        let (batch_size, seed) = (self.batch_size(), self.experiment.spec().seed);
        self.training = Pass::training(&self.split.train, batch_size, seed, self.history.len());
        self.validation = Pass::validation(&self.split.validation, batch_size, seed);
    }

    fn finish(&mut self, end: TrainingEnd) {
        if let Some(best) = self.keeper.best() {
            self.learner.restore(best.clone());
        }
        self.end = Some(end);
    }

    fn diverge(&mut self) {
        let schedule = &self.experiment.spec().schedule;
        let clip = if schedule.gradient_clip_norm.is_none() {
            ", or clip the gradient (a norm of 1 is a good start)"
        } else {
            ""
        };
        let advice = format!(
            "The loss is no longer a number after {} steps: the last good weights are kept. Try a learning rate of {} instead of {}{clip}.",
            self.step,
            schedule.learning_rate / 10.0,
            schedule.learning_rate,
        );
        self.learner.restore(self.keeper.sound().clone());
        self.finish(TrainingEnd::Diverged(advice));
    }
}

fn continued_history(model: &Model, experiment: &CheckedExperiment) -> Result<Vec<EpochRecord>, EngineError> {
    if model.experiment.plan() != experiment.plan() {
        return Err(EngineError::setting(
            "network",
            "The model in hand is another network: train a fresh one, or choose the model's own settings.",
        ));
    }
    let epochs = model.history.len();
    if epochs >= experiment.spec().schedule.epochs {
        return Err(EngineError::setting(
            "schedule.epochs",
            format!("This model has been trained for {epochs} epochs already: ask for more epochs to go on."),
        ));
    }
    Ok(model.history.clone())
}
