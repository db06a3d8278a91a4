//! Arguments of the commands that train.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pinhole_protocol::{Corruption, ImageSource, LearningRateSchedule, Optimiser, ReconstructionLoss, Reuse};

use super::{
    DeviceChoice, ReadArguments,
    values::{Setting, parse_loss, parse_optimiser, parse_schedule},
};

/// The experiment: a preset or a file, with some settings changed.
#[derive(Debug, Args)]
pub struct ExperimentArguments {
    /// The preset (`pinhole presets` lists them), whose settings the other options change.
    #[arg(long, default_value = "article", conflicts_with = "experiment")]
    pub preset: String,
    /// An experiment in JSON, instead of a preset.
    #[arg(long, value_name = "FILE")]
    pub experiment: Option<PathBuf>,
    /// Change any setting by its name in the JSON: network.dropout=0.2, schedule.part_rates.encoder=0,
    /// 'network.encoder=[{"dense":{"width":128}}]'; can be given several times, and is applied after all other options.
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<Setting>,
    /// Train on these images: IDX files (plain or .gz), with or without their labels, or PNG and JPEG files.
    #[arg(long, num_args = 1.., value_name = "FILE", conflicts_with_all = ["data", "table"])]
    pub images: Vec<PathBuf>,
    /// Leave the pictures as they are: drawings are not inverted, stretched, evened out, cropped or centred.
    #[arg(long, conflicts_with_all = ["data", "table"])]
    pub as_is: bool,
    /// Train on built-in images.
    #[arg(long, value_enum, conflicts_with = "table")]
    pub data: Option<BuiltInImages>,
    /// Train on the rows of this table. A preset's network reads as many values as a prepared row has.
    #[arg(long, value_name = "FILE")]
    pub table: Option<PathBuf>,
    /// The table's label column, for a classifier. Without it, a column that looks like a label is used, and named.
    #[arg(long, value_name = "COLUMN", requires = "table")]
    pub label: Option<String>,
    #[command(flatten, next_help_heading = "Reading a table")]
    pub reading: ReadArguments,
    /// Largest number of samples (with --data strokes: the number of generated ones).
    #[arg(long)]
    pub limit: Option<usize>,
    /// Corruption of the input: none, or kind:level, such as gaussian:0.5, salt-and-pepper:0.2, masking:0.3;
    /// gaussian:0-0.5 draws the level per sample.
    #[arg(long)]
    pub corrupt: Option<Corruption>,
    /// Latent size: number of values in the code.
    #[arg(long)]
    pub latent: Option<usize>,
    /// Reconstruction loss: mse, mae, huber, bce, gaussian, ssim or features.
    #[arg(long, value_parser = parse_loss)]
    pub loss: Option<ReconstructionLoss>,
    /// Seed of weights, split, shuffling and noise.
    #[arg(long)]
    pub seed: Option<u64>,
    #[command(flatten)]
    pub schedule: ScheduleArguments,
    /// The device to compute on.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceChoice,
}

/// Settings of the schedule.
#[derive(Debug, Args)]
#[command(next_help_heading = "Training")]
pub struct ScheduleArguments {
    /// Number of passes over the training samples.
    #[arg(long)]
    pub epochs: Option<usize>,
    /// Samples per batch.
    #[arg(long)]
    pub batch_size: Option<usize>,
    /// Gradient accumulation: number of batches whose mean gradient makes one step.
    #[arg(long, value_name = "BATCHES")]
    pub accumulate: Option<usize>,
    /// Optimiser: adam, adamw, sgd, sgd:MOMENTUM, rmsprop, lamb or lion.
    #[arg(long, value_parser = parse_optimiser)]
    pub optimiser: Option<Optimiser>,
    /// Initial learning rate.
    #[arg(long)]
    pub learning_rate: Option<f32>,
    /// Learning-rate schedule: constant, cosine, restarts:EPOCHS:FACTOR, step:EPOCHS:FACTOR, exponential:FACTOR or
    /// plateau:EPOCHS:FACTOR.
    #[arg(long, value_parser = parse_schedule)]
    pub schedule: Option<LearningRateSchedule>,
    /// Warm-up: share of all steps over which the learning rate first rises, 0 to 0.5.
    #[arg(long, value_name = "SHARE")]
    pub warm_up: Option<f32>,
    /// Weight decay, 0 to 1: added to the gradient by adam, sgd and rmsprop, decoupled by the others.
    #[arg(long)]
    pub weight_decay: Option<f32>,
    /// Clipping by norm: largest L2 norm of each tensor's gradient.
    #[arg(long)]
    pub clip_norm: Option<f32>,
    /// Clipping by value: largest absolute value of a gradient.
    #[arg(long)]
    pub clip_value: Option<f32>,
    /// Freeze this part of the network, such as a reused one.
    #[arg(long, value_enum)]
    pub freeze: Option<FrozenPart>,
    /// Exponential moving average of the weights with this decay, such as 0.99.
    #[arg(long, value_name = "DECAY")]
    pub moving_average: Option<f32>,
    /// Gradient checkpointing: recompute activations in the backward pass, for less memory and more time.
    #[arg(long)]
    pub checkpointing: bool,
    /// Share of the samples held out for validation, 0 to 0.5.
    #[arg(long)]
    pub validation: Option<f32>,
    /// Early stopping: stop after this number of epochs without improvement of the validation loss.
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
    /// The model file to write, with the best epoch's weights.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// A checkpoint to write too: the last step's weights, and the optimiser's state with which `--resume` continues
    /// exactly.
    #[arg(long, value_name = "FILE")]
    pub last: Option<PathBuf>,
}

/// Start of training from another model, instead of from new weights.
#[derive(Debug, Args)]
#[command(next_help_heading = "Start")]
pub struct StartArguments {
    /// Train this model further: the same network, from its last epoch on.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["transfer", "teacher"])]
    pub resume: Option<PathBuf>,
    /// Reuse weights of this model; their shapes must match.
    #[arg(long, value_name = "FILE", conflicts_with = "teacher")]
    pub transfer: Option<PathBuf>,
    /// The parts of that model to reuse.
    #[arg(long, value_enum, requires = "transfer")]
    pub reuse: Option<ReuseChoice>,
    /// Distillation: train on the reconstructions of this model.
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

/// `pinhole sweep`
#[derive(Debug, Args)]
pub struct SweepArguments {
    #[command(flatten)]
    pub experiment: ExperimentArguments,
    /// The setting by its name in the JSON, such as objective.tying.
    #[arg(long, value_name = "NAME")]
    pub setting: String,
    /// Its values, such as 0,0.1,1.
    #[arg(long, value_name = "VALUE,…", value_delimiter = ',', required = true)]
    pub values: Vec<String>,
    /// Print all measurements as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Built-in images.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum BuiltInImages {
    /// Handwritten-style digits, drawn by the generator.
    Strokes,
    /// 1,797 real 8x8 digits, upscaled.
    Digits8x8,
}

impl From<BuiltInImages> for ImageSource {
    fn from(choice: BuiltInImages) -> Self {
        match choice {
            BuiltInImages::Strokes => Self::Strokes,
            BuiltInImages::Digits8x8 => Self::Digits8x8,
        }
    }
}

/// A part of the network that is not trained.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum FrozenPart {
    /// Encoder and bottleneck.
    Encoder,
    /// The decoder.
    Decoder,
}

/// Parts of a model that are reused.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ReuseChoice {
    /// Encoder, bottleneck and decoder.
    All,
    /// Encoder and bottleneck; the decoder is new.
    Encoder,
    /// The decoder only.
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
