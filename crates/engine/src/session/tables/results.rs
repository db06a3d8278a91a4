//! Steps that follow the end of a job.

use std::{cell::RefCell, rc::Rc};

use pinhole_anomaly::jobs::{FitResult, ScanJob, ScoreJob};
use pinhole_protocol::table::TableEvent;

use super::{
    NO_RANKING, NO_TABLE, TableSession,
    running_job::{JobResult, RunningJob},
};
use crate::EngineError;

/// Media type of a filled table.
const CSV: &str = "text/csv";

impl TableSession {
    /// Takes over what a job has found, emits it, and begins the job that follows, if one does.
    pub(super) fn finish(&mut self, result: JobResult, emit_event: &impl Fn(TableEvent)) -> Result<(), EngineError> {
        match result {
            JobResult::Opened { table, preview, detector } => {
                if let Some(detector) = detector {
                    return self.score_opened(table, preview, detector, emit_event);
                }
                let scan = Box::new(ScanJob::new(&table)?);
                emit_event(TableEvent::Opened(preview));
                self.begin(RunningJob::Scan { scan, table });
            }
            JobResult::Scanned { summary, table } => {
                table.borrow().require_rows()?;
                self.table = Some(table);
                self.label_check = None;
                emit_event(TableEvent::Scanned(summary));
            }
            JobResult::ScannedToScore { summary, table, detector } => {
                emit_event(TableEvent::Scanned(summary));
                let job = ScoreJob::new(&table, &detector, None)?;
                self.table = Some(table);
                self.begin(RunningJob::Score(Box::new(job)));
            }
            JobResult::Fitted(fitted) => {
                let FitResult { detector, roles } = *fitted;
                emit_event(TableEvent::DetectorReady(Box::new(detector.summary())));
                let detector = Rc::new(detector);
                let table = self.table.clone().ok_or(NO_TABLE)?;
                let job = ScoreJob::new(&table, &detector, Some(roles))?;
                self.detector = Some(detector);
                self.begin(RunningJob::Score(Box::new(job)));
            }
            JobResult::Scored(mut ranking) => {
                let detector = Rc::new(ranking.calibrated_detector());
                ranking.set_detector(detector.clone());
                self.detector = Some(detector);
                emit_event(TableEvent::Scored(Box::new(ranking.file())));
                self.ranking = Some(Rc::new(RefCell::new(*ranking)));
            }
            JobResult::LookedUp { result, request, query } => {
                self.ranking.as_ref().ok_or(NO_RANKING)?.borrow_mut().set_lookup(result);
                self.rows(request, query, emit_event)?;
            }
            JobResult::Compared(comparison) => {
                emit_event(TableEvent::Compared {
                    methods: comparison.methods.clone(),
                    verdict: comparison.verdict.clone(),
                });
                self.ranking.as_ref().ok_or(NO_RANKING)?.borrow_mut().set_comparison(comparison);
            }
            JobResult::FineTuned(tuned) => {
                emit_event(TableEvent::FineTuned(tuned.effect));
                emit_event(TableEvent::DetectorReady(Box::new(tuned.detector.summary())));
                let detector = Rc::new(tuned.detector);
                let table = self.ranking.as_ref().ok_or(NO_RANKING)?.borrow().table().clone();
                let job = ScoreJob::new(&table, &detector, None)?;
                self.detector = Some(detector);
                self.begin(RunningJob::Score(Box::new(job)));
            }
            JobResult::Filled { report, name } => {
                emit_event(TableEvent::Filled(report));
                emit_event(TableEvent::Exported { name, media_type: CSV.into() });
            }
            JobResult::Exported { name, media_type } => {
                emit_event(TableEvent::Exported { name, media_type: media_type.into() });
            }
        }
        Ok(())
    }
}
