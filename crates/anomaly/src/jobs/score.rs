//! Scoring every row of a table.

use std::rc::Rc;

use pinhole_protocol::table::{TableActivity, TableProgress};
use pinhole_table::{
    preparation::TransformCounts,
    typed::{TypedColumn, TypedReader, TypedTable},
};
use tracing::info;

use super::{
    fit::max_training_rows,
    job::{Job, ProgressMeter},
};
use crate::{
    AnomalyError,
    constants::ConstantCheck,
    derived::{DerivedReader, DerivedRows},
    detector::RowScores,
    drift::DriftCounter,
    fitted_detector::FittedDetector,
    ranking::{ColumnErrorSample, OtherTable, Ranking, RowSample, ScoredRows, ScoredTable},
    row_roles::{RowLabel, RowRoles},
    table::{SharedTable, Table},
    table_reader::TableReader,
    text,
    training_memory::TrainingMemoryReader,
};

/// Rows scored per slice: enough to fill the kernel's lanes, and some milliseconds at most.
const CHUNK_ROWS: usize = 4_096;

/// Scores a table with a detector.
pub struct ScoreJob {
    table: SharedTable,
    detector: Rc<FittedDetector>,
    reader: TableReader,
    typed: TypedReader,
    /// Reads the numbers that are derived from earlier rows.
    derived_reader: Option<DerivedReader>,
    derived: DerivedRows,
    /// Roles that fitting on this table chose; `None` if the rows are new to the detector.
    fitted_roles: Option<RowRoles>,
    /// Roles of the rows read so far, by their label alone.
    new_roles: RowRoles,
    scores: RowScores,
    memory: TrainingMemoryReader,
    /// Prepared rows of the current batch; the values before `next` are scored.
    features: Vec<f32>,
    next: usize,
    notes: TransformCounts,
    errors: ColumnErrorSample,
    sample: RowSample,
    /// Comparison with the detector's training table; `None` for that table itself.
    drift: Option<DriftCounter>,
    constants: ConstantCheck,
    column_notes: Vec<String>,
    /// Rows of entities of which nothing is known.
    unknown_entities: u64,
    meter: ProgressMeter,
}

impl ScoreJob {
    /// A job at the table's first row. `roles` are those that fitting on this table chose; another table has none, and
    /// its drift against the detector's training table is measured.
    ///
    /// # Errors
    /// When the table has none of the detector's columns.
    pub fn new(
        table: &SharedTable,
        detector: &Rc<FittedDetector>,
        roles: Option<RowRoles>,
    ) -> Result<Self, AnomalyError> {
        table.borrow().require_rows()?;
        let binding = detector.bind(&table.borrow())?;
        let derived_reader = detector.derived_reader(&binding, &table.borrow());
        let reader = TableReader::new(&table.borrow())?;
        let memory = memory_reader(detector, &table.borrow(), &binding.reader);
        let drift = roles.is_none().then(|| DriftCounter::new(detector, &binding.matched));
        let constants = ConstantCheck::new(detector.constants(), &table.borrow());
        Ok(Self {
            table: table.clone(),
            detector: detector.clone(),
            reader,
            typed: binding.reader,
            derived_reader,
            derived: DerivedRows::new(detector.derived_columns()),
            fitted_roles: roles,
            new_roles: RowRoles::default(),
            scores: RowScores::default(),
            memory,
            features: Vec::new(),
            next: 0,
            notes: TransformCounts::default(),
            errors: ColumnErrorSample::new(detector.columns()),
            sample: RowSample::new(detector.features()),
            drift,
            constants,
            column_notes: binding.notes,
            unknown_entities: 0,
            meter: ProgressMeter::start(TableActivity::Scoring),
        })
    }

    /// Reads and prepares the next batch. Returns false at the end of the table.
    fn read_batch(&mut self) -> Result<bool, AnomalyError> {
        let table = self.table.borrow();
        let Some(batch) = self.reader.next_batch(&table)? else { return Ok(false) };
        self.features.clear();
        self.next = 0;
        self.typed.table_mut().clear();
        self.typed.read(batch);
        if self.drift.is_some() {
            self.constants.read(batch);
        }
        let mut derived = Vec::new();
        if let Some(reader) = &mut self.derived_reader {
            reader.read(batch, |_| true, &mut derived);
        }
        self.notes.add(self.detector.transform(self.typed.table_mut(), &derived, &mut self.features)?);
        self.derived.extend(&derived);
        let fitted = self.fitted_roles.as_ref();
        for record in batch.records() {
            self.memory.add(&record, fitted.is_some_and(|roles| roles.is_trained(record.row() as usize - 1)));
        }
        self.unknown_entities += unknown_entities(&self.detector, self.typed.table());
        let typed = self.typed.table();
        for index in 0..typed.rows() {
            self.new_roles
                .push_unseen(typed.labels.get(index).map_or(RowLabel::Unknown, |label| RowLabel::from(*label)));
        }
        if let Some(drift) = &mut self.drift {
            drift.add_rows(typed);
        }
        self.detector.remove_derived(self.typed.table_mut());
        Ok(true)
    }

    fn score_chunk(&mut self) {
        let width = self.detector.features();
        let end = (self.next + CHUNK_ROWS * width).min(self.features.len());
        let rows = &self.features[self.next..end];
        let first = self.scores.scores.len();
        self.sample.offer(first, rows);
        self.errors.score_and_offer(first, rows, &self.detector, &mut self.scores);
        self.next = end;
    }

    fn finish(&mut self) -> Ranking {
        let memory = self.fitted_roles.is_some().then(|| self.memory.memory(false));
        let roles = self.fitted_roles.take().unwrap_or_else(|| self.roles_of_other_table());
        let scores = std::mem::take(&mut self.scores);
        info!(parent: self.meter.span(), rows = scores.scores.len(), seconds = self.meter.elapsed_s(), "table scored");
        let rows = ScoredRows::of_members(scores, roles);
        let mut warnings = self.notes.warnings();
        warnings.extend(self.typed.warnings());
        warnings.extend(self.derived_reader.iter().flat_map(DerivedReader::warnings));
        let other = self.drift.take().map(|drift| {
            let mut column_notes = std::mem::take(&mut self.column_notes);
            column_notes.extend(
                self.typed
                    .empty_columns()
                    .map(|column| format!("\"{}\" has no value in any row, and counts in no score.", column.name)),
            );
            column_notes.extend(self.constants.notes());
            column_notes.extend(self.entity_note(rows.len() as u64));
            OtherTable { drift: drift.finish(rows.scores()), column_notes }
        });
        let errors = std::mem::replace(&mut self.errors, ColumnErrorSample::new(1));
        let derived = std::mem::take(&mut self.derived);
        let sample = std::mem::replace(&mut self.sample, RowSample::new(1));
        let found = ScoredTable { rows, derived, errors, sample, other, memory, warnings };
        Ranking::new(self.table.clone(), self.detector.clone(), found)
    }

    /// A sentence if little is known of the entities of most of the rows.
    fn entity_note(&self, rows: u64) -> Option<String> {
        let entities = self.detector.entities()?;
        let is_found = self.typed.columns().last().is_some_and(|key| key.index.is_some());
        (is_found && 2 * self.unknown_entities > rows).then(|| {
            format!(
                "Of {} of {} nothing is known by \"{}\": what is compared within it counts in no score of theirs.",
                text::rows(self.unknown_entities),
                text::integer(rows),
                entities.key
            )
        })
    }

    /// Roles of the rows of a table that was not fitted just now: as in training if it is the table that the detector
    /// was fitted on, else none.
    fn roles_of_other_table(&mut self) -> RowRoles {
        let plan = self.detector.plan();
        let new = std::mem::take(&mut self.new_roles);
        if self.memory.is_fitted_table() {
            let drawn = RowRoles::choose(new.labels(), plan, max_training_rows(plan));
            // Stuck rows of a log may have been left out of those that were drawn.
            if drawn.trained() as u64 >= self.detector.trained_rows() {
                return drawn;
            }
        }
        new.with_trained_rows(self.memory.trained_rows())
    }
}

/// Number of rows whose entity, in the last column, the detector does not know.
fn unknown_entities(detector: &FittedDetector, rows: &TypedTable) -> u64 {
    let (Some(entities), Some(TypedColumn::Categories { codes, dictionary })) =
        (detector.entities(), rows.columns.last())
    else {
        return 0;
    };
    codes.iter().filter(|&&code| !dictionary.value(code).is_some_and(|entity| entities.knows(entity))).count() as u64
}

/// A reader of what a detector remembers of its training tables, for a table with these columns.
pub(super) fn memory_reader(detector: &FittedDetector, table: &Table, typed: &TypedReader) -> TrainingMemoryReader {
    let own = typed.columns().iter().take(detector.columns());
    let label = detector.label().and_then(|label| table.column_names().iter().position(|name| *name == label.column));
    TrainingMemoryReader::new(own.filter_map(|column| column.index).collect(), label, detector.training_memory())
}

impl Job for ScoreJob {
    type Output = Ranking;

    async fn advance(&mut self) -> Result<Option<Ranking>, AnomalyError> {
        if self.next < self.features.len() {
            self.score_chunk();
        } else if !self.read_batch()? {
            return Ok(Some(self.finish()));
        }
        let share = self.table.borrow().share_read();
        self.meter.set(share, self.scores.scores.len() as u64);
        Ok(None)
    }

    fn progress(&self) -> TableProgress {
        self.meter.progress()
    }
}
