//! What can be typed, and what `--help` says of it.

mod tables;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use pinhole_protocol::{
    BenchTask, Corruption, DevicePreference, ImageSource, LearningRateSchedule, ReconstructionLoss,
};

pub use tables::{
    DetectorArguments, EvaluateArguments, FitArguments, InspectArguments, LabelArguments, Protocol, ReadArguments,
    ScoreArguments,
};

/// Train and use autoencoders in a terminal: the engine, the experiments and the model files are those of the page.
#[derive(Debug, Parser)]
#[command(
    name = "pinhole",
    version,
    after_help = "Files go from the page to the terminal and back: a model saved by one opens in the other."
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Task,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Train a model and write it to a file.
    #[command(after_help = "EXAMPLES:
  pinhole train --preset article --images train-images-idx3-ubyte.gz --out article.safetensors
  pinhole train --preset conv-denoiser --data strokes --limit 20000 --corrupt gaussian:0.5 --out clean.safetensors")]
    Train(Box<TrainArguments>),
    /// Measure a model on images: mean squared error, PSNR and SSIM of what it rebuilds.
    Eval(EvalArguments),
    /// List the presets.
    Presets {
        /// Print them as JSON, experiments included.
        #[arg(long)]
        json: bool,
    },
    /// Clean one picture: read a PNG or JPEG, write a 28x28 PNG.
    Denoise {
        /// The model file.
        model: PathBuf,
        /// The picture to clean.
        input: PathBuf,
        /// Where the cleaned picture goes.
        output: PathBuf,
        /// Where to compute.
        #[arg(long, value_enum, default_value_t)]
        device: DeviceChoice,
    },
    /// Train a detector of odd rows on a table.
    #[command(after_help = "EXAMPLES:
  pinhole fit payments.csv --label fraud --out payments.safetensors
  pinhole fit sensors.csv.gz --unlabelled --expected-odd-share 0.01 --out sensors.safetensors")]
    Fit(Box<FitArguments>),
    /// Score the rows of a table with a detector.
    Score(Box<ScoreArguments>),
    /// Measure how well odd rows are found in a labelled table.
    Evaluate(Box<EvaluateArguments>),
    /// Say how a table is read: dialect, columns, warnings.
    Inspect(InspectArguments),
    /// Run one of the named benchmark tasks.
    Bench {
        /// T1 trains the article's network, T2 the convolutional denoiser, T3 denoises one image, T4 scores rows, T5 reads a CSV file.
        #[arg(long, value_parser = parse_bench_task)]
        task: BenchTask,
        /// Where to compute.
        #[arg(long, value_enum, default_value_t)]
        device: DeviceChoice,
        /// Print the whole report as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// `pinhole train`
#[derive(Debug, Args)]
pub struct TrainArguments {
    /// Where to start from; `pinhole presets` lists them. The other options change single settings of it.
    #[arg(long, default_value = "article", conflicts_with = "experiment")]
    pub preset: String,
    /// Start from an experiment written as JSON instead.
    #[arg(long, value_name = "FILE")]
    pub experiment: Option<PathBuf>,
    /// Train on these images: one IDX file (plain or .gz), or PNG and JPEG files.
    #[arg(long, num_args = 1.., value_name = "FILE", conflicts_with = "data")]
    pub images: Vec<PathBuf>,
    /// Train on built-in images.
    #[arg(long, value_enum)]
    pub data: Option<BuiltIn>,
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
    /// Passes over the images.
    #[arg(long)]
    pub epochs: Option<usize>,
    /// Images a step.
    #[arg(long)]
    pub batch_size: Option<usize>,
    /// Adam's step size at the start.
    #[arg(long)]
    pub learning_rate: Option<f32>,
    /// How the learning rate moves: constant, cosine, or step:EPOCHS:FACTOR.
    #[arg(long, value_parser = parse_schedule)]
    pub schedule: Option<LearningRateSchedule>,
    /// Decoupled weight decay.
    #[arg(long)]
    pub weight_decay: Option<f32>,
    /// Longest gradient (L2 norm); longer ones are scaled down.
    #[arg(long)]
    pub clip_norm: Option<f32>,
    /// Share of the images held out to validate, 0 to 0.5.
    #[arg(long)]
    pub validation: Option<f32>,
    /// Stop when the validation loss has not improved for so many epochs.
    #[arg(long)]
    pub patience: Option<usize>,
    /// What is minimised.
    #[arg(long, value_enum)]
    pub loss: Option<LossChoice>,
    /// Fixes weights, split, shuffling and noise.
    #[arg(long)]
    pub seed: Option<u64>,
    /// Where to compute.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceChoice,
    /// The model file to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// `pinhole eval`
#[derive(Debug, Args)]
pub struct EvalArguments {
    /// The model file.
    pub model: PathBuf,
    /// The images to rebuild: one IDX file (plain or .gz), or PNG and JPEG files.
    #[arg(long, num_args = 1.., required = true, value_name = "FILE")]
    pub images: Vec<PathBuf>,
    /// What is done to them first, as in `train`.
    #[arg(long, default_value = "none")]
    pub corrupt: Corruption,
    /// Fixes the noise.
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Where to compute.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceChoice,
    /// Print one line of JSON.
    #[arg(long)]
    pub json: bool,
}

/// Where to compute.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum DeviceChoice {
    /// A GPU if there is a real one, else the CPU.
    #[default]
    Auto,
    /// The GPU through WebGPU (Vulkan, Metal or DirectX 12).
    Gpu,
    /// The CPU.
    Cpu,
}

impl From<DeviceChoice> for DevicePreference {
    fn from(choice: DeviceChoice) -> Self {
        match choice {
            DeviceChoice::Auto => Self::Auto,
            DeviceChoice::Gpu => Self::WebGpu,
            DeviceChoice::Cpu => Self::Cpu,
        }
    }
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

/// What is minimised.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LossChoice {
    /// Mean squared error.
    Mse,
    /// Binary cross-entropy.
    Bce,
}

impl From<LossChoice> for ReconstructionLoss {
    fn from(choice: LossChoice) -> Self {
        match choice {
            LossChoice::Mse => Self::Mse,
            LossChoice::Bce => Self::BinaryCrossEntropy,
        }
    }
}

fn parse_schedule(text: &str) -> Result<LearningRateSchedule, String> {
    let refuse =
        || format!("\"{text}\" is no schedule: write constant, cosine, or step:EPOCHS:FACTOR such as step:5:0.5");
    match text {
        "constant" => Ok(LearningRateSchedule::Constant),
        "cosine" => Ok(LearningRateSchedule::Cosine),
        _ => {
            let (epochs, factor) =
                text.strip_prefix("step:").and_then(|rest| rest.split_once(':')).ok_or_else(refuse)?;
            Ok(LearningRateSchedule::Step {
                every_epochs: epochs.parse().map_err(|_| refuse())?,
                factor: factor.parse().map_err(|_| refuse())?,
            })
        }
    }
}

fn parse_bench_task(text: &str) -> Result<BenchTask, String> {
    match text {
        "T1" | "t1" => Ok(BenchTask::T1),
        "T2" | "t2" => Ok(BenchTask::T2),
        "T3" | "t3" => Ok(BenchTask::T3),
        "T4" | "t4" => Ok(BenchTask::T4),
        "T5" | "t5" => Ok(BenchTask::T5),
        _ => Err(format!("there is no task \"{text}\": choose T1 to T5")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        use clap::CommandFactory as _;
        Arguments::command().debug_assert();
    }

    #[test]
    fn schedules_are_read_or_refused_in_words() {
        assert_eq!(parse_schedule("cosine"), Ok(LearningRateSchedule::Cosine));
        assert_eq!(parse_schedule("step:5:0.5"), Ok(LearningRateSchedule::Step { every_epochs: 5, factor: 0.5 }));
        assert!(parse_schedule("step:5").expect_err("no factor").contains("step:EPOCHS:FACTOR"));
    }
}
