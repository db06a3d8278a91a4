//! A trained detector with everything that it needs to read and score a table.

mod binding;
mod file;
mod metadata;
mod row_autoencoder;

use pinhole_protocol::table::{DetectorPlan, DetectorSummary, LabelPlan, RowChoice, ThresholdReport, ThresholdRule};
use pinhole_table::{
    preparation::{Preparation, TransformCounts},
    records::RecordBatch,
    typed::TypedTable,
};

use crate::{
    AnomalyError,
    constants::ConstantColumn,
    derived::DerivedColumns,
    detector::{Detector, FeatureTable, RowScores},
    entity::EntityProfiles,
    ranking::ScoredRows,
    scoring::{ColumnReference, score_of_flagged},
    training_memory::TrainingMemory,
};

use self::metadata::DetectorMetadata;
pub use self::{binding::ColumnBinding, row_autoencoder::RowAutoencoder};

/// A detector, its preparation, its threshold, and the distributions of its training table.
#[derive(Clone, Debug)]
pub struct FittedDetector {
    name: String,
    metadata: DetectorMetadata,
    detector: Detector,
}

/// What fitting finds.
pub(crate) struct Fitted {
    /// Scaling and encoding of each column.
    pub preparation: Preparation,
    /// Columns that are derived from a row and those before it.
    pub derived: Option<DerivedColumns>,
    /// What is usual for each entity.
    pub entities: Option<EntityProfiles>,
    /// Columns that are not read, as they have one value in all rows.
    pub constants: Vec<ConstantColumn>,
    /// The detector of prepared rows.
    pub detector: Detector,
}

impl FittedDetector {
    /// A detector that was trained on `sample`.
    pub(crate) fn new(
        name: String,
        plan: DetectorPlan,
        Fitted { preparation, derived, entities, constants, detector }: Fitted,
        sample: &TypedTable,
        elapsed_s: f64,
    ) -> Self {
        Self {
            name,
            metadata: DetectorMetadata {
                plan,
                preparation,
                derived,
                entities,
                constants,
                references: sample.columns.iter().map(ColumnReference::of_column).collect(),
                score_reference: None,
                threshold: None,
                capacity: None,
                without_neighbours: None,
                training_memory: Vec::new(),
                trained_rows: sample.rows() as u64,
                elapsed_s,
            },
            detector,
        }
    }

    /// Summary for a person.
    pub fn summary(&self) -> DetectorSummary {
        DetectorSummary {
            name: self.name.clone(),
            method: self.metadata.plan.method,
            columns: self.column_names().into_iter().take(self.read_columns()).collect(),
            features: self.features(),
            trained_rows: self.metadata.trained_rows,
            description: self.describe(),
            elapsed_s: self.metadata.elapsed_s,
            replay_rows: self.replay().map_or(0, FeatureTable::len) as u64,
            warnings: self.detector.warnings().into_iter().chain(self.nothing_derived()).collect(),
        }
    }

    /// Sentence about a time column by which nothing was derived.
    fn nothing_derived(&self) -> Option<String> {
        let time = self.metadata.plan.time.as_ref().filter(|_| self.metadata.derived.is_none())?;
        Some(format!(
            "Rows are not compared with those before them by \"{time}\": no numeric column has enough rows and changes often."
        ))
    }

    /// The detector in words, the columns that it derives, and those that it compares within entities.
    fn describe(&self) -> String {
        let mut description = self.detector.describe();
        if let Some(derived) = &self.metadata.derived {
            let columns = if derived.len() == 1 { "1 column".into() } else { format!("{} columns", derived.len()) };
            description = format!("{description}; {columns} of the rows before by {}", derived.time);
        }
        let Some(entities) = &self.metadata.entities else { return description };
        let columns = self.column_names();
        let compared = entities.columns.iter().map(|own| own.column);
        let compared = compared.chain(entities.categories.iter().map(|own| own.column));
        let names: Vec<&str> = compared.map(|column| columns[column].as_str()).collect();
        format!("{description}; {} by {}", names.join(", "), entities.key)
    }

    /// Plan by which it was fitted.
    pub const fn plan(&self) -> &DetectorPlan {
        &self.metadata.plan
    }

    /// Label of its training table, which another table may have too.
    pub const fn label(&self) -> Option<&LabelPlan> {
        self.metadata.plan.label.as_ref()
    }

    /// True if it was fitted on rows that the label calls normal, false if on all rows.
    pub fn is_semi_supervised(&self) -> bool {
        self.metadata.plan.label.is_some() && self.metadata.plan.rows == RowChoice::Auto
    }

    /// Scaling and encoding of each column.
    pub const fn preparation(&self) -> &Preparation {
        &self.metadata.preparation
    }

    /// Number of its columns: those that it reads, then those that are derived.
    pub fn columns(&self) -> usize {
        self.metadata.preparation.columns.len()
    }

    /// Number of columns that are derived from a row and those before it.
    pub(crate) fn derived_columns(&self) -> usize {
        self.metadata.derived.as_ref().map_or(0, DerivedColumns::len)
    }

    /// Number of columns that it reads from a file; those that are derived follow.
    pub(crate) fn read_columns(&self) -> usize {
        self.metadata.read_columns()
    }

    /// Names of its columns.
    pub fn column_names(&self) -> Vec<String> {
        self.metadata.preparation.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// Names of the columns that it looks for in a table: those that it reads, and those of entity and time.
    pub fn columns_to_find(&self) -> Vec<String> {
        let read = self.column_names().into_iter().take(self.read_columns());
        read.chain(self.keys().map(str::to_owned)).collect()
    }

    /// Number of features of a row.
    pub fn features(&self) -> usize {
        self.metadata.preparation.feature_count()
    }

    /// Distribution of each column in training.
    pub(crate) fn references(&self) -> &[ColumnReference] {
        &self.metadata.references
    }

    /// Distribution of the training table's scores.
    pub(crate) const fn score_reference(&self) -> Option<&ColumnReference> {
        self.metadata.score_reference.as_ref()
    }

    /// The detector's own threshold, for tables that it was not trained on.
    pub fn threshold_rule(&self) -> ThresholdRule {
        let DetectorMetadata { plan, threshold, capacity, .. } = &self.metadata;
        match (capacity, threshold) {
            (Some(rows), _) => ThresholdRule::Capacity(*rows),
            (None, Some(score)) => ThresholdRule::Score(*score),
            (None, None) => ThresholdRule::Contamination(plan.contamination),
        }
    }

    /// Sets the threshold for tables that it was not trained on, of rows with these scores.
    pub fn set_threshold(&mut self, threshold: &ThresholdReport, rows: &ScoredRows) {
        self.metadata.threshold = Some(threshold.value);
        self.metadata.capacity = match threshold.rule {
            ThresholdRule::Capacity(rows) => Some(rows),
            _ => None,
        };
        let value = rows.without_neighbours().and_then(|scores| score_of_flagged(scores, threshold.flagged));
        if let Some(value) = value {
            self.metadata.without_neighbours.get_or_insert_default().threshold = Some(value);
        }
    }

    /// Sets the reference distribution of scores, with which those of other tables are compared: of the normal rows
    /// that did not train, or of all rows if there are none.
    pub fn set_score_reference(&mut self, rows: &ScoredRows) {
        let held_out: Vec<usize> = (0..rows.len()).filter(|&row| rows.roles.is_held_out_normal(row)).collect();
        let reference = |scores: &[f64]| {
            let of_held_out: Vec<f64> = held_out.iter().map(|&row| scores[row]).collect();
            ColumnReference::of_numbers(if of_held_out.is_empty() { scores } else { &of_held_out })
        };
        self.metadata.score_reference = Some(reference(rows.scores()));
        if let Some(scores) = rows.without_neighbours() {
            self.metadata.without_neighbours.get_or_insert_default().score_reference = Some(reference(scores));
        }
    }

    /// Tables that trained it.
    pub(crate) fn training_memory(&self) -> &[TrainingMemory] {
        &self.metadata.training_memory
    }

    /// Remembers a table that trained it.
    pub(crate) fn remember(&mut self, memory: TrainingMemory) {
        if !self.metadata.training_memory.contains(&memory) {
            self.metadata.training_memory.push(memory);
        }
    }

    /// Number of rows that it was fitted on.
    pub(crate) const fn trained_rows(&self) -> u64 {
        self.metadata.trained_rows
    }

    /// Columns that it does not read, as they had one value in all rows of the training table.
    pub(crate) fn constants(&self) -> &[ConstantColumn] {
        &self.metadata.constants
    }

    /// Features of the rows in a batch, and notes on the values that did not fit. `derived` are the derived numbers of
    /// the rows, [rows, columns].
    pub(crate) fn prepare(
        &self,
        binding: &ColumnBinding,
        batch: &RecordBatch,
        derived: &[f32],
    ) -> Result<(Vec<f32>, TransformCounts), AnomalyError> {
        // Its dictionaries begin empty, so that no row depends on those read before.
        let mut reader = binding.reader.clone();
        reader.read(batch);
        let mut features = Vec::new();
        let notes = self.transform(reader.table_mut(), derived, &mut features)?;
        Ok((features, notes))
    }

    /// Appends the features of typed rows, to which the derived numbers, [rows, columns], are added as columns, and whose
    /// numbers are compared with those of their entities first. [`Self::remove_derived`] is due before more rows are
    /// read.
    ///
    /// # Errors
    /// When the columns are not the detector's.
    pub(crate) fn transform(
        &self,
        rows: &mut TypedTable,
        derived: &[f32],
        features: &mut Vec<f32>,
    ) -> Result<TransformCounts, AnomalyError> {
        if let Some(columns) = &self.metadata.derived {
            columns.insert(derived, rows, self.read_columns());
        }
        let keys = self.metadata.entities.as_ref().and_then(|entities| entities.compare_within(rows));
        let counts = self.metadata.preparation.transform(rows, features)?;
        rows.columns.extend(keys);
        Ok(counts)
    }

    /// Removes the columns that [`Self::transform`] has added.
    pub(crate) fn remove_derived(&self, rows: &mut TypedTable) {
        rows.columns.drain(self.read_columns()..self.columns());
    }

    /// Columns that are derived from a row and those before it.
    pub(crate) const fn derived(&self) -> Option<&DerivedColumns> {
        self.metadata.derived.as_ref()
    }

    /// What is usual for each entity.
    pub(crate) const fn entities(&self) -> Option<&EntityProfiles> {
        self.metadata.entities.as_ref()
    }

    /// The detector itself, which scores prepared rows.
    pub(crate) const fn detector(&self) -> &Detector {
        &self.detector
    }

    /// The same metadata with another detector.
    pub(crate) fn with_detector(&self, detector: Detector) -> Self {
        Self { detector, ..self.clone() }
    }

    /// Prepared training rows for replay; `None` if the method keeps none.
    pub(crate) fn replay(&self) -> Option<&FeatureTable> {
        match &self.detector {
            Detector::Ensemble(ensemble) => Some(ensemble.references()),
            Detector::Pca(_) | Detector::IsolationForest { .. } => None,
        }
    }

    /// Appends the anomaly score of each prepared row.
    pub fn score(&self, rows: &[f32], scores: &mut Vec<f64>) {
        self.detector.score(rows, scores);
    }

    /// Scores of prepared rows.
    pub(crate) fn row_scores(&self, rows: &[f32]) -> RowScores {
        self.detector.row_scores(rows)
    }

    /// The score of each prepared row, and what each column adds to it, [rows, columns].
    pub(crate) fn explained_scores(&self, rows: &[f32]) -> (RowScores, Vec<f32>) {
        let groups: Vec<_> = self.metadata.preparation.groups().into_iter().map(|group| group.features).collect();
        self.detector.explained_scores(rows, &groups)
    }
}
