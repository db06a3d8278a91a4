//! Events of the Tables lab, and the types that they contain.

use serde::{Deserialize, Serialize};

use super::{
    ColumnErrors, ColumnSummary, Dialect, DriftReport, FillReport, Filler, FineTuneEffect, LabelGuess, LabelPlan,
    LinearVerdict, Method, MethodResult, RowDetails, ScoreSummary, ScoredRow, TableOrigin, ThresholdReport,
};
use crate::Bytes;

/// Warning about the reading of a row or of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableWarning {
    /// Number of the row in the file, from 1, without the header; `None`: the whole file.
    pub row: Option<u64>,
    /// One sentence: what was wrong, and how it was read.
    pub message: String,
}

/// The first rows of a file, and the dialect and columns inferred from them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TablePreview {
    /// The file's name.
    pub name: String,
    /// Size in bytes; of a `.gz` file, the compressed size.
    pub size_bytes: u64,
    /// True if it is gzip-compressed.
    pub is_gzip: bool,
    /// Origin of the table, if it is no text file.
    pub origin: Option<TableOrigin>,
    /// Dialect.
    pub dialect: Dialect,
    /// Columns, with statistics of the first rows only.
    pub columns: Vec<ColumnSummary>,
    /// The first rows as text of the file, at most 50.
    pub rows: Vec<Vec<String>>,
    /// Warnings about these rows.
    pub warnings: Vec<TableWarning>,
}

/// Summary of a file that was read to its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableSummary {
    /// Dialect, with the formats that the whole file asks for.
    pub dialect: Dialect,
    /// Number of rows, without header and preamble.
    pub rows: u64,
    /// Columns.
    pub columns: Vec<ColumnSummary>,
    /// The column that seems to label anomalies, if any.
    pub label: Option<LabelGuess>,
    /// Index of the column that seems to say to which entity (customer, machine, account) a row belongs, if any.
    pub entity: Option<usize>,
    /// Numbers that seem to stand for missing values.
    pub fillers: Vec<Filler>,
    /// The first warnings, at most 200.
    pub warnings: Vec<TableWarning>,
    /// Number of further warnings.
    pub more_warnings: u64,
}

/// A table's prepared rows, as samples of a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsSummary {
    /// Name of the table.
    pub name: String,
    /// Number of samples.
    pub rows: usize,
    /// Values per sample: one per numeric column, and one per category of a categorical column (one-hot).
    pub width: usize,
    /// Number of distinct labels; 0 without a label column.
    pub classes: usize,
    /// Names of the numeric columns, which a network can learn as attributes.
    #[serde(default)]
    pub numeric_columns: Vec<String>,
    /// Warnings, a sentence each.
    pub warnings: Vec<String>,
}

/// Kind of the current job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableActivity {
    /// Reading a file.
    Reading,
    /// Fitting a detector.
    Training,
    /// Scoring rows.
    Scoring,
    /// Fitting the baselines.
    Comparing,
    /// Fine-tuning a detector.
    FineTuning,
    /// Searching all rows for a text, or sorting them by a column.
    Searching,
    /// Writing a file.
    Exporting,
    /// Filling missing cells.
    Filling,
}

/// Progress of the current job, sent a few times per second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableProgress {
    /// Kind of the job.
    pub activity: TableActivity,
    /// Finished share of the job, 0 to 1.
    pub share: f64,
    /// Number of finished rows, or of training steps.
    pub count: u64,
    /// Rows, or training steps, per second.
    pub per_s: f64,
    /// Estimated seconds left.
    pub remaining_s: f64,
    /// Losses of the last epochs of training, oldest first; else empty.
    pub losses: Vec<f32>,
}

/// The current detector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetectorSummary {
    /// Name of its file, or of the table that it was fitted on.
    pub name: String,
    /// The method.
    pub method: Method,
    /// Names of the columns that it reads, in its order.
    pub columns: Vec<String>,
    /// Values per prepared row.
    pub features: usize,
    /// Number of training rows.
    pub trained_rows: u64,
    /// Architecture, such as `20-128-64-128-20, dropout 0.2`.
    pub description: String,
    /// Seconds of fitting.
    pub elapsed_s: f64,
    /// Number of rows in its replay buffer, for fine-tuning.
    pub replay_rows: u64,
    /// Warnings, such as a collapsed network, one that did not learn, or too few rows.
    pub warnings: Vec<String>,
}

/// Columns of a detector and of a file that were not matched by their names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnmatchedColumns {
    /// The file's name.
    pub name: String,
    /// Names of the detector's columns that the file lacks.
    pub missing: Vec<String>,
    /// Names of the file's columns that the detector does not use.
    pub unused: Vec<String>,
}

/// A scored table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoredFile {
    /// The file's name.
    pub name: String,
    /// True if it is no text and can be written in its own format too.
    pub has_own_format: bool,
    /// Names of its columns, in the order of [`ScoredRow::cells`].
    pub columns: Vec<String>,
    /// Summary of its scores.
    pub summary: ScoreSummary,
    /// The current threshold.
    pub threshold: ThresholdReport,
    /// Sentences on columns that are missing, new or renamed, or no longer constant; empty for the detector's own table.
    pub column_notes: Vec<String>,
    /// Drift from the table that the detector was fitted on, if this is another.
    pub drift: Option<DriftReport>,
}

/// An event about tables.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableEvent {
    /// Answer to `Open`, `Reread` and `Score`: the first rows of the file.
    Opened(Box<TablePreview>),
    /// Answer to `Score` when columns of the detector are not found in the file: nothing has changed yet, and scoring
    /// waits for `MapColumns` or `Cancel`.
    UnmatchedColumns(UnmatchedColumns),
    /// The file was read to its end.
    Scanned(Box<TableSummary>),
    /// Answer to `DescribeRows`: the samples, or one sentence why a network cannot learn from them.
    RowsDescribed(Result<RowsSummary, String>),
    /// Answer to `CheckLabel`.
    LabelChecked {
        /// The label that was checked.
        label: LabelPlan,
        /// Faults of it, one sentence each: values that do not occur, one class only, columns that leak it.
        warnings: Vec<String>,
    },
    /// Progress of the current job.
    Progress(TableProgress),
    /// The current job was cancelled; table, detector and scores are unchanged.
    Cancelled,
    /// There is a new current detector.
    DetectorReady(Box<DetectorSummary>),
    /// A table was scored with the current detector.
    Scored(Box<ScoredFile>),
    /// Answer to `SetThreshold`.
    Threshold {
        /// The current threshold.
        report: ThresholdReport,
        /// Errors of all columns; those with the largest share of the flagged rows' error first.
        columns: Vec<ColumnErrors>,
    },
    /// Answer to `Compare`.
    Compared {
        /// Every method, the current detector's first.
        methods: Vec<MethodResult>,
        /// Comparison with PCA.
        verdict: LinearVerdict,
    },
    /// Answer to `Rows`.
    Rows {
        /// Number of the request.
        request: u32,
        /// Number of rows that match the query.
        total: u64,
        /// The requested ones.
        rows: Vec<ScoredRow>,
    },
    /// Answer to `Details`.
    Details(Box<RowDetails>),
    /// Answer to `SaveDetector`: the current detector as a `.safetensors` file.
    DetectorSaved(Bytes),
    /// The detector was fine-tuned.
    FineTuned(FineTuneEffect),
    /// The next part of the exported file.
    ExportPart(Bytes),
    /// The missing cells of the exported file are filled.
    Filled(FillReport),
    /// The exported file is complete.
    Exported {
        /// Suggested name of the file.
        name: String,
        /// Media type.
        media_type: String,
    },
}
