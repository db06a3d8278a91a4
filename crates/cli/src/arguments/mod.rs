//! Command-line arguments and their help texts.

mod latent;
mod measure;
mod tables;
mod train;
mod values;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use pinhole_protocol::{BenchTask, Corruption, DevicePreference};

pub use latent::{DataArguments, DecodeArguments, EmbedArguments, EncodeArguments, SampleArguments};
pub use measure::MeasureArguments;
pub use tables::{
    DetectorArguments, EvaluateArguments, FillArguments, FitArguments, InspectArguments, LabelArguments, Protocol,
    ReadArguments, ScoreArguments,
};
pub use train::{
    BuiltInImages, ExperimentArguments, FindRateArguments, FrozenPart, ScheduleArguments, StartArguments,
    SweepArguments, TrainArguments,
};
pub use values::Setting;

/// Train and use autoencoders in a terminal: the engine, the experiments and the model files are those of the page.
#[derive(Debug, Parser)]
#[command(
    name = "pinhole",
    version,
    after_help = "Model and detector files are those of the page: what one has saved, the other opens.

EXIT CODES:
  0    done
  1    failed: a sentence on standard error says why, and files from before are as they were
  2    the command line is wrong
  101  a defect of the program"
)]
pub struct Arguments {
    /// The subcommand.
    #[command(subcommand)]
    pub command: Task,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Train a model and write it to a file.
    #[command(after_help = "EXAMPLES:
  pinhole train --preset article --images train-images-idx3-ubyte.gz --out article.safetensors
  pinhole train --preset conv-denoiser --data strokes --limit 20000 --corrupt gaussian:0.5 --out clean.safetensors
  pinhole train --transfer digits.safetensors --reuse encoder --freeze encoder --images fashion.gz --out fashion.safetensors
  pinhole train --preset student --teacher article.safetensors --data strokes --out student.safetensors
  pinhole train --preset classifier --table wine.csv --label class --epochs 50 --out wine.safetensors
  pinhole train --set 'objective.penalties=[{\"kind\":\"l1\",\"weight\":0.001}]' --optimiser lion --out sparse.safetensors")]
    Train(Box<TrainArguments>),
    /// Learning-rate range test: try learning rates from very small to too large, and suggest one.
    FindRate(Box<FindRateArguments>),
    /// Train the same experiment with several values of one setting, and print what each network measures: the curve of
    /// two losses over the weight of one of them.
    #[command(after_help = "EXAMPLES:
  pinhole sweep --preset tied-code --setting objective.tying --values 0,0.01,0.1,1
  pinhole sweep --preset classifier --setting objective.classification --values 0,0.01,0.1,1 --epochs 3 --json")]
    Sweep(Box<SweepArguments>),
    /// Measure a model on images: mean squared error, PSNR and SSIM of its reconstructions, and the measures of its
    /// experiment.
    #[command(after_help = "EXAMPLES:
  pinhole eval article.safetensors --images t10k-images-idx3-ubyte.gz
  pinhole eval denoiser.safetensors --data strokes --seed 7 --corrupt gaussian:0.5 --limit 1000 --json")]
    Eval(EvalArguments),
    /// Measure the code of a model: what it is good for, beside PCA of the same size and the raw samples.
    #[command(after_help = "EXAMPLES:
  pinhole measure article.safetensors t10k-images-idx3-ubyte.gz --latent
  pinhole measure digits.safetensors --data digits8x8 --latent --question classify --more --json
  pinhole measure wine.safetensors wine.csv --label class --latent")]
    Measure(Box<MeasureArguments>),
    /// Reproduce the README's results on MNIST: train its networks one after the other, and compare them with
    /// PyTorch's.
    #[command(alias = "figures")]
    Reproduce(ReproduceArguments),
    /// List the presets.
    Presets {
        /// Print them as JSON, experiments included.
        #[arg(long)]
        json: bool,
    },
    /// Denoise one picture: read a PNG or JPEG, write a PNG of the model's input size.
    Denoise {
        /// The model file.
        model: PathBuf,
        /// The noisy picture.
        input: PathBuf,
        /// The PNG file to write.
        output: PathBuf,
        /// Leave the picture as it is: a drawing is not inverted, stretched, evened out, cropped or centred.
        #[arg(long)]
        as_is: bool,
        /// The device to compute on.
        #[arg(long, value_enum, default_value_t)]
        device: DeviceChoice,
    },
    /// Fit a detector of anomalies on a table.
    #[command(after_help = "EXAMPLES:
  pinhole fit payments.csv --label fraud --out payments.safetensors
  pinhole fit payments.csv --label fraud --unsupervised --contamination 0.002 --out payments.safetensors
  pinhole fit sensors.csv.gz --unlabelled --contamination 0.01 --out sensors.safetensors")]
    Fit(Box<FitArguments>),
    /// Score the rows of a table with a detector.
    #[command(after_help = "EXAMPLES:
  pinhole score payments.safetensors june.csv --out june-scored.csv --report june.html
  pinhole score payments.safetensors june.csv --map amount=Betrag --map fee=Gebühr --out june-scored.csv")]
    Score(Box<ScoreArguments>),
    /// Fill the missing cells of a table with what its other cells make expected, and measure how well that goes.
    Fill(Box<FillArguments>),
    /// Measure anomaly detection on a labelled table: AUROC and average precision.
    Evaluate(Box<EvaluateArguments>),
    /// Print the dialect, columns and warnings of a table.
    Inspect(InspectArguments),
    /// Write the codes of samples.
    #[command(after_help = "EXAMPLES:
  pinhole encode article.safetensors t10k-images-idx3-ubyte.gz --out codes.csv
  pinhole encode payments-detector.safetensors payments.csv --out codes.npy")]
    Encode(Box<EncodeArguments>),
    /// Lay vectors out in two dimensions, and write their coordinates.
    #[command(after_help = "EXAMPLES:
  pinhole embed codes.csv --method umap --seed 1 --out map.csv")]
    Embed(EmbedArguments),
    /// Draw new samples from a model: from its prior, or from a mixture of Gaussians fitted to the codes of samples.
    #[command(after_help = "EXAMPLES:
  pinhole sample variational.safetensors --count 100 --out drawn.png
  pinhole sample payments-detector.safetensors payments.csv --count 1000 --out drawn.csv")]
    Sample(Box<SampleArguments>),
    /// Decode codes to pictures, or to rows of a table.
    Decode(Box<DecodeArguments>),
    /// Run one of the named benchmark tasks.
    Bench {
        /// T1 trains the article's network, T2 the convolutional denoiser, T3 denoises one image, T4 scores rows, T5
        /// reads a CSV file, T6 trains the LSTM, T7 the GRU, T8 the Transformer.
        #[arg(long, value_parser = parse_bench_task)]
        task: BenchTask,
        /// The device to compute on.
        #[arg(long, value_enum, default_value_t)]
        device: DeviceChoice,
        /// Print the whole report as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// `pinhole reproduce`
#[derive(Debug, Args)]
pub struct ReproduceArguments {
    /// The folder of MNIST's four .gz files, as they are published.
    #[arg(long, value_name = "FOLDER", default_value = "../shared/data/mnist")]
    pub mnist: PathBuf,
    // `figures.json` is data: it keeps the name that it had before the subcommand was renamed.
    /// The file of results, written after each network; a network with a result in it is not trained again.
    #[arg(long, value_name = "FILE", default_value = "crates/cli/figures.json")]
    pub out: PathBuf,
    /// Train this network alone.
    #[arg(long, value_name = "NAME")]
    pub only: Option<String>,
    /// Seed of weights, shuffling and noise.
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// The device to compute on.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceChoice,
}

/// `pinhole eval`
#[derive(Debug, Args)]
pub struct EvalArguments {
    /// The model file.
    pub model: PathBuf,
    /// The images to reconstruct: one IDX file (plain or .gz), or PNG and JPEG files.
    #[arg(long, num_args = 1.., required_unless_present = "data", conflicts_with = "data", value_name = "FILE")]
    pub images: Vec<PathBuf>,
    /// Leave the pictures as they are: drawings are not inverted, stretched, evened out, cropped or centred.
    #[arg(long, conflicts_with = "data")]
    pub as_is: bool,
    /// Reconstruct built-in images.
    #[arg(long, value_enum)]
    pub data: Option<BuiltInImages>,
    /// Largest number of images; 1,000 of generated digits, all of others, unless given.
    #[arg(long)]
    pub limit: Option<usize>,
    /// Corruption of the input, as in `train`.
    #[arg(long, default_value = "none")]
    pub corrupt: Corruption,
    /// Seed of the noise, and of generated digits: choose another one than that of training.
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// The device to compute on.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceChoice,
    /// Print one line of JSON.
    #[arg(long)]
    pub json: bool,
}

/// The device to compute on.
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

fn parse_bench_task(text: &str) -> Result<BenchTask, String> {
    BenchTask::named(&text.to_ascii_uppercase()).ok_or_else(|| format!("there is no task \"{text}\": choose T1 to T8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        use clap::CommandFactory as _;
        Arguments::command().debug_assert();
    }
}
