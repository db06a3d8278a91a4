//! Commands: messages from the page (or a test) to the engine.

use serde::{Deserialize, Serialize};

use crate::{
    Bytes, Corruption, Experiment, Floats, Measure, Picture, ReferenceKind, latent::LatentCommand, table::TableCommand,
};

/// The device to compute on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DevicePreference {
    /// WebGPU if there is a hardware adapter (no software adapter), else the CPU.
    #[default]
    Auto,
    /// WebGPU, also on a software adapter; without any adapter the CPU, with the reason in [`crate::DeviceInfo`].
    WebGpu,
    /// The CPU.
    Cpu,
}

/// Most detailed level of the engine's log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// No log.
    #[default]
    Off,
    /// Files opened, runs and their epochs, jobs and their results; warnings and errors.
    Info,
    /// As `Info`, and every command and checkpoint.
    Debug,
    /// As `Debug`, and every step, every slice of a job, and the WGSL of every kernel that is compiled.
    Trace,
}

/// A file that the user opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedFile {
    /// Name, for messages.
    pub name: String,
    /// Whole content.
    pub bytes: Bytes,
}

/// Start of a training run: the weights that it begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrainingStart {
    /// New weights from the seed.
    #[default]
    Fresh,
    /// The current model, whose network must be the experiment's. Epochs are counted from its last finished one. From a
    /// checkpoint of the same optimiser the run is resumed exactly; from any other model the optimiser's moments are
    /// new.
    Continue,
    /// New weights, except for the reused parts of the current model, whose shapes must match.
    Transfer {
        /// The reused parts.
        reuse: Reuse,
    },
    /// New weights; the target is the current model's reconstruction of each input (distillation, Hinton et al. 2015).
    Distil,
}

/// Parts of the current model that a new one reuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reuse {
    /// Encoder, bottleneck and decoder.
    #[default]
    All,
    /// Encoder and bottleneck; the decoder is new.
    Encoder,
    /// The decoder only.
    Decoder,
}

/// One of the two networks that a finished run keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunModel {
    /// Weights of the epoch with the lowest validation loss (without validation, the lowest training loss).
    #[default]
    Best,
    /// Weights after the last step.
    Last,
}

/// A benchmark task with fixed settings; see the README's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BenchTask {
    /// Train 784-256-64-256-784, batch 128, 10,000 resident images: steps per second.
    T1,
    /// Train the convolutional denoiser 1-32-64, noise 0.2: steps per second.
    T2,
    /// Denoise one image: median milliseconds, read-back included.
    T3,
    /// Score 284,807 rows of 30 features with 30-16-8-16-30, from host memory to host scores.
    T4,
    /// Read a CSV file of 284,807 rows and 31 columns (104 MB) to columns of f32, with quoting (RFC 4180).
    T5,
    /// Train the preset `lstm`, batch 128, 10,000 resident images: steps per second.
    T6,
    /// Train the preset `gru`, batch 128, 10,000 resident images: steps per second.
    T7,
    /// Train the preset `transformer`, batch 128, 10,000 resident images: steps per second.
    T8,
}

impl BenchTask {
    /// Every task.
    pub const ALL: [Self; 8] = [Self::T1, Self::T2, Self::T3, Self::T4, Self::T5, Self::T6, Self::T7, Self::T8];

    /// Returns the task of that name, such as `T1`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|task| task.name() == name)
    }

    /// Name in links and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::T1 => "T1",
            Self::T2 => "T2",
            Self::T3 => "T3",
            Self::T4 => "T4",
            Self::T5 => "T5",
            Self::T6 => "T6",
            Self::T7 => "T7",
            Self::T8 => "T8",
        }
    }
}

/// The clean picture that [`Command::Denoise`] corrupts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DenoiseSource {
    /// A drawing, centred as MNIST's digits are (a box of 20/28 of the shorter side, the centre of mass in the middle) in a
    /// picture of the current model's input shape; of 28x28 where there is no model or it reads no pictures.
    Drawing {
        /// Grey values, row by row: 0 paper, 255 ink.
        pixels: Bytes,
        /// Pixels per row.
        width: usize,
        /// Rows.
        height: usize,
    },
    /// A picture; it is fitted to the model's input shape.
    Picture(Picture),
}

/// A message from the page to the engine. Every command is answered by at least one event; by `Failed` if it could not
/// be carried out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Choose the device; the first command of all. Answered by `Ready`.
    Start {
        /// The sender's [`crate::PROTOCOL_VERSION`].
        protocol_version: u32,
        /// The device to compute on.
        device: DevicePreference,
        /// Level of the log. A page of an older version sends none.
        #[serde(default)]
        log: LogLevel,
    },
    /// Open image files: an IDX file (and one of labels), or PNG and JPEG files. Answered by `DataOpened`.
    OpenImages {
        /// Files in the order in which they were chosen.
        files: Vec<NamedFile>,
        /// Indices of the files whose picture is left as it is: neither inverted nor stretched, evened out or cropped.
        /// A page of an older version sends none.
        #[serde(default)]
        as_is: Vec<usize>,
    },
    /// Open a model file. Answered by `ModelReady`; if the file is refused, the current model stays.
    OpenModel {
        /// The `.safetensors` file.
        file: NamedFile,
    },
    /// Open a model file as the reference with which pictures are denoised too, to compare the current model with it.
    /// Answered by `ReferenceReady`; if the file is refused, the current reference stays.
    OpenReference {
        /// The `.safetensors` file.
        file: NamedFile,
    },
    /// Serialise the current model. Answered by `ModelSaved`.
    SaveModel,
    /// Train. Answered by `TrainingStarted`, then by `Progress`, `EpochDone` and `Checkpoint`, and finally by
    /// `TrainingEnded`.
    Train {
        /// Experiment to train; boxed, as it is much larger than the other commands.
        experiment: Box<Experiment>,
        /// Initial weights: new ones, or those of the current model.
        start: TrainingStart,
    },
    /// Emit a `Checkpoint` at the end of the current step, as when the page is hidden and may be closed next. Without a
    /// run nothing happens.
    Checkpoint,
    /// Pause before the next step. Answered by `Progress` with phase `Paused`.
    Pause,
    /// Resume training. Answered by `Progress` with phase `Running`.
    Resume,
    /// Train one step while paused. Answered by `Progress`.
    Step,
    /// Stop training and keep the best weights. Answered by `TrainingEnded`.
    Stop,
    /// Make one of the finished run's networks the current model. Answered by `RunModels`, then by `Samples`,
    /// `Checkpoint` and `Measured`.
    SelectRunModel {
        /// The network.
        which: RunModel,
    },
    /// Corrupt a drawing or a picture and denoise it with the current model. Answered by `Denoised` with the same
    /// `request`; without a model that reads pictures the answer holds the clean picture alone.
    Denoise {
        /// Number chosen by the sender, which the answer repeats: only the newest answer matters.
        request: u32,
        /// The clean picture.
        source: DenoiseSource,
        /// Corruption of the model's input.
        corruption: Corruption,
        /// Seed of the corruption. The same seed draws the same noise, so the picture does not flicker while a slider moves.
        noise_seed: u64,
    },
    /// Reconstruct a picture from a code with the current model's decoder alone; skip connections read zeros. Answered by
    /// `Decoded` with the same `request`.
    Decode {
        /// Number chosen by the sender, which the answer repeats: only the newest answer matters.
        request: u32,
        /// The code, of the model's latent size.
        code: Floats,
    },
    /// Decode codes that belong to no input: draws of the prior, or the plane of a code of two numbers. Answered by
    /// `Generated` with the same `request`; by `Failed` for a model without either ([`crate::CodeOrigin::of`]).
    Generate {
        /// Number chosen by the sender, which the answer repeats: only the newest answer matters.
        request: u32,
        /// Seed of the draws.
        seed: u64,
    },
    /// Draw a sample that training does not see. Answered by `Sample`.
    RandomSample {
        /// Seed of the draw.
        seed: u64,
    },
    /// Run a benchmark. Answered by `BenchStarted`, `BenchEnded`, `BenchDone`.
    Bench {
        /// The task.
        task: BenchTask,
    },
    /// Compare the engine with PyTorch's values of `crates/engine/tests/reference/family`. Answered by `Compared`.
    Compare {
        /// Kind of values in the file.
        reference: ReferenceKind,
        /// The file of reference values.
        file: Bytes,
    },
    /// Compare the losses of two training steps on this device and on the CPU. Answered by `Compared` with one case.
    CompareDevices {
        /// Network, objective, optimiser and seed; the samples are eight built-in digits.
        experiment: Box<Experiment>,
        /// Start of both runs; where it needs a current model, an untrained one is used.
        start: TrainingStart,
    },
    /// Learning-rate range test (Smith 2017): train a temporary copy with rates from very small to too large. Answered
    /// by `LearningRateTried` after every few steps and finally by `LearningRateFound`; `Stop` ends it.
    FindLearningRate {
        /// Experiment to train, from new weights.
        experiment: Box<Experiment>,
    },
    /// Inspect the layers of the network in training, else of the current model. Answered by `Inspected`.
    Inspect,
    /// Measure the current model on held-out samples of its experiment. Answered by `Measured`.
    Measure {
        /// Measures to take; if empty, those that suit the experiment.
        measures: Vec<Measure>,
    },
    /// A command of the Tables lab.
    Table(TableCommand),
    /// A command of the lab "Latent space".
    Latent(LatentCommand),
}

impl Command {
    /// Name of the command, for the log; that of a lab's command begins with the lab, as in `table.fit`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Start { .. } => "start",
            Self::OpenImages { .. } => "open_images",
            Self::OpenModel { .. } => "open_model",
            Self::OpenReference { .. } => "open_reference",
            Self::SaveModel => "save_model",
            Self::Train { .. } => "train",
            Self::Checkpoint => "checkpoint",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Step => "step",
            Self::Stop => "stop",
            Self::SelectRunModel { .. } => "select_run_model",
            Self::Denoise { .. } => "denoise",
            Self::Decode { .. } => "decode",
            Self::Generate { .. } => "generate",
            Self::RandomSample { .. } => "random_sample",
            Self::Bench { .. } => "bench",
            Self::Compare { .. } => "compare",
            Self::CompareDevices { .. } => "compare_devices",
            Self::FindLearningRate { .. } => "find_learning_rate",
            Self::Inspect => "inspect",
            Self::Measure { .. } => "measure",
            Self::Table(command) => command.name(),
            Self::Latent(command) => command.name(),
        }
    }
}
