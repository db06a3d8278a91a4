//! Events: messages from the engine to the page (or a test), and the types that they contain.

use serde::{Deserialize, Serialize};

use crate::{
    Agreement, BenchTask, Bytes, ChangedPictures, Experiment, Floats, GeneratedPictures, GridShape, Inspection,
    Measurement, Picture, RunModel, Term, latent::LatentEvent, table::TableEvent,
};

/// Backend that the engine computes with.
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
    /// Backend.
    pub kind: DeviceKind,
    /// The adapter's name, or `CPU`.
    pub name: String,
    /// One sentence with the reason why the CPU is used instead of WebGPU; `None` if the device is the requested one.
    pub fallback_reason: Option<String>,
}

/// The opened images.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataSummary {
    /// Their source, for display: a file's name, or "3 images".
    pub name: String,
    /// Number of images.
    pub images: usize,
    /// Shape of each.
    pub shape: GridShape,
    /// Number of distinct labels; 0 without labels.
    pub classes: usize,
    /// Sentences for the user, such as about skipped files.
    pub warnings: Vec<String>,
    /// The first few images, one after the other: `shape.len()` bytes each, channel by channel.
    pub preview: Bytes,
    /// The pictures that were changed so that a network knows them.
    #[serde(default)]
    pub changed: ChangedPictures,
}

impl DataSummary {
    /// True if `other` describes the same changed pictures in the same shape: which of them are left as they are may
    /// differ.
    pub fn is_of_the_same_pictures(&self, other: &Self) -> bool {
        let files = |summary: &Self| {
            summary.changed.first.iter().map(|picture| (picture.file, picture.name.clone())).collect::<Vec<_>>()
        };
        let facts = |summary: &Self| (summary.images, summary.shape, summary.changed.total);
        self.name == other.name && self.changed.total > 0 && facts(self) == facts(other) && files(self) == files(other)
    }
}

/// The current model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelSummary {
    /// The name of its file, or of the experiment that trained it.
    pub name: String,
    /// The experiment that trained it.
    pub experiment: Experiment,
    /// Finished epochs, oldest first.
    pub history: Vec<EpochRecord>,
}

/// Losses of a finished epoch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpochRecord {
    /// Number of the epoch, counted from 1.
    pub epoch: usize,
    /// Mean loss over the epoch's batches.
    pub train_loss: f32,
    /// Mean loss over the validation samples after the epoch; `None` without validation samples.
    pub validation_loss: Option<f32>,
}

impl EpochRecord {
    /// Loss by which the best epoch is selected: the validation loss, without one the training loss.
    pub fn selection_loss(&self) -> f32 {
        self.validation_loss.unwrap_or(self.train_loss)
    }
}

/// Phase of a training run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrainingPhase {
    /// Preparing samples and compiling GPU kernels.
    Preparing,
    /// Training step by step.
    Running,
    /// Waiting for `Resume` or `Step`.
    Paused,
}

/// Progress of a training run, sent a few times per second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Phase.
    pub phase: TrainingPhase,
    /// Number of the current epoch, counted from 1.
    pub epoch: usize,
    /// Number of epochs of the whole run.
    pub epochs: usize,
    /// Number of finished steps of the whole run.
    pub step: usize,
    /// Number of steps of the whole run.
    pub steps: usize,
    /// Losses of the steps since the last `Progress`, oldest first; their indices are below `step`.
    pub recent_losses: Vec<f32>,
    /// Training images per second, over about the last second.
    pub images_per_s: f32,
    /// Estimated seconds left.
    pub remaining_s: f32,
    /// Learning rate of the last step.
    pub learning_rate: f32,
    /// Every term of the loss, unweighted, at the steps of `recent_losses`.
    pub recent_terms: Vec<TermLosses>,
    /// L2 norm of the gradient over all parameters, before clipping, at the last step that was read from the device.
    pub gradient_norm: f32,
}

/// Values of one term of the loss.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TermLosses {
    /// The term.
    pub term: Term,
    /// Unweighted value per step, oldest first.
    pub values: Vec<f32>,
}

/// A point of the learning-rate range test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TriedRate {
    /// The learning rate.
    pub learning_rate: f32,
    /// The exponentially smoothed loss at that rate.
    pub loss: f32,
}

/// Held-out samples, their corrupted inputs and their reconstructions, as grey or colour bytes for display: each buffer
/// holds `count` samples of `shape`. A table's rows are scaled from their own range to 0 to 255.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleGrid {
    /// Shape of each sample.
    pub shape: GridShape,
    /// Number of samples.
    pub count: usize,
    /// Clean samples.
    pub originals: Bytes,
    /// Corrupted inputs.
    pub noisy: Bytes,
    /// Reconstructions.
    pub rebuilt: Bytes,
}

/// Reason for the end of a training run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrainingEnd {
    /// All epochs are finished.
    Finished,
    /// The user stopped it; the best weights are kept.
    Stopped,
    /// The validation loss stopped improving; the best weights are kept.
    EarlyStopped,
    /// The loss is not finite; the last weights with a finite loss are kept. Holds a sentence with advice.
    Diverged(String),
}

/// The two networks of a finished run whose best epoch is not its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunModels {
    /// Number of the best epoch, counted from 1.
    pub best_epoch: usize,
    /// Number of the last finished epoch.
    pub last_epoch: usize,
    /// True if the run made further steps after `last_epoch`.
    pub has_more_steps: bool,
    /// The one that is the current model.
    pub current: RunModel,
}

/// Similarity of a picture to a reference picture; values from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Mean squared error.
    pub mse: f64,
    /// Peak signal-to-noise ratio in dB; infinite if the pictures are equal.
    pub psnr_db: f64,
    /// Structural similarity (Wang et al. 2004), 11x11 Gaussian window of sigma 1.5.
    pub ssim: f64,
}

/// A noisy and a denoised picture, each compared with the clean one, in the model's input shape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DenoisedPicture {
    /// Shape of both pictures.
    pub shape: GridShape,
    /// Corrupted input of the network.
    pub noisy: Floats,
    /// Code of the corrupted input.
    pub code: LatentCode,
    /// Reconstruction from the code.
    pub denoised: Floats,
    /// The noisy picture against the clean one.
    pub noisy_quality: Quality,
    /// The denoised picture against the clean one.
    pub denoised_quality: Quality,
    /// Mean squared error of the denoised picture where the corruption has hidden the clean one; `None` if it hides
    /// nothing.
    pub hidden_mse: Option<f64>,
    /// Probability of each class by the classifier on the code; empty without a classifier.
    pub class_probabilities: Floats,
    /// The reference model's output for the same input; `None` without one that reads pictures of this shape.
    pub reference: Option<Box<ReferencePicture>>,
}

/// Output of the reference model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferencePicture {
    /// The picture, of the shape of its input.
    pub denoised: Floats,
    /// The picture against the clean one.
    pub quality: Quality,
    /// Mean squared error where the corruption has hidden the clean picture; `None` if it hides nothing.
    pub hidden_mse: Option<f64>,
}

/// Code of one sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LatentCode {
    /// Shape; a vector of n units is n channels of 1x1, a sequence one channel with a row per step.
    pub shape: GridShape,
    /// Values of the units; of a variational code their means.
    pub values: Floats,
    /// Standard deviations of a variational code's units; empty for any other code.
    pub deviations: Floats,
    /// Index of the codebook vector at each position of a vector-quantised code; empty for any other code.
    pub indices: Vec<u32>,
}

/// Result of a benchmark.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BenchReport {
    /// The task.
    pub task: BenchTask,
    /// The device that it ran on.
    pub device: DeviceInfo,
    /// Steps per second, median over the timed rounds.
    pub steps_per_s: f64,
    /// Steps per second of the slowest round.
    pub steps_per_s_min: f64,
    /// Steps per second of the fastest round.
    pub steps_per_s_max: f64,
    /// Milliseconds from the task's start (samples, weights, kernels) to the end of its first step.
    pub time_to_first_step_ms: f64,
    /// Number of timed steps, all rounds together.
    pub steps: usize,
    /// Losses of all steps, warm-up included, to compare devices by; empty for a task that trains nothing.
    pub losses: Vec<f32>,
    /// Rows or images per step.
    pub rows_per_step: usize,
    /// Largest size of the wasm module's memory; `None` natively.
    pub peak_memory_bytes: Option<f64>,
    /// Median milliseconds per step.
    pub median_ms: f64,
}

/// Category of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// A setting is out of range.
    Setting,
    /// A file cannot be read as what it was opened as.
    File,
    /// The GPU failed or was lost: restart on the CPU from the last checkpoint.
    Device,
    /// The command does not apply in the current state (`Pause` without a run).
    State,
}

/// A command that could not be carried out. The session's data, model and run are unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Category.
    pub kind: FailureKind,
    /// One or two sentences: what was wrong, where, and a remedy.
    pub message: String,
}

/// A message from the engine to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Answer to `Start`: the engine is ready.
    Ready(DeviceInfo),
    /// Answer to `OpenImages`.
    DataOpened(DataSummary),
    /// There is a new current model.
    ModelReady(Box<ModelSummary>),
    /// There is a new reference model.
    ReferenceReady(Box<ModelSummary>),
    /// Answer to `SaveModel`: the current model as a `.safetensors` file.
    ModelSaved(Bytes),
    /// A training run begins.
    TrainingStarted {
        /// Number of training samples.
        train_images: usize,
        /// Number of validation samples.
        validation_images: usize,
    },
    /// Progress of the run.
    Progress(Progress),
    /// An epoch is finished.
    EpochDone(EpochRecord),
    /// Reconstructions of held-out samples with the current weights.
    Samples(SampleGrid),
    /// The model in training as a file to resume from: sent after the first second, then every few seconds and at the
    /// end. Unlike a saved model, it holds the state of the optimiser and of the run.
    Checkpoint(Bytes),
    /// A warning about the run, such as a collapsed code; training continues.
    Warning(String),
    /// The run has ended; the current model is its result.
    TrainingEnded(TrainingEnd),
    /// The networks of the finished run, if they differ; sent after a run and in answer to `SelectRunModel`.
    RunModels(RunModels),
    /// Learning rates tried since the last of these events.
    LearningRateTried(Vec<TriedRate>),
    /// Answer to `FindLearningRate`.
    LearningRateFound {
        /// A tenth of the rate of lowest loss, or the rate of steepest descent, whichever is lower; `None` if the loss
        /// never fell.
        suggestion: Option<f32>,
    },
    /// Answer to `Inspect`.
    Inspected(Box<Inspection>),
    /// Answer to `Measure`; also sent at the end of a run.
    Measured(Vec<Measurement>),
    /// Answer to `Denoise`.
    Denoised {
        /// The command's number.
        request: u32,
        /// The clean picture: the drawing, centred; or the command's picture as it came.
        clean: Picture,
        /// The noisy and the denoised picture, with their quality; `None` without a model that reads pictures.
        comparison: Option<DenoisedPicture>,
    },
    /// Answer to `Decode`.
    Decoded {
        /// The command's number.
        request: u32,
        /// The reconstruction.
        picture: Picture,
    },
    /// Answer to `Generate`.
    Generated {
        /// The command's number.
        request: u32,
        /// The pictures.
        pictures: GeneratedPictures,
    },
    /// Answer to `RandomSample`.
    Sample(Picture),
    /// The timed part of a benchmark begins.
    BenchStarted,
    /// The timed part of a benchmark ends.
    BenchEnded {
        /// Number of timed steps.
        steps: usize,
    },
    /// Answer to `Bench`.
    BenchDone(BenchReport),
    /// Answer to `Compare` and `CompareDevices`, one entry per case.
    Compared(Vec<Agreement>),
    /// An event of the Tables lab.
    Table(TableEvent),
    /// An event of the lab "Latent space".
    Latent(LatentEvent),
    /// A command could not be carried out.
    Failed(Failure),
}
