//! What the page (or a test) asks of the engine.

use serde::{Deserialize, Serialize};

use crate::{Bytes, Corruption, Experiment, Measure, Picture, Reference, table::TableCommand};

/// Where to compute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DevicePreference {
    /// WebGPU if a real (not software) adapter answers, else the CPU.
    #[default]
    Auto,
    /// WebGPU, a software adapter too; the CPU, with the reason, if there is none.
    WebGpu,
    /// The CPU.
    Cpu,
}

/// A file that the user opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedFile {
    /// Its name, to speak of it in messages.
    pub name: String,
    /// All of it.
    pub bytes: Bytes,
}

/// What a training run starts from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrainingStart {
    /// New weights from the seed.
    #[default]
    Fresh,
    /// The model in hand, whose network must be the experiment's; counts on from its last finished epoch.
    /// From a checkpoint of the same optimiser it goes on as if it had never stopped, from another model with new moments.
    Continue,
    /// New weights, but those parts of the model in hand that are reused; its shapes must fit.
    Transfer {
        /// Which parts.
        reuse: Reuse,
    },
    /// New weights; the target is what the model in hand makes of each input (Hinton et al. 2015).
    Distil,
}

/// Parts of an old model that a new one begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reuse {
    /// Encoder, bottleneck and decoder.
    #[default]
    All,
    /// Encoder and bottleneck: a new decoder on an old encoder.
    Encoder,
    /// The decoder alone.
    Decoder,
}

/// One of the networks that a finished run has left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunModel {
    /// That of the epoch with the lowest validation loss; without any, with the lowest training loss.
    #[default]
    Best,
    /// As the last step left it.
    Last,
}

/// A benchmark with a fixed meaning; see the README's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BenchTask {
    /// Train 784-256-64-256-784, batch 128, 10,000 resident images: steps a second.
    T1,
    /// Train the convolutional denoiser 1-32-64, noise 0.2: steps a second.
    T2,
    /// Denoise one image: median milliseconds, read-back included.
    T3,
    /// Score 284,807 rows of 30 features with 30-16-8-16-30, from host memory to host scores.
    T4,
    /// Read a CSV file of 284,807 rows and 31 columns (104 MB) to columns of f32, by all rules of quoting.
    T5,
    /// Train the preset `lstm`, batch 128, 10,000 resident images: steps a second.
    T6,
    /// Train the preset `gru`, likewise.
    T7,
    /// Train the preset `transformer`, likewise.
    T8,
}

impl BenchTask {
    /// Every task.
    pub const ALL: [Self; 8] = [Self::T1, Self::T2, Self::T3, Self::T4, Self::T5, Self::T6, Self::T7, Self::T8];

    /// The task of that name, such as `T1`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|task| task.name() == name)
    }

    /// Its name in addresses and on the command line.
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

/// One thing to do. Every command is answered by at least one event; `Failed` if it could not be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// First of all: choose the device. Answered by `Ready`.
    Start {
        /// [`crate::PROTOCOL_VERSION`] of the sender.
        protocol_version: u32,
        /// Where to compute.
        device: DevicePreference,
    },
    /// Take these as the opened images: an IDX file (and one of labels), or PNG and JPEG files. Answered by `DataOpened`.
    OpenImages {
        /// In the order chosen.
        files: Vec<NamedFile>,
    },
    /// Take this model file. Answered by `ModelReady`; the model in hand stays if the file is refused.
    OpenModel {
        /// The `.safetensors` file.
        file: NamedFile,
    },
    /// Write the model in hand. Answered by `ModelSaved`.
    SaveModel,
    /// Train. Answered by `TrainingStarted`, `Progress`, `EpochDone`, `Checkpoint` and at last `TrainingEnded`.
    Train {
        /// What to train; boxed, as it is much larger than the other commands.
        experiment: Box<Experiment>,
        /// New weights, or those in hand.
        start: TrainingStart,
    },
    /// Wait before the next step. Answered by `Progress` with phase `Paused`.
    Pause,
    /// Go on. Answered by `Progress` with phase `Running`.
    Resume,
    /// While paused, one step. Answered by `Progress`.
    Step,
    /// End training and keep the best weights. Answered by `TrainingEnded`.
    Stop,
    /// Take the other network of the run that has ended as the model in hand. Answered by `RunModels`, then by `Samples`,
    /// `Checkpoint` and `Measured`.
    TakeRunModel {
        /// Which.
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
    /// A sample that training does not see. Answered by `Sample`.
    RandomSample {
        /// Which one.
        seed: u64,
    },
    /// Run a benchmark. Answered by `BenchStarted`, `BenchEnded`, `BenchDone`.
    Bench {
        /// Which.
        task: BenchTask,
    },
    /// Compare the engine with reference values of `crates/engine/tests/reference/family`. Answered by `Compared`.
    Compare {
        /// What they are about.
        reference: Reference,
        /// The file that holds them.
        file: Bytes,
    },
    /// Compare the losses of two training steps on this device and on the CPU. Answered by `Compared`, of one case.
    CompareDevices {
        /// Its network, objective, optimiser and seed; the samples are eight built-in digits.
        experiment: Box<Experiment>,
        /// What both start from; a model that this needs is an untrained one.
        start: TrainingStart,
    },
    /// Try learning rates from very small to too large on a copy that is thrown away (Smith 2017). Answered by
    /// `LearningRateTried` after every few steps and at last `LearningRateFound`; `Stop` ends it.
    FindLearningRate {
        /// What would be trained, from new weights.
        experiment: Box<Experiment>,
    },
    /// Look into the network in training, or the one in hand. Answered by `Inspected`.
    Inspect,
    /// Measure the model in hand on samples of its experiment that training did not see. Answered by `Measured`.
    Measure {
        /// What; an empty list asks for what shows that this model does what it is made for.
        measures: Vec<Measure>,
    },
    /// Something about tables.
    Table(TableCommand),
}
