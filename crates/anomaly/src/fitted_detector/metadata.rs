//! Metadata of a detector beside its arrays.

use pinhole_protocol::table::DetectorPlan;
use pinhole_table::preparation::Preparation;

use crate::scoring::ColumnReference;

/// Everything that a detector file holds beside the detector's arrays.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct DetectorMetadata {
    pub plan: DetectorPlan,
    pub preparation: Preparation,
    /// Distribution of each column in the training sample.
    pub references: Vec<ColumnReference>,
    /// Distribution of the training table's scores.
    pub score_reference: Option<ColumnReference>,
    /// The score above which rows are flagged.
    pub threshold: Option<f64>,
    pub trained_rows: u64,
    pub elapsed_s: f64,
}
