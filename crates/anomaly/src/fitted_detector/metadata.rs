//! Metadata of a detector beside its arrays.

use pinhole_protocol::table::DetectorPlan;
use pinhole_table::preparation::Preparation;

use crate::{derived::DerivedColumns, entity::EntityProfiles, scoring::ColumnReference};

/// Everything that a detector file holds beside the detector's arrays.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct DetectorMetadata {
    pub plan: DetectorPlan,
    pub preparation: Preparation,
    /// Columns that are derived from a row and those before it; the preparation has them after those of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derived: Option<DerivedColumns>,
    /// What is usual for each entity, where rows are compared with those of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entities: Option<EntityProfiles>,
    /// Distribution of each column in the training sample.
    pub references: Vec<ColumnReference>,
    /// Distribution of the training table's scores.
    pub score_reference: Option<ColumnReference>,
    /// The score above which rows are flagged.
    pub threshold: Option<f64>,
    pub trained_rows: u64,
    pub elapsed_s: f64,
}
