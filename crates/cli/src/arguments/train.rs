//! What can be typed about training.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pinhole_protocol::{Corruption, ImageSource, LearningRateSchedule, Optimiser, ReconstructionLoss, Reuse};

use super::{
    DeviceChoice, ReadArguments,
    values::{Setting, parse_loss, parse_optimiser, parse_schedule},
};

/// What is trained: an experiment, with single settings of it changed.
#[derive(Debug, Args)]
pub struct ExperimentArguments {
    /// Where to start from; `pinhole presets` lists them. The other options change single settings of it.
    #[arg(long, default_value = "article", conflicts_with = "experiment")]
    pub preset: String,
    /// Start from an experiment written as JSON instead.
    #[arg(long, value_name = "FILE")]
    pub experiment: Option<PathBuf>,
    /// Change any setting by its name in the JSON: network.dropout=0.2, schedule.part_rates.encoder=0,
    /// 'network.encoder=[{"dense":{"width":128}}]'; can be given several times, and comes after all other options.
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<Setting>,
    /// Train on these images: IDX files (plain or .gz), with or without their labels, or PNG and JPEG files.
    #[arg(long, num_args = 1.., value_name = "FILE", conflicts_with_all = ["data", "table"])]
    pub images: Vec<PathBuf>,
    /// Train on built-in images.
    #[arg(long, value_enum, conflicts_with = "table")]
    pub data: Option<BuiltIn>,
    /// Train on the rows of this table. A preset's network is given their width.
    #[arg(long, value_name = "FILE")]
    pub table: Option<PathBuf>,
    /// The table's column with the labels, for a classifier. Without it, a column that looks like one is taken, and named.
    #[arg(long, value_name = "COLUMN", requires = "table")]
    pub label: Option<String>,
    #[command(flatten, next_help_heading = "Reading a table")]
    pub reading: ReadArguments,
    /// Use at most so many images (or generate so many).
    #[arg(long)]
    pub limit: Option<usize>,
    /// What is done to the input: kind:level, such as gaussian:0.5, salt-and-pepper:0.2, masking:0.3; gaussian:0-0.5
    /// varies the level from image to image; none.
    #[arg(long)]
    pub corrupt: Option<Corruption>,
    /// Numbers in the code.
    #[arg(long)]
    pub latent: Option<usize>,
    /// How the reconstruction is compared: mse, mae, huber, bce, gaussian, ssim or features.
    #[arg(long, value_parser = parse_loss)]
    pub loss: Option<ReconstructionLoss>,
    /// Fixes weights, split, shuffling and noise.
    #[arg(long)]
    pub seed: Option<u64>,
    #[command(flatten)]
    pub schedule: ScheduleArguments,
    /// Where to compute.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceChoice,
}

/// How training proceeds.
#[derive(Debug, Args)]
#[command(next_help_heading = "Training")]
pub struct ScheduleArguments {
    /// Passes over the images.
    #[arg(long)]
    pub epochs: Option<usize>,
    /// Images a batch.
    #[arg(long)]
    pub batch_size: Option<usize>,
    /// Batches whose mean gradient makes one step.
    #[arg(long, value_name = "BATCHES")]
    pub accumulate: Option<usize>,
    /// What makes steps of gradients: adam, adamw, sgd, sgd:MOMENTUM, rmsprop, lamb or lion.
    #[arg(long, value_parser = parse_optimiser)]
    pub optimiser: Option<Optimiser>,
    /// The optimiser's step size at the start.
    #[arg(long)]
    pub learning_rate: Option<f32>,
    /// How the learning rate moves: constant, cosine, restarts:EPOCHS:FACTOR, step:EPOCHS:FACTOR, exponential:FACTOR or
    /// plateau:EPOCHS:FACTOR.
    #[arg(long, value_parser = parse_schedule)]
    pub schedule: Option<LearningRateSchedule>,
    /// Share of all steps over which the learning rate first rises, 0 to 0.5.
    #[arg(long, value_name = "SHARE")]
    pub warm_up: Option<f32>,
    /// Weight decay, as the optimiser understands it.
    #[arg(long)]
    pub weight_decay: Option<f32>,
    /// Longest gradient (L2 norm); longer ones are scaled down.
    #[arg(long)]
    pub clip_norm: Option<f32>,
    /// Largest value of a gradient, either way.
    #[arg(long)]
    pub clip_value: Option<f32>,
    /// Do not change this part; for a part that is reused.
    #[arg(long, value_enum)]
    pub freeze: Option<Frozen>,
    /// Keep a moving average of the weights, with this decay, such as 0.99.
    #[arg(long, value_name = "DECAY")]
    pub moving_average: Option<f32>,
    /// Recompute activations instead of keeping them: less memory, more time.
    #[arg(long)]
    pub checkpointing: bool,
    /// Share of the images held out to validate, 0 to 0.5.
    #[arg(long)]
    pub validation: Option<f32>,
    /// Stop when the validation loss has not improved for so many epochs.
    #[arg(long)]
    pub patience: Option<usize>,
}

/// `pinhole train`
#[derive(Debug, Args)]
pub struct TrainArguments {
    #[command(flatten)]
    pub experiment: ExperimentArguments,
    #[command(flatten)]
    pub start: StartArguments,
    /// The model file to write: the best epoch's weights.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Write the weights of the last step, too, with all that `--resume` needs to go on as if the run had never stopped.
    #[arg(long, value_name = "FILE")]
    pub last: Option<PathBuf>,
}

/// What training starts from, beside new weights.
#[derive(Debug, Args)]
#[command(next_help_heading = "Start")]
pub struct StartArguments {
    /// Go on with this model: the same network, from its last epoch on.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["transfer", "teacher"])]
    pub resume: Option<PathBuf>,
    /// Begin with weights of this model; its shapes must fit.
    #[arg(long, value_name = "FILE", conflicts_with = "teacher")]
    pub transfer: Option<PathBuf>,
    /// Which parts of that model to reuse.
    #[arg(long, value_enum, requires = "transfer")]
    pub reuse: Option<ReuseChoice>,
    /// Learn to answer as this model does.
    #[arg(long, value_name = "FILE")]
    pub teacher: Option<PathBuf>,
}

/// `pinhole find-rate`
#[derive(Debug, Args)]
pub struct FindRateArguments {
    #[command(flatten)]
    pub experiment: ExperimentArguments,
    /// Print every rate that was tried as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Images that need no file.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum BuiltIn {
    /// Handwritten-style digits drawn by the generator.
    Strokes,
    /// 1,797 real 8x8 digits, upscaled.
    Digits8x8,
}

impl From<BuiltIn> for ImageSource {
    fn from(choice: BuiltIn) -> Self {
        match choice {
            BuiltIn::Strokes => Self::Strokes,
            BuiltIn::Digits8x8 => Self::Digits8x8,
        }
    }
}

/// A part that does not learn.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Frozen {
    /// Encoder and bottleneck.
    Encoder,
    /// The decoder.
    Decoder,
}

/// Parts of an old model.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ReuseChoice {
    /// Encoder, bottleneck and decoder.
    All,
    /// Encoder and bottleneck: a new decoder on an old encoder.
    Encoder,
    /// The decoder alone.
    Decoder,
}

impl From<ReuseChoice> for Reuse {
    fn from(choice: ReuseChoice) -> Self {
        match choice {
            ReuseChoice::All => Self::All,
            ReuseChoice::Encoder => Self::Encoder,
            ReuseChoice::Decoder => Self::Decoder,
        }
    }
}
