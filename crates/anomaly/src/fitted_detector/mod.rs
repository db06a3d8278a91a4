//! A trained detector with everything that it needs to read and score a table.

mod file;
mod metadata;

use std::borrow::Cow;

use pinhole_protocol::table::{
    ColumnKind, DetectorPlan, DetectorSummary, LabelPlan, RowChoice, ThresholdReport, ThresholdRule, UnmatchedColumns,
};
use pinhole_table::{
    preparation::{ColumnMatch, MatchOptions, Preparation, TransformCounts, position_of_name},
    records::{Record, RecordBatch},
    typed::{ColumnSpec, TypedReader, TypedTable},
};

use crate::{
    AnomalyError,
    constants::ConstantColumn,
    derived::{DerivedColumns, DerivedReader},
    detector::{Detector, FeatureTable, RowScores},
    entity::EntityProfiles,
    ranking::ScoredRows,
    scoring::{ColumnReference, score_of_flagged},
    table::Table,
    training_memory::TrainingMemory,
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
    /// Columns that are not read, as they have one value in all rows.
    pub constants: Vec<ConstantColumn>,
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

    /// Names of the columns that it looks for in a table: those that it reads, and the entity's.
    pub fn columns_to_find(&self) -> Vec<String> {
        let key = self.metadata.entities.as_ref().map(|entities| entities.key.clone());
        self.column_names().into_iter().chain(key).collect()
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

    /// Finds its columns in a table, by name.
    ///
    /// # Errors
    /// When the table has none of them, or its map of renamed columns does not fit.
    pub fn bind(&self, table: &Table) -> Result<ColumnBinding, AnomalyError> {
        let names = table.column_names();
        let preparation = self.read_preparation();
        let matched = preparation
            .match_columns(&names, &self.match_options(table))
            .map_err(|problem| AnomalyError::Incompatible { name: table.name().to_owned(), problem })?;
        let mut wanted = preparation.column_specs(&matched);
        let mut notes = matched.warnings.clone();
        if let Some(entities) = &self.metadata.entities {
            let (key, index) = (entities.key.clone(), self.key_index(&matched, &entities.key));
            if index.is_none() {
                notes
                    .push(format!("The file lacks \"{key}\", so that no row is compared with those of its own {key}."));
            }
            wanted.push(ColumnSpec { name: key, kind: ColumnKind::Categorical, index });
        }
        let label = self.label().and_then(|label| {
            let index = position_of_name(&names, &label.column)?;
            Some((index, label.anomalous_values.as_slice()))
        });
        let reader = TypedReader::with_columns(table.dialect(), wanted, label);
        Ok(ColumnBinding { matched, reader, notes })
    }

    /// Columns that [`Self::bind`] does not find in a table, and those of the table that are left over; `None` if no
    /// person can match them: none is missing, none is left over, or the table seems to be another.
    pub fn unmatched_columns(&self, table: &Table) -> Option<UnmatchedColumns> {
        let names = table.column_names();
        let matched = self.read_preparation().find_columns(&names, &self.match_options(table)).ok()?;
        let label = self.label().and_then(|label| position_of_name(&names, &label.column));
        let is_free = |index: &usize| Some(*index) != label;
        let mut unused: Vec<String> =
            matched.unused.iter().filter(|index| is_free(index)).map(|&index| names[index].clone()).collect();
        // New columns first: one that the training table has under the same name is hardly another of its columns.
        let plan = &self.metadata.plan;
        unused.sort_by_key(|name| plan.columns.iter().any(|column| column.name == *name));
        let missing = matched.missing;
        let is_another = missing.len() >= self.read_columns() && unused.len() < missing.len();
        if missing.is_empty() || unused.is_empty() || is_another {
            return None;
        }
        Some(UnmatchedColumns { name: table.name().to_owned(), missing, unused })
    }

    /// Columns of a file that are read and are no features, each once: those of the entity and of the time.
    fn keys(&self) -> impl Iterator<Item = &str> {
        let DetectorMetadata { entities, derived, .. } = &self.metadata;
        let of_derived = derived.iter().flat_map(|derived| derived.entity.iter().chain([&derived.time]));
        let mut keys: Vec<&str> =
            entities.iter().map(|entities| &entities.key).chain(of_derived).map(String::as_str).collect();
        keys.dedup();
        keys.into_iter()
    }

    /// Index in a file of one of the [`Self::keys`]; `None` if the file lacks it.
    fn key_index(&self, matched: &ColumnMatch, key: &str) -> Option<usize> {
        let place = self.keys().position(|own| own == key)?;
        matched.indices.get(self.read_columns() + place).copied().flatten()
    }

    fn match_options(&self, table: &Table) -> MatchOptions {
        let plan = &self.metadata.plan;
        let unread = plan.columns.iter().filter(|column| !column.used).map(|column| column.name.clone());
        MatchOptions {
            keys: self.keys().map(str::to_owned).collect(),
            unread: unread
                .chain(plan.label.iter().map(|label| label.column.clone()))
                .chain(plan.entity.clone())
                .collect(),
            map: table.renamed_columns().to_vec(),
        }
    }

    /// Columns that it does not read, as they had one value in all rows of the training table.
    pub(crate) fn constants(&self) -> &[ConstantColumn] {
        &self.metadata.constants
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
        let index = |key: &String| self.key_index(&binding.matched, key);
        let (time, entity) = (index(&derived.time), derived.entity.as_ref().and_then(index));
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

    /// Entity that a row of a bound table belongs to; `None` if rows are not compared within entities.
    pub(crate) fn entity_of<'a>(&self, binding: &ColumnBinding, record: &Record<'a>) -> Option<&'a str> {
        self.metadata.entities.as_ref()?;
        Some(record.cell(binding.reader.columns().last()?.index?).trim())
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
