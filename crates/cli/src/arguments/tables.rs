//! Arguments of the commands about tables.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pinhole_protocol::table::{ErrorCosts, Method, NumberScaling, TextEncoding, ThresholdRule};

/// Settings of a file's dialect; those that are not given are inferred.
#[derive(Debug, Args)]
pub struct ReadArguments {
    /// The delimiter of cells: one character, `tab` or `space`.
    #[arg(long, value_parser = parse_delimiter)]
    pub delimiter: Option<String>,
    /// Character encoding, such as utf-8, utf-16le, windows-1252, koi8-r, shift_jis or gbk.
    #[arg(long, value_parser = parse_encoding)]
    pub encoding: Option<TextEncoding>,
    /// The file has no header: the first record is a row.
    #[arg(long)]
    pub no_header: bool,
    /// The sheet of a workbook, or the file in a .zip, that is read.
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Numbers have a decimal comma.
    #[arg(long)]
    pub decimal_comma: bool,
    /// A marker of missing values, beside the usual ones; can be given several times.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub missing: Vec<String>,
}

/// The label column and its values.
#[derive(Debug, Args)]
pub struct LabelArguments {
    /// The column that labels anomalies. Without it, a column that looks like a label is used, and named on standard
    /// error.
    #[arg(long, value_name = "COLUMN")]
    pub label: Option<String>,
    /// A value of the label that marks an anomaly; can be given several times. Inferred if not given.
    #[arg(long, alias = "odd", value_name = "VALUE", allow_hyphen_values = true)]
    pub anomalous: Vec<String>,
    /// Ignore labels, for training and for measures (`fit --unsupervised` trains without them but measures with them).
    /// A column that looks like a label is still no feature.
    #[arg(long, conflicts_with_all = ["label", "anomalous"])]
    pub unlabelled: bool,
}

/// Settings of the detector.
#[derive(Debug, Args)]
pub struct DetectorArguments {
    /// Method of anomaly detection.
    #[arg(long, value_enum, default_value_t)]
    pub method: MethodChoice,
    /// Scaling of numeric columns.
    #[arg(long, value_enum, default_value_t)]
    pub scaling: ScalingChoice,
    /// Expected share of anomalies, 0 to 0.5. Without labels the threshold flags this share of all rows; with labels it
    /// flags 5 % of the held-out normal rows, whatever this share is.
    #[arg(long, alias = "expected-odd-share", default_value_t = 0.05)]
    pub contamination: f64,
    /// The column that says to which entity a row belongs (customer, machine, account): its rows are compared with each
    /// other. `none` compares no entities. Without it, a column that looks like one is used.
    #[arg(long, value_name = "COLUMN|none")]
    pub entity: Option<String>,
    /// The column with the time of each row, of a log in its order: a row is compared with those before it too (of its own
    /// entity), so that jumps and stuck sensors are found. `none`, the default, compares no row with those before it.
    #[arg(long, value_name = "COLUMN|none")]
    pub time: Option<String>,
    /// Exclude this column; can be given several times.
    #[arg(long, value_name = "COLUMN")]
    pub ignore: Vec<String>,
}

/// `pinhole fit`
#[derive(Debug, Args)]
pub struct FitArguments {
    /// The table: CSV or the like (plain or .gz), a workbook, Parquet, JSON, or a .zip of them; `-` reads standard input.
    /// Several files must have the same columns.
    #[arg(required = true)]
    pub table: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: ReadArguments,
    #[command(flatten)]
    pub labels: LabelArguments,
    #[command(flatten)]
    pub detector: DetectorArguments,
    /// Unsupervised: train on all rows, and use labels for measures only (`--unlabelled` ignores them for both).
    #[arg(long, alias = "robust")]
    pub unsupervised: bool,
    /// Share of the rows labelled normal that is held out of training, 0 to 0.5.
    #[arg(long, default_value_t = 0.3)]
    pub held_out: f64,
    /// Seed of all random numbers.
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    #[command(flatten)]
    pub threshold: ThresholdArguments,
    /// Write the detector without its replay buffer (prepared rows of the table, which fine-tuning needs). The nearest
    /// training rows are then left out of the scores, and the threshold flags as many rows of the table as before.
    #[arg(long)]
    pub without_replay: bool,
    /// The detector file to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Rule of the threshold: one of these at most, instead of the detector's own.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct ThresholdArguments {
    /// Flag rows with a score above this.
    #[arg(long, value_name = "SCORE")]
    pub threshold: Option<f64>,
    /// Flag so many rows of each file, those with the highest scores: as many as can be checked.
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..))]
    pub capacity: Option<u64>,
    /// Flag this share of the normal rows that did not train, 0 to 1; needs labels.
    #[arg(long, value_name = "SHARE")]
    pub false_alarm_rate: Option<f64>,
    /// Flag at the least cost, where a missed anomaly and a false alarm cost so much, such as 50:1; needs labels.
    #[arg(long, value_name = "MISSED:FALSE_ALARM", value_parser = parse_costs)]
    pub costs: Option<ErrorCosts>,
}

impl ThresholdArguments {
    /// The rule that was given, if any.
    pub fn rule(&self) -> Option<ThresholdRule> {
        self.threshold
            .map(ThresholdRule::Score)
            .or(self.capacity.map(ThresholdRule::Capacity))
            .or(self.false_alarm_rate.map(ThresholdRule::FalseAlarms))
            .or(self.costs.map(ThresholdRule::Cost))
    }
}

/// `pinhole score`
#[derive(Debug, Args)]
pub struct ScoreArguments {
    /// The detector file.
    pub detector: PathBuf,
    /// The table to score, in any of the formats of `fit`.
    #[arg(required = true)]
    pub table: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: ReadArguments,
    /// A column of the detector (OLD) that has another name in the table (NEW); can be given several times. Names that
    /// differ in nothing but case, spaces and punctuation are matched without it.
    #[arg(long, value_name = "OLD=NEW", value_parser = parse_map)]
    pub map: Vec<String>,
    #[command(flatten)]
    pub threshold: ThresholdArguments,
    /// The scored table to write: the file's own bytes, with score, percentile, flag and top columns added. A name that
    /// ends with .csv, .tsv or .txt makes it text; else a workbook, Parquet or JSON stays what it is.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// The report to write: one HTML file.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// `pinhole fill`
#[derive(Debug, Args)]
pub struct FillArguments {
    /// The detector file.
    pub detector: PathBuf,
    /// The table to fill, in any of the formats of `fit`.
    #[arg(required = true)]
    pub table: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: ReadArguments,
    /// A column of the detector (OLD) that has another name in the table (NEW); can be given several times. Names that
    /// differ in nothing but case, spaces and punctuation are matched without it.
    #[arg(long, value_name = "OLD=NEW", value_parser = parse_map)]
    pub map: Vec<String>,
    /// The filled table to write, as text: rows without missing cells keep their bytes, and a column `filled` names what
    /// was filled in each row.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Print one line of JSON.
    #[arg(long)]
    pub json: bool,
}

/// `pinhole evaluate`
#[derive(Debug, Args)]
pub struct EvaluateArguments {
    /// The table: CSV or the like (plain or .gz), a workbook, Parquet, JSON, or a .zip of them; `-` reads standard input.
    /// Several files must have the same columns.
    #[arg(required = true)]
    pub table: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: ReadArguments,
    #[command(flatten)]
    pub labels: LabelArguments,
    #[command(flatten)]
    pub detector: DetectorArguments,
    /// Evaluation protocol: the rows to fit on and the rows to measure on.
    #[arg(long, value_enum, default_value_t)]
    pub protocol: Protocol,
    /// Number of fits, with seeds 0, 1, 2, …
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=100))]
    pub seeds: u64,
    /// Compare with the baselines on the same rows: PCA, isolation forest, kNN, ECOD, LOF and HBOS.
    #[arg(long)]
    pub baselines: bool,
    /// Print one line of JSON.
    #[arg(long)]
    pub json: bool,
}

/// `pinhole inspect`
#[derive(Debug, Args)]
pub struct InspectArguments {
    /// The table: CSV or the like (plain or .gz), a workbook, Parquet, JSON, or a .zip of them; `-` reads standard input.
    /// Several files must have the same columns.
    #[arg(required = true)]
    pub table: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: ReadArguments,
    /// Print one line of JSON.
    #[arg(long)]
    pub json: bool,
    /// With --json: print every row too, as text.
    #[arg(long, requires = "json")]
    pub rows: bool,
}

/// Evaluation protocol: the rows to fit on and the rows to measure on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Protocol {
    /// Semi-supervised: fitted on 70 % of the normal rows, measured on the other normal rows and all anomalies.
    #[default]
    #[value(name = "P", alias = "p")]
    P,
    /// Unsupervised: fitted on all rows without labels, measured on all rows.
    #[value(name = "U", alias = "u")]
    U,
}

/// Method of anomaly detection.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum MethodChoice {
    /// An ensemble of autoencoders.
    #[default]
    Autoencoder,
    /// Reconstruction error of principal component analysis.
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

/// Scaling of numeric columns.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum ScalingChoice {
    /// Minus the mean, divided by the standard deviation.
    #[default]
    Standard,
    /// Quantile transform to a standard normal distribution.
    Quantile,
}

impl From<ScalingChoice> for NumberScaling {
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

fn parse_costs(text: &str) -> Result<ErrorCosts, String> {
    let cost = |text: &str| text.trim().parse::<f64>().ok().filter(|cost| cost.is_finite() && *cost >= 0.0);
    text.split_once(':')
        .and_then(|(missed, false_alarm)| Some(ErrorCosts { missed: cost(missed)?, false_alarm: cost(false_alarm)? }))
        .filter(|costs| costs.missed + costs.false_alarm > 0.0)
        .ok_or_else(|| {
            format!(
                "\"{text}\" is no pair of costs: give that of a missed anomaly and that of a false alarm, such as 50:1"
            )
        })
}

fn parse_map(text: &str) -> Result<String, String> {
    match text.split_once('=') {
        Some((old, new)) if !old.is_empty() && !new.is_empty() => Ok(text.to_owned()),
        _ => Err("give the detector's name and the table's, as in --map amount=Betrag".into()),
    }
}

fn parse_encoding(text: &str) -> Result<TextEncoding, String> {
    TextEncoding::from_name(text).ok_or_else(|| {
        let labels = TextEncoding::ALL.map(TextEncoding::label).join(", ");
        format!("\"{text}\" is no known encoding: choose one of {labels}")
    })
}
