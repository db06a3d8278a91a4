//! Scoring every row of a table.

use std::rc::Rc;

use pinhole_protocol::table::{TableActivity, TableProgress};
use pinhole_table::{
    preparation::TransformCounts,
    records::RecordBatch,
    reservoir::{Placement, Reservoir},
    typed::TypedReader,
};

use super::{
    drift::DriftTally,
    job::{Job, Meter},
    pass::Pass,
    ranking::Ranking,
    rows::{Label, RowRoles},
    scored::ScoredRows,
    stored::StoredDetector,
    table::SharedTable,
};
use crate::EngineError;

/// Values of the sampled rows' column errors that are held: 16 MB.
const SAMPLED_VALUES: usize = 4_000_000;

/// Rows scored in one go: enough to fill the kernel's lanes, and some milliseconds at most.
const CHUNK_ROWS: usize = 4_096;

/// Scores a table with a detector.
pub struct ScoreJob {
    table: SharedTable,
    detector: Rc<StoredDetector>,
    pass: Pass,
    reader: TypedReader,
    /// Roles that fitting chose; `None`: the rows are new to the detector.
    chosen: Option<RowRoles>,
    seen: RowRoles,
    scores: Vec<f64>,
    /// Prepared rows of the batch at hand; those before `next` are scored.
    features: Vec<f32>,
    next: usize,
    notes: TransformCounts,
    errors: ErrorSample,
    drift: Option<DriftTally>,
    column_notes: Vec<String>,
    meter: Meter,
}

/// Squared column errors of a seeded sample of the rows: what the columns' histograms and shares are made of, as the
/// errors of all rows would be larger than the table.
#[derive(Clone, Debug)]
pub struct ErrorSample {
    reservoir: Reservoir,
    columns: usize,
    /// Row indices.
    pub rows: Vec<u32>,
    /// A row each, one value a column.
    values: Vec<f32>,
}

impl ErrorSample {
    fn new(columns: usize) -> Self {
        let reservoir = Reservoir::new(SAMPLED_VALUES / columns.max(1), 0);
        Self { reservoir, columns, rows: Vec::new(), values: Vec::new() }
    }

    /// The errors of each sampled row.
    pub fn errors(&self) -> impl Iterator<Item = (usize, &[f32])> {
        self.rows.iter().map(|&row| row as usize).zip(self.values.chunks(self.columns.max(1)))
    }

    /// Offers prepared rows of a table, the first of which is row `first` of it.
    fn offer(&mut self, first: usize, rows: &[f32], detector: &StoredDetector) {
        let width = detector.features().max(1);
        let (mut places, mut taken) = (Vec::new(), Vec::new());
        for (index, row) in rows.chunks_exact(width).enumerate() {
            let place = self.reservoir.offer();
            if place != Placement::Skip {
                places.push((place, (first + index) as u32));
                taken.extend_from_slice(row);
            }
        }
        let errors = detector.column_errors(&taken);
        for ((place, row), errors) in places.into_iter().zip(errors.chunks_exact(self.columns.max(1))) {
            if let Placement::Replace(index) = place {
                self.rows[index] = row;
                self.values[index * self.columns..(index + 1) * self.columns].copy_from_slice(errors);
            } else {
                self.rows.push(row);
                self.values.extend_from_slice(errors);
            }
        }
    }
}

impl ScoreJob {
    /// Begins. `roles` are those that fitting on this very table chose; another table has none, and is compared with
    /// the detector's own.
    ///
    /// # Errors
    /// When the table has none of the detector's columns.
    pub fn new(
        table: &SharedTable,
        detector: &Rc<StoredDetector>,
        roles: Option<RowRoles>,
    ) -> Result<Self, EngineError> {
        table.borrow().demand_rows()?;
        let binding = detector.bind(&table.borrow())?;
        let pass = Pass::start(&table.borrow())?;
        let drift = roles.is_none().then(|| DriftTally::new(detector));
        Ok(Self {
            table: table.clone(),
            detector: detector.clone(),
            pass,
            reader: binding.reader,
            chosen: roles,
            seen: RowRoles::default(),
            scores: Vec::new(),
            features: Vec::new(),
            next: 0,
            notes: TransformCounts::default(),
            errors: ErrorSample::new(detector.columns()),
            drift,
            column_notes: binding.notes,
            meter: Meter::start(TableActivity::Scoring),
        })
    }

    /// Types and prepares the next batch. Answers whether there was one.
    fn read(&mut self) -> Result<bool, EngineError> {
        let table = self.table.borrow();
        let Some(batch) = self.pass.next(&table)? else { return Ok(false) };
        self.features.clear();
        self.next = 0;
        read_batch(&mut self.reader, batch);
        let typed = self.reader.table();
        self.notes.add(self.detector.preparation().transform(typed, &mut self.features)?);
        for index in 0..typed.rows() {
            self.seen.push_unseen(typed.labels.get(index).map_or(Label::Unknown, |label| Label::from(*label)));
        }
        if let Some(drift) = &mut self.drift {
            drift.add_rows(typed);
        }
        Ok(true)
    }

    fn score_chunk(&mut self) {
        let width = self.detector.features();
        let end = (self.next + CHUNK_ROWS * width).min(self.features.len());
        let rows = &self.features[self.next..end];
        let first = self.scores.len();
        self.detector.score(rows, &mut self.scores);
        self.errors.offer(first, rows, &self.detector);
        self.next = end;
    }

    fn finish(&mut self) -> Ranking {
        let roles = self.chosen.take().unwrap_or_else(|| std::mem::take(&mut self.seen));
        let scores = std::mem::take(&mut self.scores);
        let rows = ScoredRows::new(scores, roles);
        let mut warnings = self.notes.warnings();
        warnings.extend(self.reader.warnings());
        let drift = self.drift.take().map(|drift| drift.finish(&rows, std::mem::take(&mut self.column_notes)));
        let errors = std::mem::replace(&mut self.errors, ErrorSample::new(1));
        Ranking::new(self.table.clone(), self.detector.clone(), rows, errors, drift, warnings)
    }
}

fn read_batch(reader: &mut TypedReader, batch: &RecordBatch) {
    reader.table_mut().clear();
    reader.read(batch);
}

impl Job for ScoreJob {
    type Output = Ranking;

    async fn advance(&mut self) -> Result<Option<Ranking>, EngineError> {
        if self.next < self.features.len() {
            self.score_chunk();
        } else if !self.read()? {
            return Ok(Some(self.finish()));
        }
        let share = self.table.borrow().share_read();
        self.meter.note(share, self.scores.len() as u64);
        Ok(None)
    }

    fn progress(&self) -> TableProgress {
        self.meter.progress()
    }
}
