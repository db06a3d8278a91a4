//! The open table, its detector and its ranking: handles commands, and works on jobs slice by slice.

mod description;
mod label_check;
mod results;
mod running_job;
mod unmatched;

use std::{cell::RefCell, rc::Rc};

use pinhole_anomaly::{
    FittedDetector, Ranking, SharedTable, html_report,
    jobs::{CompareJob, ExportJob, FillJob, FineTuneJob, FitJob, LookupJob, OpenJob, ScanJob},
};
use pinhole_protocol::{
    Bytes, Event, NamedFile,
    table::{DetectorPlan, FileSlot, RowQuery, TableCommand, TableEvent, ThresholdRule},
};
use pinhole_table::{
    conversion::LoadFormats,
    source::{ByteSource, SharedSource},
};
use web_time::Instant;

use self::{
    description::Description,
    label_check::LabelCheck,
    running_job::{JobAdvance, RunningJob},
    unmatched::UnmatchedTable,
};
use crate::{
    EngineError,
    data::{SamplePlan, SamplesJob},
};

/// Seconds between two events of progress.
const PROGRESS_INTERVAL_S: f64 = 0.15;

const BUSY: EngineError = EngineError::State("Work is under way: stop it, or wait for its end.");
const ASKING: EngineError =
    EngineError::State("A file waits for its columns to be matched: answer that, or cancel it, first.");
const NO_ROWS: EngineError =
    EngineError::State("This experiment learns from a table's rows, and there is no table: open one first.");
const NO_TABLE: EngineError = EngineError::State("There is no table yet: open a file first.");
const NOT_SCANNED: EngineError = EngineError::State("The table has not been read to its end yet: wait a moment.");
const NO_DETECTOR: EngineError = EngineError::State("There is no detector yet: train one, or open a detector file.");
const NO_RANKING: EngineError = EngineError::State("No table has been scored yet: train a detector first.");
const NO_WORK: EngineError = EngineError::State("Nothing is under way.");

/// State of a session's tables: table, detector and ranking, and the job that runs. A table is part of it once it was
/// scanned.
pub(super) struct TableSession {
    formats: Box<dyn LoadFormats>,
    table: Option<SharedTable>,
    detector: Option<Rc<FittedDetector>>,
    ranking: Option<Rc<RefCell<Ranking>>>,
    job: Option<RunningJob>,
    /// The file whose columns were asked for last.
    unmatched: Option<UnmatchedTable>,
    description: Option<Description>,
    label_check: Option<LabelCheck>,
    /// Time of the last event of progress.
    progress_sent: Option<Instant>,
}

impl TableSession {
    /// A session without a table; `formats` gets the readers of tables that are no text.
    pub fn new(formats: Box<dyn LoadFormats>) -> Self {
        Self {
            formats,
            table: None,
            detector: None,
            ranking: None,
            job: None,
            unmatched: None,
            description: None,
            label_check: None,
            progress_sent: None,
        }
    }

    /// True if there is work to do without a command.
    pub const fn is_busy(&self) -> bool {
        self.job.is_some() || self.description.is_some() || self.label_check.is_some()
    }

    /// Handles a command, or begins the job that it needs.
    ///
    /// # Errors
    /// When it cannot be done; table, detector and ranking stay as they were.
    pub fn handle(
        &mut self,
        command: TableCommand,
        files: Vec<Box<dyn ByteSource>>,
        emit: &impl Fn(Event),
    ) -> Result<(), EngineError> {
        let emit_event = |event| emit(Event::Table(event));
        match command {
            TableCommand::Open { files: slots, part } => self.open(shared(&slots, files)?, part, None, &emit_event),
            TableCommand::Reread { dialect } => {
                self.require_only_reading()?;
                let table = self.newest_table().ok_or(NO_TABLE)?;
                let (table, preview) = table.borrow().reread(dialect)?;
                let scan = ScanJob::new(&table)?;
                self.unmatched = None;
                self.cancel_lookup(&emit_event);
                emit_event(TableEvent::Opened(Box::new(preview)));
                self.begin(RunningJob::Scan { scan: Box::new(scan), table });
                Ok(())
            }
            TableCommand::DescribeRows { limit, seed } => {
                self.description = Some(Description::new(limit, seed));
                Ok(())
            }
            TableCommand::CheckLabel { plan } => {
                self.label_check = Some(LabelCheck::new(plan));
                Ok(())
            }
            TableCommand::Fit { plan } => self.fit(*plan, &emit_event),
            TableCommand::Compare => {
                self.require_idle()?;
                let job = CompareJob::new(self.ranking.as_ref().ok_or(NO_RANKING)?)?;
                self.begin(RunningJob::Compare(Box::new(job)));
                Ok(())
            }
            TableCommand::Stop => self.stop(&emit_event),
            TableCommand::Cancel => self.cancel(&emit_event),
            TableCommand::Rows { request, query } => self.rows(request, query, &emit_event),
            TableCommand::Details { row } => {
                let details = self.ranking.as_ref().ok_or(NO_RANKING)?.borrow().details(row)?;
                emit_event(TableEvent::Details(Box::new(details)));
                Ok(())
            }
            TableCommand::SetThreshold { rule } => self.set_threshold(rule, &emit_event),
            TableCommand::SaveDetector { with_replay } => {
                let file = self.current_detector().ok_or(NO_DETECTOR)?.to_file(with_replay)?;
                emit_event(TableEvent::DetectorSaved(Bytes(file)));
                Ok(())
            }
            TableCommand::OpenDetector { file } => self.open_detector(&file, &emit_event),
            TableCommand::Score { files: slots } => {
                let detector = Rc::new(self.current_detector().ok_or(NO_DETECTOR)?);
                self.open(shared(&slots, files)?, None, Some(detector), &emit_event)
            }
            TableCommand::MapColumns { map } => self.map_columns(map, &emit_event),
            TableCommand::FineTune => {
                self.require_idle()?;
                let job = FineTuneJob::new(self.ranking.as_ref().ok_or(NO_RANKING)?)?;
                self.begin(RunningJob::FineTune(Box::new(job)));
                Ok(())
            }
            TableCommand::ExportScored { format } => {
                self.require_idle()?;
                let job = ExportJob::new(self.ranking.as_ref().ok_or(NO_RANKING)?, format)?;
                self.begin(RunningJob::Export(Box::new(job)));
                Ok(())
            }
            TableCommand::FillMissing => {
                self.require_idle()?;
                let ranking = self.ranking.as_ref().ok_or(NO_RANKING)?.borrow();
                let job = FillJob::new(ranking.table(), ranking.detector())?;
                drop(ranking);
                self.begin(RunningJob::Fill(Box::new(job)));
                Ok(())
            }
            TableCommand::ExportReport => {
                let ranking = self.ranking.as_ref().ok_or(NO_RANKING)?.borrow();
                emit_event(TableEvent::ExportPart(Bytes(html_report(&ranking)?.into_bytes())));
                let name = format!("{}-report.html", stem(&ranking.file().name));
                emit_event(TableEvent::Exported { name, media_type: "text/html".into() });
                Ok(())
            }
        }
    }

    /// Works on the running job for one slice.
    ///
    /// # Errors
    /// When the job fails; it has ended then.
    pub async fn advance(&mut self, emit: &impl Fn(Event)) -> Result<(), EngineError> {
        let emit_event = |event| emit(Event::Table(event));
        let Some(job) = &mut self.job else {
            self.describe(&emit_event).await;
            self.check_label(&emit_event).await;
            return Ok(());
        };
        match job.advance().await {
            Ok(slice @ (JobAdvance::More | JobAdvance::Part(_))) => {
                if let JobAdvance::Part(part) = slice {
                    emit_event(TableEvent::ExportPart(Bytes(part)));
                }
                if self.progress_sent.is_none_or(|sent| sent.elapsed().as_secs_f64() >= PROGRESS_INTERVAL_S) {
                    emit_event(TableEvent::Progress(job.progress()));
                    self.progress_sent = Some(Instant::now());
                }
                Ok(())
            }
            Ok(JobAdvance::Done(result)) => {
                self.job = None;
                self.finish(result, &emit_event)
            }
            Err(error) => {
                self.job = None;
                Err(error)
            }
        }
    }

    /// Works for one slice on the description that was requested.
    async fn describe(&mut self, emit_event: &impl Fn(TableEvent)) {
        let Some(mut description) = self.description.take() else { return };
        match description.advance(|limit, seed| self.read_samples(limit, seed)).await {
            Ok(None) => self.description = Some(description),
            Ok(Some(rows)) => emit_event(TableEvent::RowsDescribed(Ok(rows))),
            Err(error) => emit_event(TableEvent::RowsDescribed(Err(error.to_string()))),
        }
    }

    /// Works for one slice on the check of a label that was requested. Where it cannot be checked, training says why.
    async fn check_label(&mut self, emit_event: &impl Fn(TableEvent)) {
        let (Some(mut check), Some(table)) = (self.label_check.take(), &self.table) else { return };
        match check.advance(table).await {
            Ok(None) => self.label_check = Some(check),
            Ok(Some(event)) => emit_event(event),
            Err(_) => {}
        }
    }

    /// A job that reads the session's table as samples: with the columns of the detector that was trained on it, or
    /// else all usable ones. Of more than `limit` rows a sample is drawn by `seed`.
    ///
    /// # Errors
    /// When there is no table, or none of its columns can be learnt from.
    pub fn read_samples(&self, limit: Option<usize>, seed: u64) -> Result<SamplesJob, EngineError> {
        let table = match (&self.table, &self.job) {
            (_, Some(RunningJob::Open { .. } | RunningJob::Scan { .. } | RunningJob::ScanToScore { .. })) => {
                return Err(NOT_SCANNED);
            }
            (Some(table), _) => table,
            (None, _) => return Err(NO_ROWS),
        };
        let ranked = self.ranking.as_ref().map(|ranking| ranking.borrow());
        let plan = match ranked.filter(|ranking| Rc::ptr_eq(ranking.table(), table)) {
            Some(ranking) if ranking.is_training_table() => SamplePlan::from(ranking.detector().plan()),
            _ => SamplePlan::new(&table.borrow(), None)?,
        };
        Ok(SamplesJob::new(table, plan, limit, seed)?)
    }

    /// Readers of tables that are no text.
    pub fn formats(&self) -> &dyn LoadFormats {
        self.formats.as_ref()
    }

    /// The ranking of the scored table.
    ///
    /// # Errors
    /// When no table was scored.
    pub fn ranking(&self) -> Result<Rc<RefCell<Ranking>>, EngineError> {
        self.ranking.clone().ok_or(NO_RANKING)
    }

    fn begin(&mut self, job: RunningJob) {
        self.job = Some(job);
        self.progress_sent = None;
    }

    /// Cancels a lookup in favour of a command that replaces what it reads. `Cancelled` comes before the command's own
    /// events.
    fn cancel_lookup(&mut self, emit_event: &impl Fn(TableEvent)) {
        if matches!(self.job, Some(RunningJob::Lookup { .. })) {
            self.job = None;
            emit_event(TableEvent::Cancelled);
        }
    }

    /// Checks that no job runs, and that no file waits for its columns.
    fn require_idle(&self) -> Result<(), EngineError> {
        match (&self.job, &self.unmatched) {
            (Some(_), _) => Err(BUSY),
            (None, Some(_)) => Err(ASKING),
            (None, None) => Ok(()),
        }
    }

    /// Checks that at most a scan or a lookup runs: another file, another dialect and a new ranking may replace it.
    fn require_only_reading(&self) -> Result<(), EngineError> {
        match &self.job {
            Some(job) if !job.only_reads() => Err(BUSY),
            _ => Ok(()),
        }
    }

    /// Opens files, to be scanned, and scored if there is a detector.
    fn open(
        &mut self,
        files: Vec<SharedSource>,
        part: Option<usize>,
        detector: Option<Rc<FittedDetector>>,
        emit_event: &impl Fn(TableEvent),
    ) -> Result<(), EngineError> {
        self.require_only_reading()?;
        let open = OpenJob::new(files, part, self.formats.as_ref())?;
        self.unmatched = None;
        self.cancel_lookup(emit_event);
        self.begin(RunningJob::Open { open: Box::new(open), detector });
        Ok(())
    }

    /// The table that is being scanned, else the session's table.
    fn newest_table(&self) -> Option<SharedTable> {
        match &self.job {
            Some(RunningJob::Scan { table, .. }) => Some(table.clone()),
            _ => self.table.clone(),
        }
    }

    fn fit(&mut self, plan: DetectorPlan, emit_event: &impl Fn(TableEvent)) -> Result<(), EngineError> {
        if matches!(self.job, Some(RunningJob::Open { .. } | RunningJob::Scan { .. })) {
            return Err(NOT_SCANNED);
        }
        self.require_only_reading()?;
        let table = self.table.as_ref().ok_or(NO_TABLE)?;
        let job = FitJob::new(table, plan)?;
        self.label_check = None;
        self.unmatched = None;
        self.cancel_lookup(emit_event);
        self.begin(RunningJob::Fit(Box::new(job)));
        Ok(())
    }

    fn stop(&mut self, emit_event: &impl Fn(TableEvent)) -> Result<(), EngineError> {
        match &mut self.job {
            Some(RunningJob::Fit(job)) if job.is_training() => job.stop(),
            Some(RunningJob::FineTune(job)) if job.is_training() => job.stop(),
            _ => return self.cancel(emit_event),
        }
        Ok(())
    }

    fn cancel(&mut self, emit_event: &impl Fn(TableEvent)) -> Result<(), EngineError> {
        let was_asking = self.unmatched.take().is_some();
        if self.job.take().is_none() && !was_asking {
            return Err(NO_WORK);
        }
        emit_event(TableEvent::Cancelled);
        Ok(())
    }

    fn rows(&mut self, request: u32, query: RowQuery, emit_event: &impl Fn(TableEvent)) -> Result<(), EngineError> {
        let ranking = self.ranking.clone().ok_or(NO_RANKING)?;
        let lookup = ranking.borrow().missing_lookup(&query);
        let Some(lookup) = lookup else {
            let (rows, total) = ranking.borrow_mut().select(&query)?;
            emit_event(TableEvent::Rows { request, total, rows });
            return Ok(());
        };
        // A newer request replaces the last.
        if self.job.as_ref().is_some_and(|job| !matches!(job, RunningJob::Lookup { .. })) {
            return Err(BUSY);
        }
        if self.unmatched.is_some() {
            return Err(ASKING);
        }
        let job = LookupJob::new(ranking.borrow().table(), lookup)?;
        self.begin(RunningJob::Lookup { job: Box::new(job), request, query });
        Ok(())
    }

    fn set_threshold(&self, rule: ThresholdRule, emit_event: &impl Fn(TableEvent)) -> Result<(), EngineError> {
        let mut ranking = self.ranking.as_ref().ok_or(NO_RANKING)?.borrow_mut();
        ranking.set_threshold(rule)?;
        emit_event(TableEvent::Threshold { report: ranking.threshold().clone(), columns: ranking.column_errors() });
        Ok(())
    }

    fn open_detector(&mut self, file: &NamedFile, emit_event: &impl Fn(TableEvent)) -> Result<(), EngineError> {
        self.require_idle()?;
        let detector = FittedDetector::from_file(&file.name, &file.bytes.0)?;
        emit_event(TableEvent::DetectorReady(Box::new(detector.summary())));
        self.detector = Some(Rc::new(detector));
        Ok(())
    }

    /// The session's detector; if it made the ranking, with the threshold that was chosen there last.
    fn current_detector(&self) -> Option<FittedDetector> {
        let shared = self.detector.as_ref()?;
        let ranking = self.ranking.as_ref().map(|ranking| ranking.borrow());
        Some(match ranking.filter(|ranking| Rc::ptr_eq(ranking.detector(), shared)) {
            Some(ranking) => ranking.detector_with_threshold(),
            None => (**shared).clone(),
        })
    }
}

/// The files that a command refers to.
fn shared(slots: &[FileSlot], files: Vec<Box<dyn ByteSource>>) -> Result<Vec<SharedSource>, EngineError> {
    let files: Vec<SharedSource> = files.into_iter().map(SharedSource::new).collect();
    let file = |slot: &FileSlot| files.get(slot.index).cloned();
    slots
        .iter()
        .map(file)
        .collect::<Option<_>>()
        .ok_or(EngineError::State("A file did not arrive with the command: choose it again."))
}

/// A file's name up to the first dot.
fn stem(name: &str) -> &str {
    name.split('.').next().filter(|stem| !stem.is_empty()).unwrap_or("table")
}
