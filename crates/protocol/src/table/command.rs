//! Commands of the Tables lab.

use serde::{Deserialize, Serialize};

use super::{DetectorPlan, Dialect, RenamedColumn, RowQuery, ScoredFormat, ThresholdRule};
use crate::NamedFile;

/// A file that the worker reads from disk through a handle, which is posted beside the command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSlot {
    /// Name of the file.
    pub name: String,
    /// Index of its handle in the envelope, from 0.
    pub index: usize,
}

/// A command about tables. A longer job sends `TableEvent::Progress` and ends with the answer named here, with
/// `Cancelled`, or with `Event::Failed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableCommand {
    /// Open one file, or several with the same columns as one table. Answered by `Opened` as soon as the first rows are
    /// read, then by `Scanned`.
    Open {
        /// The files.
        files: Vec<FileSlot>,
        /// Index in `TableOrigin::parts` of the table in them, such as a sheet; `None`: the most likely one.
        part: Option<usize>,
    },
    /// Read the open file anew with another dialect. Answered as `Open`.
    Reread {
        /// The dialect.
        dialect: Dialect,
    },
    /// Prepare the open table's rows as training on them would, and describe them as samples of a network; only after
    /// `Scanned`. A newer command replaces a pending one. Answered by `RowsDescribed`.
    DescribeRows {
        /// Largest number of rows; of more, a sample is drawn.
        limit: Option<usize>,
        /// Seed of that sample.
        seed: u64,
        /// Columns that a network learns from the others: no part of a sample ([`crate::Experiment::attributes`]).
        #[serde(default)]
        attributes: Vec<String>,
    },
    /// Fit a detector on the open file and score all its rows. Answered by `DetectorReady`, then by `Scored`.
    Fit {
        /// Plan of the detector.
        plan: Box<DetectorPlan>,
    },
    /// Read the open table, and say what is wrong with the label of a plan; only after `Scanned`. It waits for the current
    /// job; a newer command replaces a pending one, and `Fit` ends it. Answered by `LabelChecked`.
    CheckLabel {
        /// Plan of the detector, with a label.
        plan: Box<DetectorPlan>,
    },
    /// Fit the baselines on the same rows. Answered by `Compared`.
    Compare,
    /// Stop the current job. Training keeps its best weights and continues with scoring; other jobs are cancelled.
    Stop,
    /// Cancel the current job. Answered by `Cancelled`.
    Cancel,
    /// Read rows of the scored table. Answered by `Rows` with the same `request`.
    Rows {
        /// Number of the request; only the answer to the newest one counts.
        request: u32,
        /// The rows.
        query: RowQuery,
    },
    /// Explain a row's score by contributions of its columns. Answered by `Details`.
    Details {
        /// Number of the row in the file, from 1.
        row: u64,
    },
    /// Choose the threshold. Answered by `Threshold`.
    SetThreshold {
        /// Rule of the threshold.
        rule: ThresholdRule,
    },
    /// Serialise the current detector. Answered by `DetectorSaved`.
    SaveDetector {
        /// True to include the replay buffer: prepared rows of the training table, which fine-tuning needs.
        with_replay: bool,
    },
    /// Open a detector file. Answered by `DetectorReady`; if the file is refused, the current detector stays.
    OpenDetector {
        /// The `.safetensors` file.
        file: NamedFile,
    },
    /// Score one file, or several with the same columns, with the current detector. Answered by `UnmatchedColumns` if
    /// columns of the detector are not found by their names and others are left over; else by `Opened`, then by `Scored`
    /// with drift.
    Score {
        /// The files.
        files: Vec<FileSlot>,
    },
    /// Score the file of `UnmatchedColumns`. Answered by `Opened`, then by `Scored` with drift; if the map is refused,
    /// the question stands.
    MapColumns {
        /// Columns of the detector with their names in the file. Those without one are read as missing.
        map: Vec<RenamedColumn>,
    },
    /// Fine-tune the detector on the open file and the replay buffer. Answered by `FineTuned`, then by `Scored`.
    FineTune,
    /// Export the scored table. Answered by `ExportPart`s, then by `Exported`.
    ExportScored {
        /// Format of the file.
        format: ScoredFormat,
    },
    /// Fill the missing cells of the scored table. Answered by `ExportPart`s, then by `Filled` and `Exported`.
    FillMissing,
    /// Export the HTML report. Answered by `ExportPart`s, then by `Exported`.
    ExportReport,
}

impl TableCommand {
    /// Name of the command, for the log.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Open { .. } => "table.open",
            Self::Reread { .. } => "table.reread",
            Self::DescribeRows { .. } => "table.describe_rows",
            Self::Fit { .. } => "table.fit",
            Self::CheckLabel { .. } => "table.check_label",
            Self::Compare => "table.compare",
            Self::Stop => "table.stop",
            Self::Cancel => "table.cancel",
            Self::Rows { .. } => "table.rows",
            Self::Details { .. } => "table.details",
            Self::SetThreshold { .. } => "table.set_threshold",
            Self::SaveDetector { .. } => "table.save_detector",
            Self::OpenDetector { .. } => "table.open_detector",
            Self::Score { .. } => "table.score",
            Self::MapColumns { .. } => "table.map_columns",
            Self::FineTune => "table.fine_tune",
            Self::ExportScored { .. } => "table.export_scored",
            Self::FillMissing => "table.fill_missing",
            Self::ExportReport => "table.export_report",
        }
    }
}
