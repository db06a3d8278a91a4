//! What the engine says about tables.

use serde::{Deserialize, Serialize};

use super::{
    ColumnErrors, ColumnSummary, Dialect, DriftReport, FineTuneEffect, LabelGuess, LinearVerdict, Method, MethodResult,
    RowDetails, ScoreSummary, ScoredRow, ThresholdReport,
};
use crate::Bytes;

/// Something that was read as well as could be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableWarning {
    /// The row's number in the file, from 1, the header not counted; `None`: the whole file.
    pub row: Option<u64>,
    /// What was wrong and what was done.
    pub message: String,
}

/// The first rows of a file, and what was guessed from them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TablePreview {
    /// The file's name.
    pub name: String,
    /// Its size; of a `.gz` file, compressed.
    pub size_bytes: u64,
    /// Whether it is compressed.
    pub is_gzip: bool,
    /// How it is read.
    pub dialect: Dialect,
    /// Its columns, as far as the first rows tell.
    pub columns: Vec<ColumnSummary>,
    /// The first rows, at most 50, as text.
    pub rows: Vec<Vec<String>>,
    /// What was noticed in them.
    pub warnings: Vec<TableWarning>,
}

/// A file that was read to its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableSummary {
    /// Its rows, header and preamble not counted.
    pub rows: u64,
    /// Its columns.
    pub columns: Vec<ColumnSummary>,
    /// The column that seems to be the label.
    pub label: Option<LabelGuess>,
    /// What was noticed, at most 200.
    pub warnings: Vec<TableWarning>,
    /// How much more was noticed.
    pub more_warnings: u64,
}

/// What a table's rows are to a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsSummary {
    /// The table's name.
    pub name: String,
    /// Rows that are samples.
    pub rows: usize,
    /// Numbers that each of them becomes: scaled ones, and one for each value of a category.
    pub width: usize,
    /// Different labels; 0 without a label column.
    pub classes: usize,
    /// What was noticed.
    pub warnings: Vec<String>,
}

/// What the engine is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableActivity {
    /// Reading a file.
    Reading,
    /// Training a detector.
    Training,
    /// Scoring rows.
    Scoring,
    /// Fitting the other methods.
    Comparing,
    /// Training on.
    FineTuning,
    /// Looking through all rows for a text, or sorting them by a column.
    Searching,
    /// Writing a file.
    Exporting,
}

/// News of work under way, some times a second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableProgress {
    /// What.
    pub activity: TableActivity,
    /// How much of it is done, 0 to 1.
    pub share: f64,
    /// Rows (or training steps) done.
    pub count: u64,
    /// Of those, so many a second.
    pub per_s: f64,
    /// Seconds left at that rate.
    pub remaining_s: f64,
    /// In training: the loss of the last epochs.
    pub losses: Vec<f32>,
}

/// A detector in hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetectorSummary {
    /// A file's name, or the table that it was trained on.
    pub name: String,
    /// What scores.
    pub method: Method,
    /// Columns that it reads, in its order.
    pub columns: Vec<String>,
    /// Numbers that the network sees of a row.
    pub features: usize,
    /// Rows that trained it.
    pub trained_rows: u64,
    /// What it is made of, such as `20-128-64-128-20, dropout 0.2`.
    pub description: String,
    /// Seconds that training took.
    pub elapsed_s: f64,
    /// Old rows in hand to fine-tune with.
    pub replay_rows: u64,
    /// What a person should know: a network that collapsed or did not learn, too few rows.
    pub warnings: Vec<String>,
}

/// A table that has scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoredFile {
    /// The file's name.
    pub name: String,
    /// Names of its columns, as `ScoredRow::cells` has them.
    pub columns: Vec<String>,
    /// Its scores.
    pub summary: ScoreSummary,
    /// The threshold in force.
    pub threshold: ThresholdReport,
    /// Against the table that the detector was trained on, if this is another.
    pub drift: Option<DriftReport>,
}

/// One piece of news about tables.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableEvent {
    /// The first rows of a file.
    Opened(Box<TablePreview>),
    /// The file was read to its end.
    Scanned(Box<TableSummary>),
    /// Answer to `DescribeRows`: what the rows are, or why a network cannot learn from them.
    RowsDescribed(Result<RowsSummary, String>),
    /// News of the work under way.
    Progress(TableProgress),
    /// The work under way was given up; everything in hand is as it was.
    Cancelled,
    /// There is a new detector in hand.
    DetectorReady(Box<DetectorSummary>),
    /// A table was scored with it.
    Scored(Box<ScoredFile>),
    /// Answer to `SetThreshold`: the threshold, and the columns' errors with it.
    Threshold {
        /// The threshold in force.
        report: ThresholdReport,
        /// Columns, those that drive the flagged rows first.
        columns: Vec<ColumnErrors>,
    },
    /// Answer to `Compare`.
    Compared {
        /// Every method, the one in hand first.
        methods: Vec<MethodResult>,
        /// Whether PCA is enough.
        verdict: LinearVerdict,
    },
    /// Answer to `Rows`.
    Rows {
        /// The asker's number.
        request: u32,
        /// Rows that the query has in all.
        total: u64,
        /// Those wanted.
        rows: Vec<ScoredRow>,
    },
    /// Answer to `Details`.
    Details(Box<RowDetails>),
    /// The detector in hand as a file.
    DetectorSaved(Bytes),
    /// The detector was trained on.
    FineTuned(FineTuneEffect),
    /// A piece of the file being written.
    ExportPart(Bytes),
    /// The file is complete.
    Exported {
        /// What to call it.
        name: String,
        /// Its media type.
        media_type: String,
    },
}
