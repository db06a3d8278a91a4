//! What the page asks about tables.

use serde::{Deserialize, Serialize};

use super::{DetectorPlan, Dialect, RowQuery, ThresholdRule};
use crate::NamedFile;

/// A file that stays where it is: its handle travels beside the command, in the list that the page posts with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSlot {
    /// Its name.
    pub name: String,
    /// Index in the list of handles.
    pub index: usize,
}

/// One thing to do with tables. Work longer than a moment is followed by `TableEvent::Progress` and ends with the event
/// named, with `Cancelled`, or with `Event::Failed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableCommand {
    /// Look into a file. Answered by `Opened` as soon as the first rows are read, then by `Scanned`.
    Open {
        /// Which.
        file: FileSlot,
    },
    /// Read the file in hand differently. Answered as `Open`.
    Reread {
        /// How.
        dialect: Dialect,
    },
    /// Prepare the rows of the table in hand as training on them would, and say what they are to a network; not before
    /// the table was read. A newer question takes the place of the last. Answered by `RowsDescribed`.
    DescribeRows {
        /// Of more rows a sample is drawn.
        limit: Option<usize>,
        /// Draws it.
        seed: u64,
    },
    /// Train a detector on the file in hand and score all its rows. Answered by `DetectorReady`, then by `Scored`.
    Fit {
        /// How.
        plan: Box<DetectorPlan>,
    },
    /// Fit the other methods on the same rows. Answered by `Compared`.
    Compare,
    /// End the work under way. Training keeps its best weights and goes on to scoring; the rest is given up.
    Stop,
    /// Give up the work under way. Answered by `Cancelled`.
    Cancel,
    /// Rows of the scored table. Answered by `Rows` with the same `request`.
    Rows {
        /// Chosen by the asker; only the newest answer matters.
        request: u32,
        /// Which.
        query: RowQuery,
    },
    /// Why a row is odd. Answered by `Details`.
    Details {
        /// Its number in the file, from 1.
        row: u64,
    },
    /// Choose the threshold. Answered by `Threshold` and by `Columns`.
    SetThreshold {
        /// How.
        rule: ThresholdRule,
    },
    /// Write the detector in hand. Answered by `DetectorSaved`.
    SaveDetector {
        /// Whether the file holds the replay buffer: prepared rows of the training table, needed to fine-tune.
        with_replay: bool,
    },
    /// Take this detector. Answered by `DetectorReady`; the one in hand stays if the file is refused.
    OpenDetector {
        /// The `.safetensors` file.
        file: NamedFile,
    },
    /// Score a file with the detector in hand. Answered by `Opened`, then by `Scored` with drift.
    Score {
        /// Which.
        file: FileSlot,
    },
    /// Train the detector on, on the file in hand and the replay buffer. Answered by `FineTuned`, then by `Scored`.
    FineTune,
    /// Write the scored table. Answered by `ExportPart`s and then `Exported`.
    ExportScored,
    /// Write the report. Answered by `ExportPart`s and then `Exported`.
    ExportReport,
}
