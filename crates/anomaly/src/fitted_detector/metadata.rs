//! Metadata of a detector beside its arrays.

use pinhole_protocol::table::DetectorPlan;
use pinhole_table::preparation::Preparation;

use crate::{
    constants::ConstantColumn, derived::DerivedColumns, entity::EntityProfiles, scoring::ColumnReference,
    training_memory::TrainingMemory,
};

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
    /// Columns that were not read, as they had one value in all rows of the training table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constants: Vec<ConstantColumn>,
    /// Distribution of each column in the training sample.
    pub references: Vec<ColumnReference>,
    /// Distribution of the training table's scores.
    pub score_reference: Option<ColumnReference>,
    /// The score above which rows are flagged.
    pub threshold: Option<f64>,
    /// Number of rows of each file that are flagged, where that is the rule, and not the threshold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u64>,
    /// Threshold and score reference of the ensemble without its neighbours, for a file without their rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_neighbours: Option<Calibration>,
    /// The tables that trained; empty in files of an older Pinhole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub training_memory: Vec<TrainingMemory>,
    pub trained_rows: u64,
    pub elapsed_s: f64,
}

/// Threshold and distribution of the scores of an ensemble that lacks a member.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct Calibration {
    /// The score above which as many rows are flagged as by all members.
    pub threshold: Option<f64>,
    /// Distribution of the training table's scores.
    pub score_reference: Option<ColumnReference>,
}

impl DetectorMetadata {
    /// Number of columns that are derived from others: those of earlier rows, then those of entities.
    pub fn derived_columns(&self) -> usize {
        self.derived.as_ref().map_or(0, DerivedColumns::len)
            + self.entities.as_ref().map_or(0, |entities| entities.categories.len())
    }

    /// Number of columns that are read from a file.
    pub fn read_columns(&self) -> usize {
        self.preparation.columns.len().saturating_sub(self.derived_columns())
    }

    /// True if the columns that are derived from others are those of its preparation.
    pub fn has_valid_columns(&self) -> bool {
        let read = self.read_columns();
        let with_derived = read + self.derived.as_ref().map_or(0, DerivedColumns::len);
        (read > 0 || self.derived_columns() == 0)
            && self.derived.as_ref().is_none_or(|derived| derived.are_of(read))
            && self.entities.as_ref().is_none_or(|entities| entities.is_valid(with_derived))
    }
}
