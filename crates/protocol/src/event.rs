//! What the engine answers.

use serde::{Deserialize, Serialize};

use crate::{
    Agreement, BenchTask, Bytes, Experiment, Floats, GridShape, Inspection, Measurement, Picture, RunModel, Term,
    table::TableEvent,
};

/// What computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    /// Burn on WebGPU.
    WebGpu,
    /// Burn Flex.
    Cpu,
}

/// The device in use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceInfo {
    /// What computes.
    pub kind: DeviceKind,
    /// The adapter's own name, or `CPU`.
    pub name: String,
    /// Why it is not the WebGPU that was asked for, in one sentence.
    pub fallback_reason: Option<String>,
}

/// The images in hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataSummary {
    /// Where from, for people: a file's name, or "3 images".
    pub name: String,
    /// How many.
    pub images: usize,
    /// Size and channels of each.
    pub shape: GridShape,
    /// Different labels; 0 without labels.
    pub classes: usize,
    /// What was done that the user should know, such as files passed over.
    pub warnings: Vec<String>,
    /// The first few, bytes of `shape` each, channel by channel.
    pub preview: Bytes,
}

/// The model in hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelSummary {
    /// A file's name, or what trained it.
    pub name: String,
    /// The experiment that made it.
    pub experiment: Experiment,
    /// Its epochs so far.
    pub history: Vec<EpochRecord>,
}

/// One finished epoch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpochRecord {
    /// Counted from 1.
    pub epoch: usize,
    /// Mean loss of the epoch's batches.
    pub train_loss: f32,
    /// Mean loss of the validation images after the epoch; `None` without any.
    pub validation_loss: Option<f32>,
}

impl EpochRecord {
    /// What epochs are compared by, the lower the better: the validation loss, without one the training loss.
    pub fn score(&self) -> f32 {
        self.validation_loss.unwrap_or(self.train_loss)
    }
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrainingPhase {
    /// Making data, compiling the GPU's programs.
    Preparing,
    /// Stepping.
    Running,
    /// Waiting for Resume or Step.
    Paused,
}

/// News of a run, some times a second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Where it stands.
    pub phase: TrainingPhase,
    /// The epoch under way, from 1.
    pub epoch: usize,
    /// All epochs.
    pub epochs: usize,
    /// Steps done in the whole run.
    pub step: usize,
    /// All steps.
    pub steps: usize,
    /// Losses of the steps since the last news, oldest first, all below `step`.
    pub recent_losses: Vec<f32>,
    /// Training images a second, over the last second or so.
    pub images_per_s: f32,
    /// Seconds left at that rate.
    pub remaining_s: f32,
    /// Learning rate of the last step.
    pub learning_rate: f32,
    /// Every term of the loss, unweighted, for the steps of `recent_losses`.
    pub recent_terms: Vec<TermLosses>,
    /// L2 norm of the whole gradient at the last step that was read, before clipping.
    pub gradient_norm: f32,
}

/// One term's values, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TermLosses {
    /// Which.
    pub term: Term,
    /// One for each step.
    pub values: Vec<f32>,
}

/// A learning rate that was tried, and the smoothed loss there.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TriedRate {
    /// The rate.
    pub learning_rate: f32,
    /// Exponentially smoothed loss.
    pub loss: f32,
}

/// Held-out samples, what the network saw of them, and what it made of that: `count` of `shape`, as bytes, in each.
/// A table's rows are spread over their own range, so that they can be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleGrid {
    /// Of each.
    pub shape: GridShape,
    /// How many.
    pub count: usize,
    /// Clean.
    pub originals: Bytes,
    /// Corrupted.
    pub noisy: Bytes,
    /// Reconstructed.
    pub rebuilt: Bytes,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrainingEnd {
    /// All epochs done.
    Finished,
    /// The user stopped it; the best weights are kept.
    Stopped,
    /// The validation loss stopped improving; the best weights are kept.
    EarlyStopped,
    /// The loss is no longer a number; the last good weights are kept. Holds what to try.
    Diverged(String),
}

/// The networks that a run has left, where the best epoch's is another than the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunModels {
    /// The epoch that was best, counted from 1.
    pub best_epoch: usize,
    /// The last epoch that was finished.
    pub last_epoch: usize,
    /// Whether steps were taken after it.
    pub has_more_steps: bool,
    /// Which of them is the model in hand.
    pub in_hand: RunModel,
}

/// Likeness of two pictures with values 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Mean squared error.
    pub mse: f64,
    /// Peak signal-to-noise ratio, dB; infinite when equal.
    pub psnr_db: f64,
    /// Structural similarity (Wang et al. 2004), 11x11 Gaussian window of sigma 1.5.
    pub ssim: f64,
}

/// A noisy and a denoised picture, each compared with the clean one, in the model's input shape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Of each.
    pub shape: GridShape,
    /// Corrupted input of the network.
    pub noisy: Floats,
    /// Reconstruction from the corrupted input.
    pub denoised: Floats,
    /// The noisy picture against the clean one.
    pub noisy_quality: Quality,
    /// The denoised picture against the clean one.
    pub denoised_quality: Quality,
}

/// A benchmark's result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BenchReport {
    /// Which task.
    pub task: BenchTask,
    /// Where.
    pub device: DeviceInfo,
    /// Median over the timed rounds.
    pub steps_per_s: f64,
    /// Slowest round.
    pub steps_per_s_min: f64,
    /// Fastest round.
    pub steps_per_s_max: f64,
    /// From the task's start (data, weights, kernels) to the end of its first step.
    pub time_to_first_step_ms: f64,
    /// Timed steps in all.
    pub steps: usize,
    /// Losses of all steps from the very first, warm-up included, so that two devices can be compared (empty where nothing is trained).
    pub losses: Vec<f32>,
    /// Rows or images of a step, to count those a second.
    pub rows_per_step: usize,
    /// All memory that the engine's module ever took; `None` natively.
    pub peak_memory_bytes: Option<f64>,
    /// Median milliseconds a step.
    pub median_ms: f64,
}

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// A setting is out of range.
    Setting,
    /// A file is not what it should be.
    File,
    /// The GPU failed or was lost: start again on the CPU with the last checkpoint.
    Device,
    /// The command makes no sense now (Pause without a run).
    State,
}

/// Something that could not be done. Nothing in hand was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind.
    pub kind: FailureKind,
    /// What was wrong, where, and what to do next: one or two sentences.
    pub message: String,
}

/// One piece of news.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The engine can be used.
    Ready(DeviceInfo),
    /// Images were opened.
    DataOpened(DataSummary),
    /// There is a model in hand.
    ModelReady(Box<ModelSummary>),
    /// The model in hand as a file.
    ModelSaved(Bytes),
    /// A run begins: how many images train and validate.
    TrainingStarted {
        /// Images to train on.
        train_images: usize,
        /// Images to validate on.
        validation_images: usize,
    },
    /// News of the run.
    Progress(Progress),
    /// An epoch is done.
    EpochDone(EpochRecord),
    /// Held-out images as the network sees them now.
    Samples(SampleGrid),
    /// The model so far as a file, to resume from: after the first second, then every few seconds and each end. It holds
    /// what the run needs to be taken up as if it had never stopped, which a saved model does not.
    Checkpoint(Bytes),
    /// Something about the run that the user should know, such as a collapsed code; the run goes on.
    Warning(String),
    /// The run is over and the model in hand is its result.
    TrainingEnded(TrainingEnd),
    /// After a run, or in answer to `TakeRunModel`: there is a choice between the best epoch's network and the last.
    RunModels(RunModels),
    /// Rates that were tried since the last news.
    LearningRateTried(Vec<TriedRate>),
    /// All rates were tried. `suggestion` is where the loss fell most steeply; `None` if it never fell.
    LearningRateFound {
        /// A tenth of the rate where the loss was lowest, or where it fell most steeply, whichever is lower.
        suggestion: Option<f32>,
    },
    /// Answer to `Inspect`.
    Inspected(Box<Inspection>),
    /// Answer to `Measure`; also sent by itself when a run ends.
    Measured(Vec<Measurement>),
    /// Answer to `Denoise`.
    Denoised {
        /// The command's number.
        request: u32,
        /// The clean picture: the drawing, centred; or the command's picture as it came.
        clean: Picture,
        /// The noisy and the denoised picture, with their quality; `None` without a model that reads pictures.
        comparison: Option<Comparison>,
    },
    /// Answer to `RandomSample`.
    Sample(Picture),
    /// The timed part of a benchmark begins.
    BenchStarted,
    /// The timed part of a benchmark ends, after so many steps.
    BenchEnded {
        /// Timed steps.
        steps: usize,
    },
    /// A benchmark's result.
    BenchDone(BenchReport),
    /// Answer to `Compare` and `CompareDevices`: every case.
    Compared(Vec<Agreement>),
    /// Something about tables.
    Table(TableEvent),
    /// Something could not be done.
    Failed(Failure),
}
