//! Training a detector on a table: label, sample, preparation, training.

use std::time::Duration;

use pinhole_protocol::table::{DetectorPlan, RowChoice, TableActivity, TableProgress};
use pinhole_table::{
    preparation::Preparation,
    reservoir::max_sample_rows,
    typed::{TypedReader, TypedTable},
};

use super::{
    features::{Prepared, prepare},
    job::{Job, Meter},
    pass::Pass,
    rows::{Label, RowRoles},
    stored::StoredDetector,
    table::SharedTable,
};
use crate::{
    EngineError,
    detector::{MethodRun, Mode},
};

/// Worked at once.
const SLICE: Duration = Duration::from_millis(8);

/// What training gave.
#[derive(Debug)]
pub struct Fitted {
    /// The detector, with everything that it needs to read a table.
    pub detector: StoredDetector,
    /// Which rows of the table trained it.
    pub roles: RowRoles,
}

/// Trains a detector.
pub struct FitJob {
    table: SharedTable,
    plan: DetectorPlan,
    stage: Stage,
    meter: Meter,
    roles: RowRoles,
}

enum Stage {
    /// Reads what the label says of each row.
    Labels(Pass, TypedReader),
    /// Reads the rows that train.
    Sample(Pass, TypedReader),
    /// Trains on them.
    Training(Box<Training>),
    Done,
}

struct Training {
    run: MethodRun,
    preparation: Preparation,
    sample: TypedTable,
    losses: Vec<f32>,
}

impl FitJob {
    /// Begins. The table must have been scanned.
    ///
    /// # Errors
    /// When the table has no rows, or the plan does not fit it.
    pub fn new(table: &SharedTable, plan: DetectorPlan) -> Result<Self, EngineError> {
        table.borrow().demand_rows()?;
        let is_trainable = plan.columns.iter().any(|column| column.used);
        if !is_trainable {
            return Err(EngineError::setting(
                "columns",
                "No column is used: choose at least one that is numeric, categorical, boolean or a date.",
            ));
        }
        let mut job = Self {
            table: table.clone(),
            stage: Stage::Done,
            meter: Meter::start(TableActivity::Reading),
            roles: RowRoles::default(),
            plan,
        };
        if job.plan.label.is_some() {
            let reader = job.label_reader()?;
            job.stage = Stage::Labels(Pass::start(&table.borrow())?, reader);
        } else {
            let rows = table.borrow().rows();
            job.begin_sample(vec![Label::Unknown; rows])?;
        }
        Ok(job)
    }

    /// Whether it trains already.
    pub const fn is_training(&self) -> bool {
        matches!(self.stage, Stage::Training(_))
    }

    /// Ends training here, with the weights so far; what comes before training cannot end early.
    pub fn stop(&mut self) {
        if let Stage::Training(training) = &mut self.stage {
            training.run.stop();
        }
    }

    fn label_reader(&self) -> Result<TypedReader, EngineError> {
        let table = self.table.borrow();
        let names = table.column_names();
        let Some(label) = &self.plan.label else { return Err(EngineError::State("No label was chosen.")) };
        let index = names.iter().position(|name| *name == label.column).ok_or_else(|| {
            EngineError::setting(
                "label",
                format!("The table has no column \"{}\": choose another label column.", label.column),
            )
        })?;
        Ok(TypedReader::with_columns(table.dialect(), Vec::new(), Some((index, &label.anomalous_values))))
    }

    fn begin_sample(&mut self, labels: Vec<Label>) -> Result<(), EngineError> {
        let used = self.plan.columns.iter().filter(|column| column.used).count();
        self.roles = RowRoles::choose(labels, &self.plan, max_sample_rows(used));
        self.check_classes()?;
        let table = self.table.borrow();
        let reader =
            TypedReader::new(table.dialect(), &table.column_names(), &self.plan.columns, self.plan.label.as_ref());
        self.meter = Meter::start(TableActivity::Reading);
        self.stage = Stage::Sample(Pass::start(&table)?, reader);
        Ok(())
    }

    fn check_classes(&self) -> Result<(), EngineError> {
        if self.roles.trained() > 0 {
            return Ok(());
        }
        let message = match &self.plan.label {
            Some(label) if self.plan.rows == RowChoice::Auto && !self.roles.is_empty() => format!(
                "No row is left to train on: \"{}\" calls every row odd, or has no value. Choose other odd values, or no \
                 label column.",
                label.column
            ),
            _ => "The table has no rows to train on.".into(),
        };
        Err(EngineError::setting("label", message))
    }

    /// Prepares the sample and begins training.
    fn begin_training(&mut self, reader: TypedReader) -> Result<(), EngineError> {
        let wanted = reader.columns().to_vec();
        let sample = reader.into_table();
        let decimal = self.table.borrow().dialect().decimal;
        let Prepared { preparation, features, .. } = prepare(&sample, &wanted, self.plan.scaling, decimal)?;
        let mode = if self.learns_from_normals() { Mode::SemiSupervised } else { Mode::Unsupervised };
        let run = MethodRun::new(self.plan.method, features, mode, self.plan.seed)?;
        self.meter = Meter::start(TableActivity::Training);
        self.stage = Stage::Training(Box::new(Training { run, preparation, sample, losses: Vec::new() }));
        Ok(())
    }

    fn learns_from_normals(&self) -> bool {
        self.plan.label.is_some() && self.plan.rows == RowChoice::Auto
    }

    fn read_labels(&mut self) -> Result<(), EngineError> {
        let Stage::Labels(pass, reader) = &mut self.stage else { return Ok(()) };
        let table = self.table.borrow();
        if let Some(batch) = pass.next(&table)? {
            reader.read(batch);
            self.meter.note(table.share_read(), pass.rows());
            return Ok(());
        }
        let labels = reader.table().labels.iter().map(|label| Label::from(*label)).collect();
        drop(table);
        self.begin_sample(labels)
    }

    fn read_sample(&mut self) -> Result<(), EngineError> {
        let Stage::Sample(pass, reader) = &mut self.stage else { return Ok(()) };
        let table = self.table.borrow();
        if let Some(batch) = pass.next(&table)? {
            let trained = batch.records().filter(|record| self.roles.is_trained(record.row() as usize - 1));
            trained.for_each(|record| reader.read_record(&record));
            self.meter.note(table.share_read(), pass.rows());
            return Ok(());
        }
        drop(table);
        let Stage::Sample(_, reader) = std::mem::replace(&mut self.stage, Stage::Done) else { return Ok(()) };
        self.begin_training(reader)
    }

    fn train(&mut self) -> Result<Option<Fitted>, EngineError> {
        let Stage::Training(training) = &mut self.stage else { return Ok(None) };
        let Some(detector) = training.run.advance(SLICE)? else {
            let (share, count) = training.run.progress();
            self.meter.note(share, count as u64);
            training.losses.extend(training.run.take_losses());
            return Ok(None);
        };
        let Stage::Training(training) = std::mem::replace(&mut self.stage, Stage::Done) else { return Ok(None) };
        let Training { preparation, sample, .. } = *training;
        let name = self.table.borrow().name().to_owned();
        let elapsed_s = self.meter.elapsed_s();
        let detector = StoredDetector::new(name, self.plan.clone(), preparation, detector, &sample, elapsed_s);
        Ok(Some(Fitted { detector, roles: std::mem::take(&mut self.roles) }))
    }
}

impl Job for FitJob {
    type Output = Fitted;

    async fn advance(&mut self) -> Result<Option<Fitted>, EngineError> {
        match self.stage {
            Stage::Labels(..) => self.read_labels().map(|()| None),
            Stage::Sample(..) => self.read_sample().map(|()| None),
            Stage::Training(_) | Stage::Done => self.train(),
        }
    }

    fn progress(&self) -> TableProgress {
        let mut progress = self.meter.progress();
        if let Stage::Training(training) = &self.stage {
            progress.losses.clone_from(&training.losses);
        }
        progress
    }
}
