//! Fine-tuning a detector on another table than its own.

use std::{cell::RefCell, rc::Rc, time::Duration};

use pinhole_protocol::table::{FineTuneEffect, RowChoice, TableActivity, TableProgress};
use pinhole_table::{reservoir::max_sample_rows, typed::TypedReader};

use super::{
    job::{Job, ProgressMeter},
    score::memory_reader,
};
use crate::{
    AnomalyError,
    derived::DerivedReader,
    detector::{Detector, FeatureTable, FineTuneRun, FitAdvance},
    fitted_detector::FittedDetector,
    ranking::Ranking,
    row_roles::{RowLabel, RowRoles},
    table_reader::TableReader,
    training_memory::TrainingMemoryReader,
};

/// Longest slice of training.
const SLICE: Duration = Duration::from_millis(8);

/// Result of fine-tuning.
#[derive(Debug)]
pub struct FineTunedDetector {
    /// The fine-tuned detector.
    pub detector: FittedDetector,
    /// Errors of old and new rows, before and after.
    pub effect: FineTuneEffect,
}

/// Fine-tunes the detector of a ranking on the ranking's table.
pub struct FineTuneJob {
    ranking: Rc<RefCell<Ranking>>,
    stage: Stage,
    roles: RowRoles,
    memory: TrainingMemoryReader,
    meter: ProgressMeter,
    losses: Vec<f32>,
}

enum Stage {
    Reading(Box<Reading>),
    Training(Box<FineTuneRun>),
    Done,
}

/// Reading of the rows that train.
struct Reading {
    reader: TableReader,
    typed: TypedReader,
    /// Reads the numbers that are derived from earlier rows.
    derived_reader: Option<DerivedReader>,
    /// Those of the rows that train.
    derived: Vec<f32>,
}

impl FineTuneJob {
    /// A job at the table's first row.
    ///
    /// # Errors
    /// When the detector is no autoencoder, or has no rows for replay.
    pub fn new(ranking: &Rc<RefCell<Ranking>>) -> Result<Self, AnomalyError> {
        let shared = ranking.borrow();
        let detector = shared.detector();
        match detector.replay() {
            None => {
                return Err(AnomalyError::State(
                    "Only the autoencoder can be fine-tuned: the other methods are fitted anew, with Train.",
                ));
            }
            Some(rows) if rows.is_empty() => {
                return Err(AnomalyError::State(
                    "This detector was saved without rows to replay, and would forget what it knew: train it anew, or \
                     open one that was saved with them.",
                ));
            }
            Some(_) => {}
        }
        let table = shared.table().borrow();
        let binding = detector.bind(&table)?;
        let memory = memory_reader(detector, &table, &binding.reader);
        let derived_reader = detector.derived_reader(&binding, &table);
        let reader = TableReader::new(&table)?;
        let reading = Reading { reader, typed: binding.reader, derived_reader, derived: Vec::new() };
        drop(table);
        // All rows but those that the label calls anomalous, if there is one.
        let rows = shared.rows();
        let labels = (0..rows.len()).map(|row| match rows.roles.label(row) {
            RowLabel::Anomalous => RowLabel::Anomalous,
            RowLabel::Normal | RowLabel::Unknown => RowLabel::Normal,
        });
        let mut plan = detector.plan().clone();
        plan.held_out_share = 0.0;
        plan.rows = RowChoice::Auto;
        let roles = RowRoles::choose(labels, &plan, max_sample_rows(detector.features()));
        drop(shared);
        Ok(Self {
            ranking: ranking.clone(),
            stage: Stage::Reading(Box::new(reading)),
            roles,
            memory,
            meter: ProgressMeter::start(TableActivity::FineTuning),
            losses: Vec::new(),
        })
    }

    /// True if the rows are read and training has begun.
    pub const fn is_training(&self) -> bool {
        matches!(self.stage, Stage::Training(_))
    }

    /// Ends training with the weights so far.
    pub fn stop(&mut self) {
        if let Stage::Training(run) = &mut self.stage {
            run.stop();
        }
    }

    /// Reads the next batch. At the end of the table, training begins.
    fn read_batch(&mut self) -> Result<(), AnomalyError> {
        let Stage::Reading(reading) = &mut self.stage else { return Ok(()) };
        let Reading { reader, typed, derived_reader, derived } = &mut **reading;
        let ranking = self.ranking.borrow();
        let table = ranking.table().borrow();
        if let Some(batch) = reader.next_batch(&table)? {
            for record in batch.records() {
                let is_trained = self.roles.is_trained(record.row() as usize - 1);
                self.memory.add(&record, is_trained);
                if is_trained {
                    typed.read_record(&record);
                }
            }
            if let Some(reader) = derived_reader {
                reader.read(batch, |record| self.roles.is_trained(batch.record(record).row() as usize - 1), derived);
            }
            self.meter.set(0.2 * table.share_read(), reader.rows_read());
            return Ok(());
        }
        let fitted = ranking.detector();
        let preparation = fitted.preparation();
        let mut values = Vec::new();
        fitted.transform(typed.table_mut(), derived, &mut values)?;
        let groups = preparation.groups().into_iter().map(|group| group.features).collect();
        let new = FeatureTable { values, width: preparation.feature_count(), groups, cells: preparation.cells() };
        let Detector::Ensemble(ensemble) = fitted.detector() else { return Ok(()) };
        self.stage = Stage::Training(Box::new(ensemble.fine_tune(&new, fitted.plan().seed)?));
        Ok(())
    }

    fn finish(&mut self) -> Option<FineTunedDetector> {
        let Stage::Training(run) = std::mem::replace(&mut self.stage, Stage::Done) else { return None };
        let ranking = self.ranking.borrow();
        let fitted = ranking.detector();
        let Detector::Ensemble(ensemble) = fitted.detector() else { return None };
        let (ensemble, effect) = ensemble.fine_tuned(run.finish(), ranking.threshold().value, fitted.plan().seed);
        let mut detector = fitted.with_detector(Detector::Ensemble(Box::new(ensemble)));
        detector.set_threshold(ranking.threshold(), ranking.rows());
        detector.remember(self.memory.memory(true));
        Some(FineTunedDetector { detector, effect })
    }
}

impl Job for FineTuneJob {
    type Output = FineTunedDetector;

    async fn advance(&mut self) -> Result<Option<FineTunedDetector>, AnomalyError> {
        let Stage::Training(run) = &mut self.stage else {
            self.read_batch()?;
            return Ok(None);
        };
        if run.advance(SLICE)? == FitAdvance::Done {
            return Ok(self.finish());
        }
        let progress = run.progress();
        self.losses.extend(run.take_losses());
        self.meter.set(0.2 + 0.8 * progress.share(), progress.step as u64);
        Ok(None)
    }

    fn progress(&self) -> TableProgress {
        TableProgress { losses: self.losses.clone(), ..self.meter.progress() }
    }
}
