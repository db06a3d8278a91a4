//! Training a detector on, on another table than its own.

use std::{cell::RefCell, rc::Rc, time::Duration};

use pinhole_protocol::table::{FineTuneEffect, RowChoice, TableActivity, TableProgress};
use pinhole_table::{reservoir::max_sample_rows, typed::TypedReader};

use super::{
    job::{Job, Meter},
    pass::Pass,
    ranking::Ranking,
    rows::{Label, RowRoles},
    stored::StoredDetector,
};
use crate::{
    EngineError,
    detector::{Detector, FeatureTable, FineTuneRun, FitStep},
};

/// Worked at once.
const SLICE: Duration = Duration::from_millis(8);

/// What fine-tuning gave.
#[derive(Debug)]
pub struct TunedDetector {
    /// The detector after it.
    pub detector: StoredDetector,
    /// What it did to old and new rows.
    pub effect: FineTuneEffect,
}

/// Trains the detector of a ranking on, on the ranking's table.
pub struct FineTuneJob {
    ranking: Rc<RefCell<Ranking>>,
    stage: Stage,
    roles: RowRoles,
    meter: Meter,
    losses: Vec<f32>,
}

enum Stage {
    Reading(Box<(Pass, TypedReader)>),
    Training(Box<FineTuneRun>),
    Done,
}

impl FineTuneJob {
    /// Begins.
    ///
    /// # Errors
    /// When the detector cannot be trained on.
    pub fn new(ranking: &Rc<RefCell<Ranking>>) -> Result<Self, EngineError> {
        let shared = ranking.borrow();
        let detector = shared.detector();
        match detector.replay() {
            None => {
                return Err(EngineError::State(
                    "Only the autoencoder can be trained on: the other methods are fitted anew, with Train.",
                ));
            }
            Some(rows) if rows.is_empty() => {
                return Err(EngineError::State(
                    "This detector was saved without rows to replay, and would forget what it knew: train it anew, or \
                     open one that was saved with them.",
                ));
            }
            Some(_) => {}
        }
        let table = shared.table().borrow();
        let reader = detector.bind(&table)?.reader;
        let pass = Pass::start(&table)?;
        drop(table);
        // All rows but those that the label calls odd, if there is one.
        let rows = shared.rows();
        let labels = (0..rows.len()).map(|row| match rows.roles.label(row) {
            Label::Odd => Label::Odd,
            Label::Normal | Label::Unknown => Label::Normal,
        });
        let mut plan = detector.plan().clone();
        plan.held_out_share = 0.0;
        plan.rows = RowChoice::Auto;
        let roles = RowRoles::choose(labels, &plan, max_sample_rows(detector.features()));
        drop(shared);
        Ok(Self {
            ranking: ranking.clone(),
            stage: Stage::Reading(Box::new((pass, reader))),
            roles,
            meter: Meter::start(TableActivity::FineTuning),
            losses: Vec::new(),
        })
    }

    /// Whether it trains already.
    pub const fn is_training(&self) -> bool {
        matches!(self.stage, Stage::Training(_))
    }

    /// Ends training here, with the weights so far.
    pub fn stop(&mut self) {
        if let Stage::Training(run) = &mut self.stage {
            run.stop();
        }
    }

    /// Reads on. When all is read, training begins.
    fn read(&mut self) -> Result<(), EngineError> {
        let Stage::Reading(reading) = &mut self.stage else { return Ok(()) };
        let (pass, reader) = &mut **reading;
        let ranking = self.ranking.borrow();
        let table = ranking.table().borrow();
        if let Some(batch) = pass.next(&table)? {
            let taken = batch.records().filter(|record| self.roles.is_trained(record.row() as usize - 1));
            taken.for_each(|record| reader.read_record(&record));
            self.meter.note(0.2 * table.share_read(), pass.rows());
            return Ok(());
        }
        let stored = ranking.detector();
        let preparation = stored.preparation();
        let mut values = Vec::new();
        preparation.transform(reader.table(), &mut values)?;
        let groups = preparation.groups().into_iter().map(|group| group.features).collect();
        let new = FeatureTable { values, width: preparation.feature_count(), groups };
        let Detector::Ensemble(ensemble) = &stored.detector else { return Ok(()) };
        self.stage = Stage::Training(Box::new(ensemble.fine_tune(&new, stored.plan().seed)?));
        Ok(())
    }

    fn finish(&mut self) -> Option<TunedDetector> {
        let Stage::Training(run) = std::mem::replace(&mut self.stage, Stage::Done) else { return None };
        let ranking = self.ranking.borrow();
        let mut detector = (**ranking.detector()).clone();
        let Detector::Ensemble(ensemble) = &detector.detector else { return None };
        let (ensemble, effect) = ensemble.fine_tuned(run.finish(), ranking.threshold().value, detector.plan().seed);
        detector.detector = Detector::Ensemble(Box::new(ensemble));
        detector.set_threshold(ranking.threshold());
        Some(TunedDetector { detector, effect })
    }
}

impl Job for FineTuneJob {
    type Output = TunedDetector;

    async fn advance(&mut self) -> Result<Option<TunedDetector>, EngineError> {
        let Stage::Training(run) = &mut self.stage else {
            self.read()?;
            return Ok(None);
        };
        if run.advance(SLICE)? == FitStep::Done {
            return Ok(self.finish());
        }
        let progress = run.progress();
        self.losses.extend(run.take_losses());
        self.meter.note(0.2 + 0.8 * progress.share(), progress.step as u64);
        Ok(None)
    }

    fn progress(&self) -> TableProgress {
        TableProgress { losses: self.losses.clone(), ..self.meter.progress() }
    }
}
