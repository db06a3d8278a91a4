//! Metadata of a detector beside its arrays.

use pinhole_protocol::table::DetectorPlan;
use pinhole_table::preparation::Preparation;

use crate::{constants::ConstantColumn, entity::EntityProfiles, scoring::ColumnReference};

/// Everything that a detector file holds beside the detector's arrays.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct DetectorMetadata {
    pub plan: DetectorPlan,
    pub preparation: Preparation,
    /// What is usual for each entity, where rows are compared with those of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entities: Option<EntityProfiles>,
    /// Columns that were not read, as they had one value in all rows of the training table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constants: Vec<ConstantColumn>,
    /// Distribution of each column in the training sample.
    pub references: Vec<ColumnReference>,
    /// Distribution of the training table's scores.
    pub score_reference: Option<ColumnReference>,
    /// The score above which rows are flagged.
    pub threshold: Option<f64>,
    pub trained_rows: u64,
    pub elapsed_s: f64,
}
