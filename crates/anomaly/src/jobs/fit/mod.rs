//! Fitting a detector to a table: labels, training sample, preparation, training.

use std::time::Duration;

use pinhole_protocol::table::{ColumnKind, ColumnPlan, DetectorPlan, RowChoice, TableActivity, TableProgress};
use pinhole_table::{
    preparation::{Preparation, PreparedFor},
    records::Record,
    reservoir::max_sample_rows,
    typed::{ColumnSpec, TypedReader, TypedTable},
};
use tracing::{debug, info};

use super::{
    check_plan::check_plan,
    job::{Job, ProgressMeter},
    training_sample::{select_rows, training_sample},
};
use crate::{
    AnomalyError,
    constants::ConstantColumn,
    derived::{CandidateReader, DerivedColumns, FittedColumns},
    detector::{DetectorRun, TrainingMode},
    entity::EntityProfiles,
    fitted_detector::{Fitted, FittedDetector},
    prepared_rows::{PreparedRows, prepare_rows},
    row_roles::{RowLabel, RowRoles},
    table::SharedTable,
    table_reader::TableReader,
};

/// Longest slice of training.
const SLICE: Duration = Duration::from_millis(8);

/// Result of a fit.
#[derive(Debug)]
pub struct FitResult {
    /// The detector, with everything that it needs to read a table.
    pub detector: FittedDetector,
    /// Roles of the table's rows in training.
    pub roles: RowRoles,
}

/// Fits a detector to a table.
///
/// The file is read once, for labels and rows together; without a label, or if there are more rows than a training
/// sample may have, the rows that train are chosen first and read then.
pub struct FitJob {
    table: SharedTable,
    plan: DetectorPlan,
    /// Most rows that train.
    max_rows: usize,
    stage: Stage,
    meter: ProgressMeter,
    roles: RowRoles,
}

enum Stage {
    /// Reads the label of every row, and its columns if the table has at most `max_rows` rows.
    Labels(Box<Reading>),
    /// Reads the rows that train.
    Sample(Box<Reading>),
    /// Trains on them.
    Training(Box<Training>),
    Done,
}

/// Reading of a table's rows.
struct Reading {
    reader: TableReader,
    typed: TypedReader,
    /// Reads the numbers that could be derived from earlier rows, of every row.
    derived: Option<CandidateReader>,
}

/// Training, and what it was prepared by.
struct Training {
    run: DetectorRun,
    preparation: Preparation,
    derived: Option<DerivedColumns>,
    entities: Option<EntityProfiles>,
    sample: TypedTable,
    losses: Vec<f32>,
}

impl FitJob {
    /// A job at the first row of a scanned table.
    ///
    /// # Errors
    /// When the table has no rows, or the plan does not fit it.
    pub fn new(table: &SharedTable, plan: DetectorPlan) -> Result<Self, AnomalyError> {
        let max_rows = max_training_rows(&plan);
        Self::with_max_rows(table, plan, max_rows)
    }

    fn with_max_rows(table: &SharedTable, plan: DetectorPlan, max_rows: usize) -> Result<Self, AnomalyError> {
        check_plan(&table.borrow(), &plan)?;
        let mut job = Self {
            table: table.clone(),
            max_rows,
            stage: Stage::Done,
            meter: ProgressMeter::start(TableActivity::Reading),
            roles: RowRoles::default(),
            plan,
        };
        if job.plan.label.is_some() {
            let typed = job.label_reader()?;
            let derived = if job.holds_all_rows() { job.candidate_reader(&typed) } else { None };
            let reader = TableReader::new(&table.borrow())?;
            job.stage = Stage::Labels(Box::new(Reading { reader, typed, derived }));
        } else {
            let rows = table.borrow().rows();
            job.choose_roles(vec![RowLabel::Unknown; rows])?;
            job.begin_sample()?;
        }
        Ok(job)
    }

    /// True if training has begun.
    pub const fn is_training(&self) -> bool {
        matches!(self.stage, Stage::Training(_))
    }

    /// Ends training with the weights so far. What comes before training cannot end early.
    pub fn stop(&mut self) {
        if let Stage::Training(training) = &mut self.stage {
            training.run.stop();
        }
    }

    /// True if all rows of the table may be held.
    fn holds_all_rows(&self) -> bool {
        self.table.borrow().rows() <= self.max_rows
    }

    fn label_reader(&self) -> Result<TypedReader, AnomalyError> {
        let names = self.table.borrow().column_names();
        let Some(label) = &self.plan.label else { return Err(AnomalyError::State("No label was chosen.")) };
        let index = names.iter().position(|name| *name == label.column).ok_or_else(|| {
            AnomalyError::setting(
                "label",
                format!("The table has no column \"{}\": choose another label column.", label.column),
            )
        })?;
        if self.holds_all_rows() {
            return Ok(self.row_reader());
        }
        let table = self.table.borrow();
        Ok(TypedReader::with_columns(table.dialect(), Vec::new(), Some((index, &label.anomalous_values))))
    }

    /// Reads the used columns, and the label if there is one.
    fn row_reader(&self) -> TypedReader {
        let table = self.table.borrow();
        let columns = columns_and_key(&self.plan);
        TypedReader::new(table.dialect(), &table.column_names(), &columns, self.plan.label.as_ref())
    }

    /// Reads what could be derived from earlier rows, where the columns are those of `typed`.
    fn candidate_reader(&self, typed: &TypedReader) -> Option<CandidateReader> {
        let features = typed.columns().len() - usize::from(self.plan.entity.is_some());
        CandidateReader::new(&self.table.borrow(), &self.plan, &typed.columns()[..features])
    }

    fn choose_roles(&mut self, labels: Vec<RowLabel>) -> Result<(), AnomalyError> {
        self.roles = RowRoles::choose(labels, &self.plan, self.max_rows);
        if self.roles.trained() > 0 {
            return Ok(());
        }
        let message = match &self.plan.label {
            Some(label) if self.plan.rows == RowChoice::Auto && !self.roles.is_empty() => format!(
                "No row is left to train on: \"{}\" calls every row anomalous, or has no value. Choose other values that \
                 mark an anomaly, or no label column.",
                label.column
            ),
            _ => "The table has no rows to train on.".into(),
        };
        Err(AnomalyError::setting("label", message))
    }

    fn begin_sample(&mut self) -> Result<(), AnomalyError> {
        self.meter = ProgressMeter::start(TableActivity::Reading);
        let typed = self.row_reader();
        let derived = self.candidate_reader(&typed);
        let reader = TableReader::new(&self.table.borrow())?;
        self.stage = Stage::Sample(Box::new(Reading { reader, typed, derived }));
        Ok(())
    }

    /// Prepares the sample and begins training. `derived` has the numbers of its rows.
    fn begin_training(
        &mut self,
        columns: &[ColumnSpec],
        mut sample: TypedTable,
        derived: Option<CandidateReader>,
    ) -> Result<(), AnomalyError> {
        let features = columns.len() - usize::from(self.plan.entity.is_some());
        let mut columns = columns.to_vec();
        let derived = derived.and_then(|candidates| {
            let FittedColumns { derived, values, moving_rows } = candidates.fit();
            derived.insert(&values, &mut sample, features);
            columns.splice(features..features, derived.specs());
            let rows = moving_rows.filter(|_| !self.is_semi_supervised());
            if let Some(moving) = rows.and_then(|rows| select_rows(&sample, &rows)) {
                sample = moving;
            }
            (derived.len() > 0).then_some(derived)
        });
        let mut entities = None;
        if self.plan.entity.is_some() {
            entities = EntityProfiles::fit(&sample, &columns)?;
            columns.pop();
            match &entities {
                Some(entities) => {
                    entities.compare_within(&mut sample);
                    columns.extend(entities.specs(&columns));
                }
                None => drop(sample.columns.pop()),
            }
        }
        let decimal = self.table.borrow().dialect().decimal;
        let PreparedRows { preparation, features, .. } =
            prepare_rows(&sample, &columns, self.plan.scaling, decimal, PreparedFor::Detector)?;
        let mode = if self.is_semi_supervised() { TrainingMode::SemiSupervised } else { TrainingMode::Unsupervised };
        debug!(rows = sample.rows(), columns = columns.len(), "rows prepared");
        let run = DetectorRun::new(self.plan.method, features, mode, self.plan.seed)?;
        self.meter = ProgressMeter::start(TableActivity::Training);
        let training = Training { run, preparation, derived, entities, sample, losses: Vec::new() };
        self.stage = Stage::Training(Box::new(training));
        Ok(())
    }

    fn is_semi_supervised(&self) -> bool {
        self.plan.label.is_some() && self.plan.rows == RowChoice::Auto
    }

    /// Reads the next batch of labels. At the end of the table, chooses the rows that train.
    fn read_labels(&mut self) -> Result<(), AnomalyError> {
        let Stage::Labels(reading) = &mut self.stage else { return Ok(()) };
        let table = self.table.borrow();
        if let Some(batch) = reading.reader.next_batch(&table)? {
            reading.typed.read(batch);
            if let Some(derived) = &mut reading.derived {
                derived.read(batch, |_| true);
            }
            self.meter.set(table.share_read(), reading.reader.rows_read());
            return Ok(());
        }
        drop(table);
        let Stage::Labels(reading) = std::mem::replace(&mut self.stage, Stage::Done) else { return Ok(()) };
        let Reading { typed, derived, .. } = *reading;
        self.choose_roles(typed.table().labels.iter().map(|label| RowLabel::from(*label)).collect())?;
        match self.holds_all_rows().then(|| training_sample(typed.table(), &self.roles)).flatten() {
            Some(sample) => {
                let derived = derived.map(|derived| derived.of_rows(self.roles.trained_rows()));
                self.begin_training(typed.columns(), sample, derived)
            }
            None => self.begin_sample(),
        }
    }

    /// Reads the next batch of the rows that train. At the end of the table, begins training.
    fn read_sample(&mut self) -> Result<(), AnomalyError> {
        let Stage::Sample(reading) = &mut self.stage else { return Ok(()) };
        let Reading { reader, typed, derived } = &mut **reading;
        let table = self.table.borrow();
        if let Some(batch) = reader.next_batch(&table)? {
            let is_trained = |record: &Record<'_>| self.roles.is_trained(record.row() as usize - 1);
            batch.records().filter(is_trained).for_each(|record| typed.read_record(&record));
            if let Some(derived) = derived {
                derived.read(batch, |row| is_trained(&batch.record(row)));
            }
            self.meter.set(table.share_read(), reader.rows_read());
            return Ok(());
        }
        drop(table);
        let Stage::Sample(reading) = std::mem::replace(&mut self.stage, Stage::Done) else { return Ok(()) };
        let Reading { typed, derived, .. } = *reading;
        let columns = typed.columns().to_vec();
        self.begin_training(&columns, typed.into_table(), derived)
    }

    fn train(&mut self) -> Result<Option<FitResult>, AnomalyError> {
        let Stage::Training(training) = &mut self.stage else { return Ok(None) };
        let Some(detector) = training.run.advance(SLICE)? else {
            let (share, count) = training.run.progress();
            self.meter.set(share, count as u64);
            training.losses.extend(training.run.take_losses());
            return Ok(None);
        };
        let Stage::Training(training) = std::mem::replace(&mut self.stage, Stage::Done) else { return Ok(None) };
        let Training { preparation, derived, entities, sample, .. } = *training;
        let name = self.table.borrow().name().to_owned();
        let constants = ConstantColumn::all(&self.plan, self.table.borrow().columns());
        let elapsed_s = self.meter.elapsed_s();
        info!(method = ?self.plan.method, rows = sample.rows(), seconds = elapsed_s, "detector fitted");
        let detector = FittedDetector::new(
            name,
            self.plan.clone(),
            Fitted { preparation, derived, entities, constants, detector },
            &sample,
            elapsed_s,
        );
        Ok(Some(FitResult { detector, roles: std::mem::take(&mut self.roles) }))
    }
}

/// Most rows that train by a plan.
pub(super) fn max_training_rows(plan: &DetectorPlan) -> usize {
    let used = plan.columns.iter().filter(|column| column.used).count() + usize::from(plan.entity.is_some());
    max_sample_rows(used + DerivedColumns::max_columns(plan))
}

/// The columns of a plan, the entity's last and no feature.
fn columns_and_key(plan: &DetectorPlan) -> Vec<ColumnPlan> {
    let is_key = |column: &&ColumnPlan| plan.entity.as_ref() == Some(&column.name);
    let mut columns: Vec<ColumnPlan> = plan.columns.iter().filter(|column| !is_key(column)).cloned().collect();
    columns.extend(plan.entity.clone().map(|name| ColumnPlan { name, kind: ColumnKind::Categorical, used: true }));
    columns
}

impl Job for FitJob {
    type Output = FitResult;

    async fn advance(&mut self) -> Result<Option<FitResult>, AnomalyError> {
        let span = self.meter.span().clone();
        span.in_scope(|| match self.stage {
            Stage::Labels(..) => self.read_labels().map(|()| None),
            Stage::Sample(..) => self.read_sample().map(|()| None),
            Stage::Training(_) | Stage::Done => self.train(),
        })
    }

    fn progress(&self) -> TableProgress {
        let mut progress = self.meter.progress();
        if let Stage::Training(training) = &self.stage {
            progress.losses.clone_from(&training.losses);
        }
        progress
    }
}

#[cfg(test)]
mod tests;
