//! What the page (or a test) asks of the engine.

use serde::{Deserialize, Serialize};

use crate::{Bytes, Corruption, Experiment, Floats, table::TableCommand};

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
    /// Adam's moments start anew.
    Continue,
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
    /// Take these as the opened images: one IDX file, or PNG and JPEG files. Answered by `DataOpened`.
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
    /// Corrupt a picture and clean it with the model in hand. Answered by `Denoised` with the same `request`.
    Denoise {
        /// Chosen by the asker; only the newest answer matters.
        request: u32,
        /// 784 grey values, 0 to 1.
        pixels: Floats,
        /// What to do to them first.
        corruption: Corruption,
        /// Same seed, same noise: the picture does not flicker while a slider moves.
        noise_seed: u64,
    },
    /// Centre a drawing as MNIST was: 20x20 box, centre of mass. Answered by `Centred`.
    Centre {
        /// Chosen by the asker.
        request: u32,
        /// Grey values, row by row: 0 paper, 255 ink.
        pixels: Bytes,
        /// Pixels in a row.
        width: usize,
        /// Rows.
        height: usize,
    },
    /// A sample that training does not see. Answered by `Sample`.
    Surprise {
        /// Which one.
        seed: u64,
    },
    /// Run a benchmark. Answered by `BenchStarted`, `BenchEnded`, `BenchDone`.
    Bench {
        /// Which.
        task: BenchTask,
    },
    /// Something about tables.
    Table(TableCommand),
}
