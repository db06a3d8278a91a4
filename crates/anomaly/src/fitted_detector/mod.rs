//! A trained detector with everything that it needs to read and score a table.

mod file;
mod metadata;

use std::borrow::Cow;

use pinhole_protocol::table::{
    ColumnKind, DetectorPlan, DetectorSummary, LabelPlan, RowChoice, ThresholdReport, ThresholdRule,
};
use pinhole_table::{
    preparation::{ColumnMatch, Preparation, TransformCounts, letters_and_digits},
    records::RecordBatch,
    typed::{ColumnSpec, TypedReader, TypedTable},
};

use crate::{
    AnomalyError,
    derived::{DerivedColumns, DerivedReader},
    detector::{Detector, FeatureTable},
    entity::EntityProfiles,
    row_roles::RowRoles,
    scoring::ColumnReference,
    table::Table,
};

use self::metadata::DetectorMetadata;

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
    /// The detector of prepared rows.
    pub detector: Detector,
}

/// Positions of a detector's columns in a table, and the reader of them.
pub struct ColumnBinding {
    /// Index of each of the detector's columns in the table.
    pub matched: ColumnMatch,
    /// Reads these columns, and the label if the table has it; no row was read yet.
    pub reader: TypedReader,
    /// Notes on columns that do not fit, one sentence each.
    pub notes: Vec<String>,
}

impl FittedDetector {
    /// A detector that was trained on `sample`.
    pub(crate) fn new(
        name: String,
        plan: DetectorPlan,
        Fitted { preparation, derived, entities, detector }: Fitted,
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
                references: sample.columns.iter().map(ColumnReference::of_column).collect(),
                score_reference: None,
                threshold: None,
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
        let plan = &self.metadata.plan;
        self.metadata.threshold.map_or(ThresholdRule::Contamination(plan.contamination), ThresholdRule::Score)
    }

    /// Sets the threshold for tables that it was not trained on.
    pub fn set_threshold(&mut self, threshold: &ThresholdReport) {
        self.metadata.threshold = Some(threshold.value);
    }

    /// Sets the reference distribution of scores, with which those of other tables are compared: of the normal rows
    /// that did not train, or of all rows if there are none.
    pub fn set_score_reference(&mut self, scores: &[f64], roles: &RowRoles) {
        let held_out: Vec<f64> =
            (0..scores.len()).filter(|&row| roles.is_held_out_normal(row)).map(|row| scores[row]).collect();
        let reference = if held_out.is_empty() { scores } else { &held_out };
        self.metadata.score_reference = Some(ColumnReference::of_numbers(reference));
    }

    /// Finds its columns in a table, by name.
    ///
    /// # Errors
    /// When the table has none of them.
    pub fn bind(&self, table: &Table) -> Result<ColumnBinding, AnomalyError> {
        let names = table.column_names();
        let key = self.metadata.entities.as_ref().map(|entities| entities.key.clone());
        let derived = self.metadata.derived.as_ref();
        let others = derived.into_iter().flat_map(|derived| derived.entity.iter().chain([&derived.time]).cloned());
        let excluded: Vec<String> =
            self.label().map(|label| label.column.clone()).into_iter().chain(key.clone()).chain(others).collect();
        let preparation = self.read_preparation();
        let matched = preparation
            .match_columns(&names, &excluded)
            .map_err(|problem| AnomalyError::Incompatible { name: table.name().to_owned(), problem })?;
        let mut wanted = preparation.column_specs(&matched);
        let mut notes = matched.warnings.clone();
        if let Some(key) = key {
            let index = find_column(&names, &key);
            if index.is_none() {
                notes
                    .push(format!("The file lacks \"{key}\", so that no row is compared with those of its own {key}."));
            }
            wanted.push(ColumnSpec { name: key, kind: ColumnKind::Categorical, index });
        }
        let label = self.label().and_then(|label| {
            let index = names.iter().position(|name| *name == label.column)?;
            Some((index, label.anomalous_values.as_slice()))
        });
        let reader = TypedReader::with_columns(table.dialect(), wanted, label);
        Ok(ColumnBinding { matched, reader, notes })
    }

    /// The preparation of the columns that are read from a file.
    fn read_preparation(&self) -> Cow<'_, Preparation> {
        let preparation = &self.metadata.preparation;
        if self.read_columns() == self.columns() {
            return Cow::Borrowed(preparation);
        }
        Cow::Owned(Preparation { columns: preparation.columns[..self.read_columns()].to_vec(), ..*preparation })
    }

    /// A reader of the derived columns, at the first row of a table to whose columns the detector is bound; `None` if
    /// there are none.
    pub(crate) fn derived_reader(&self, binding: &ColumnBinding, table: &Table) -> Option<DerivedReader> {
        let derived = self.metadata.derived.as_ref()?;
        let names = table.column_names();
        let entity = derived.entity.as_ref().and_then(|entity| find_column(&names, entity));
        let time = find_column(&names, &derived.time);
        Some(DerivedReader::new(derived, table.dialect(), &binding.matched.indices, time, entity))
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

    /// The score of each prepared row, and what each column adds to it, [rows, columns].
    pub(crate) fn explained_scores(&self, rows: &[f32]) -> (Vec<f64>, Vec<f32>) {
        let groups: Vec<_> = self.metadata.preparation.groups().into_iter().map(|group| group.features).collect();
        self.detector.explained_scores(rows, &groups)
    }
}

/// Index of the column with this name, or of the first whose name has the same letters and digits.
fn find_column(names: &[String], column: &str) -> Option<usize> {
    let like = || names.iter().position(|name| letters_and_digits(name) == letters_and_digits(column));
    names.iter().position(|name| name == column).or_else(like)
}
