//! What can be typed about tables.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pinhole_protocol::table::{Method, Scaling, TextEncoding};

/// How a file is read; what is not said is guessed.
#[derive(Debug, Args)]
pub struct ReadArguments {
    /// The character between cells; `tab` and `space` are understood.
    #[arg(long, value_parser = parse_delimiter)]
    pub delimiter: Option<String>,
    /// How bytes become characters.
    #[arg(long, value_parser = parse_encoding)]
    pub encoding: Option<TextEncoding>,
    /// The first record is a row, not the columns' names.
    #[arg(long)]
    pub no_header: bool,
    /// Numbers have a decimal comma.
    #[arg(long)]
    pub decimal_comma: bool,
    /// Means "no value" beside the usual markers; can be given several times.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub missing: Vec<String>,
}

/// Which column says which rows are odd.
#[derive(Debug, Args)]
pub struct LabelArguments {
    /// The column that says which rows are odd. Without it, a column that looks like one is taken, and named.
    #[arg(long, value_name = "COLUMN")]
    pub label: Option<String>,
    /// The label's values that mean odd; can be given several times. Guessed if not given.
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    pub odd: Vec<String>,
    /// Do not use labels, even if there seem to be some. A column that looks like a label is still no feature.
    #[arg(long, conflicts_with_all = ["label", "odd"])]
    pub unlabelled: bool,
}

/// How the detector is made.
#[derive(Debug, Args)]
pub struct DetectorArguments {
    /// What scores the rows.
    #[arg(long, value_enum, default_value_t)]
    pub method: MethodChoice,
    /// How numbers are scaled.
    #[arg(long, value_enum, default_value_t)]
    pub scaling: ScalingChoice,
    /// The share of rows taken to be odd where no label says so, 0 to 0.5.
    #[arg(long, default_value_t = 0.05)]
    pub contamination: f64,
    /// Leave this column out; can be given several times.
    #[arg(long, value_name = "COLUMN")]
    pub ignore: Vec<String>,
}

/// `pinhole fit`
#[derive(Debug, Args)]
pub struct FitArguments {
    /// The table: CSV or the like, plain or .gz.
    pub table: PathBuf,
    #[command(flatten)]
    pub reading: ReadArguments,
    #[command(flatten)]
    pub labels: LabelArguments,
    #[command(flatten)]
    pub detector: DetectorArguments,
    /// Train on all rows, in the robust mode; labels only measure.
    #[arg(long)]
    pub robust: bool,
    /// Of the normal rows, the share held out of training, 0 to 0.5.
    #[arg(long, default_value_t = 0.3)]
    pub held_out: f64,
    /// Fixes everything that is random.
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Leave the replay rows (prepared rows of the table, for fine-tuning) out of the file.
    #[arg(long)]
    pub without_replay: bool,
    /// The detector file to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// `pinhole score`
#[derive(Debug, Args)]
pub struct ScoreArguments {
    /// The detector file.
    pub detector: PathBuf,
    /// The table to score: CSV or the like, plain or .gz.
    pub table: PathBuf,
    #[command(flatten)]
    pub reading: ReadArguments,
    /// Flag rows with a score above this, instead of the detector's own threshold.
    #[arg(long)]
    pub threshold: Option<f64>,
    /// The scored table to write: the file's own bytes, and score, flag and top columns.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// A report to write, one HTML file.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// `pinhole evaluate`
#[derive(Debug, Args)]
pub struct EvaluateArguments {
    /// The table: CSV or the like, plain or .gz.
    pub table: PathBuf,
    #[command(flatten)]
    pub reading: ReadArguments,
    #[command(flatten)]
    pub labels: LabelArguments,
    #[command(flatten)]
    pub detector: DetectorArguments,
    /// Which rows train and which judge.
    #[arg(long, value_enum, default_value_t)]
    pub protocol: Protocol,
    /// How often, with seeds 0, 1, 2, …
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=100))]
    pub seeds: u64,
    /// Print one line of JSON.
    #[arg(long)]
    pub json: bool,
}

/// `pinhole inspect`
#[derive(Debug, Args)]
pub struct InspectArguments {
    /// The table: CSV or the like, plain or .gz.
    pub table: PathBuf,
    #[command(flatten)]
    pub reading: ReadArguments,
    /// Print one line of JSON.
    #[arg(long)]
    pub json: bool,
    /// With --json: every row too, as text.
    #[arg(long, requires = "json")]
    pub rows: bool,
}

/// Which rows train and which judge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Protocol {
    /// Fitted on 70 % of the normal rows; judged on the other normals and all odd rows.
    #[default]
    #[value(name = "P", alias = "p")]
    P,
    /// Fitted on all rows without labels, and judged on all of them.
    #[value(name = "U", alias = "u")]
    U,
}

/// What scores the rows.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum MethodChoice {
    /// The autoencoder.
    #[default]
    Autoencoder,
    /// Reconstruction from the principal components.
    Pca,
    /// Isolation forest.
    IsolationForest,
}

impl From<MethodChoice> for Method {
    fn from(choice: MethodChoice) -> Self {
        match choice {
            MethodChoice::Autoencoder => Self::Autoencoder,
            MethodChoice::Pca => Self::Pca,
            MethodChoice::IsolationForest => Self::IsolationForest,
        }
    }
}

/// How numbers are scaled.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum ScalingChoice {
    /// Minus the mean, by the standard deviation.
    #[default]
    Standard,
    /// By rank to a normal distribution.
    Quantile,
}

impl From<ScalingChoice> for Scaling {
    fn from(choice: ScalingChoice) -> Self {
        match choice {
            ScalingChoice::Standard => Self::Standard,
            ScalingChoice::Quantile => Self::Quantile,
        }
    }
}

fn parse_delimiter(text: &str) -> Result<String, String> {
    match text {
        "tab" | "\\t" => Ok("\t".into()),
        "space" => Ok(" ".into()),
        _ if text.len() == 1 => Ok(text.into()),
        _ => Err(format!("\"{text}\" is no delimiter: give one ASCII character, tab or space")),
    }
}

fn parse_encoding(text: &str) -> Result<TextEncoding, String> {
    let lower = text.to_ascii_lowercase();
    let name = if matches!(lower.as_str(), "latin-1" | "latin1" | "iso-8859-1") { "windows-1252" } else { &lower };
    TextEncoding::ALL
        .into_iter()
        .find(|encoding| encoding.label() == name)
        .ok_or_else(|| format!("\"{text}\" is no known encoding: choose utf-8, windows-1252, utf-16le or utf-16be"))
}
