//! A detector with everything that it needs to read a table, in hand and in a file.

use pinhole_protocol::table::{DetectorPlan, DetectorSummary, LabelPlan, RowChoice, ThresholdReport, ThresholdRule};
use pinhole_table::{
    preparation::{ColumnMatch, Preparation, TransformCounts},
    records::RecordBatch,
    typed::{TypedReader, TypedTable},
};

use super::{drift::references, rows::RowRoles, table::Table};
use crate::{
    EngineError,
    detector::{Detector, FeatureTable},
    scoring::ColumnReference,
};

/// A detector, its preparation, its threshold, and what its training table was like.
#[derive(Clone, Debug)]
pub struct StoredDetector {
    pub(super) name: String,
    pub(super) facts: Facts,
    pub(super) detector: Detector,
}

/// What stands beside the detector's arrays in its file.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct Facts {
    pub plan: DetectorPlan,
    pub preparation: Preparation,
    pub references: Vec<ColumnReference>,
    pub score_reference: Option<ColumnReference>,
    /// The score above which rows are flagged.
    pub threshold: Option<f64>,
    pub trained_rows: u64,
    pub elapsed_s: f64,
}

/// How the detector's columns lie in a table.
pub struct Binding {
    /// Where each column is.
    pub matched: ColumnMatch,
    /// Reads them.
    pub reader: TypedReader,
    /// What does not fit, a sentence each.
    pub notes: Vec<String>,
}

impl StoredDetector {
    /// Of a detector that was trained on the sample.
    pub(super) fn new(
        name: String,
        plan: DetectorPlan,
        preparation: Preparation,
        detector: Detector,
        sample: &TypedTable,
        elapsed_s: f64,
    ) -> Self {
        Self {
            name,
            facts: Facts {
                plan,
                preparation,
                references: references(sample),
                score_reference: None,
                threshold: None,
                trained_rows: sample.rows() as u64,
                elapsed_s,
            },
            detector,
        }
    }

    /// What people are told of it.
    pub fn summary(&self) -> DetectorSummary {
        DetectorSummary {
            name: self.name.clone(),
            method: self.facts.plan.method,
            columns: self.column_names(),
            features: self.features(),
            trained_rows: self.facts.trained_rows,
            description: self.detector.describe(),
            elapsed_s: self.facts.elapsed_s,
            replay_rows: self.replay().map_or(0, FeatureTable::len) as u64,
            warnings: self.detector.warnings(),
        }
    }

    /// How it was asked for.
    pub const fn plan(&self) -> &DetectorPlan {
        &self.facts.plan
    }

    /// The label that it knows, which another table may have too.
    pub const fn label(&self) -> Option<&LabelPlan> {
        self.facts.plan.label.as_ref()
    }

    /// Whether the label said which rows trained it.
    pub fn learns_from_normals(&self) -> bool {
        self.facts.plan.label.is_some() && self.facts.plan.rows == RowChoice::Auto
    }

    /// How rows become features.
    pub const fn preparation(&self) -> &Preparation {
        &self.facts.preparation
    }

    /// Columns that it reads.
    pub fn columns(&self) -> usize {
        self.facts.preparation.columns.len()
    }

    /// Their names.
    pub fn column_names(&self) -> Vec<String> {
        self.facts.preparation.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// Features of a row.
    pub fn features(&self) -> usize {
        self.facts.preparation.feature_count()
    }

    /// What each column was in training.
    pub(super) fn references(&self) -> &[ColumnReference] {
        &self.facts.references
    }

    /// What the scores of the training table were.
    pub(super) const fn score_reference(&self) -> Option<&ColumnReference> {
        self.facts.score_reference.as_ref()
    }

    /// Its threshold, for tables that it was not trained on.
    pub fn threshold_rule(&self) -> ThresholdRule {
        self.facts.threshold.map_or(ThresholdRule::Contamination(self.facts.plan.contamination), ThresholdRule::Score)
    }

    /// Keeps a threshold.
    pub fn set_threshold(&mut self, threshold: &ThresholdReport) {
        self.facts.threshold = Some(threshold.value);
    }

    /// Keeps what the scores of normal rows were that did not train it (else of all rows), to compare others with.
    pub fn set_scores(&mut self, scores: &[f64], roles: &RowRoles) {
        let held_out: Vec<f64> =
            (0..scores.len()).filter(|&row| roles.is_held_out_normal(row)).map(|row| scores[row]).collect();
        let compared = if held_out.is_empty() { scores } else { &held_out };
        self.facts.score_reference = Some(ColumnReference::of_numbers(compared));
    }

    /// Finds its columns in a table.
    ///
    /// # Errors
    /// When the table has none of them.
    pub fn bind(&self, table: &Table) -> Result<Binding, EngineError> {
        let names = table.column_names();
        let aside: Vec<String> = self.label().map(|label| label.column.clone()).into_iter().collect();
        let matched = self
            .facts
            .preparation
            .match_columns(&names, &aside)
            .map_err(|problem| EngineError::Unfit { name: table.name().to_owned(), problem })?;
        let wanted = self.facts.preparation.column_specs(&matched);
        let label = self.label().and_then(|label| {
            let index = names.iter().position(|name| *name == label.column)?;
            Some((index, label.anomalous_values.as_slice()))
        });
        let reader = TypedReader::with_columns(table.dialect(), wanted, label);
        let notes = matched.warnings.clone();
        Ok(Binding { matched, reader, notes })
    }

    /// The features of the rows in a batch.
    pub(super) fn prepare(&self, table: &Table, batch: &RecordBatch) -> Result<Vec<f32>, EngineError> {
        let mut reader = self.bind(table)?.reader;
        reader.read(batch);
        let mut features = Vec::new();
        self.facts.preparation.transform(reader.table(), &mut features)?;
        Ok(features)
    }

    /// What was met in preparing the rows of a batch.
    pub(super) fn transform_notes(&self, table: &Table, batch: &RecordBatch) -> Result<TransformCounts, EngineError> {
        let mut reader = self.bind(table)?.reader;
        reader.read(batch);
        Ok(self.facts.preparation.transform(reader.table(), &mut Vec::new())?)
    }

    /// Prepared rows of training, to replay; `None` where the method keeps none.
    pub(super) fn replay(&self) -> Option<&FeatureTable> {
        match &self.detector {
            Detector::Ensemble(ensemble) => Some(ensemble.references()),
            Detector::Pca(_) | Detector::IsolationForest { .. } => None,
        }
    }

    /// Appends the score of each prepared row.
    pub fn score(&self, rows: &[f32], scores: &mut Vec<f64>) {
        self.detector.score(rows, scores);
    }

    /// The squared error of each column of prepared rows, in units of its spread in training: [rows, columns].
    pub(super) fn column_errors(&self, rows: &[f32]) -> Vec<f32> {
        let errors = self.detector.feature_errors(rows);
        let groups = self.facts.preparation.groups();
        let of_row =
            |row: &[f32]| groups.iter().map(|group| row[group.features.clone()].iter().sum()).collect::<Vec<_>>();
        errors.chunks_exact(self.features().max(1)).flat_map(of_row).collect()
    }

    /// What the detector expected instead of a prepared row.
    pub(super) fn rebuild(&self, row: &[f32]) -> Vec<f32> {
        self.detector.rebuild(row)
    }

    /// What to know of the shares of a row's columns; `None`: they are the score's own.
    pub(super) fn explanation_note(&self) -> Option<&'static str> {
        self.detector.explanation_note()
    }
}
