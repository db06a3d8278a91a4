//! The tables in hand: hears what is asked of them, and works on it a piece at a time.

mod description;
mod work;

use std::{cell::RefCell, rc::Rc};

use pinhole_protocol::{
    Bytes, Event, NamedFile,
    table::{DetectorPlan, FileSlot, RowQuery, TableCommand, TableEvent, ThresholdRule},
};
use pinhole_table::source::ByteSource;
use web_time::Instant;

use self::{
    description::Description,
    work::{Done, Piece, Work},
};
use crate::{
    EngineError,
    tables::{
        CompareJob, ExportJob, FineTuneJob, FitJob, Fitted, LookedUp, LookupJob, Ranking, SamplePlan, SamplesJob,
        ScanJob, ScoreJob, SharedTable, StoredDetector, Table, report,
    },
};

/// News of the work under way, so often.
const NEWS_S: f64 = 0.15;

const BUSY: EngineError = EngineError::State("Work is under way: stop it, or wait for its end.");
const NO_ROWS: EngineError =
    EngineError::State("This experiment learns from a table's rows, and there is no table: open one first.");
const NO_TABLE: EngineError = EngineError::State("There is no table yet: open a CSV file first.");
const NOT_SCANNED: EngineError = EngineError::State("The table has not been read to its end yet: wait a moment.");
const NO_DETECTOR: EngineError = EngineError::State("There is no detector yet: train one, or open a detector file.");
const NO_RANKING: EngineError = EngineError::State("No table has been scored yet: train a detector first.");
const NO_WORK: EngineError = EngineError::State("Nothing is under way.");

/// Table, detector and ranking in hand, and what is being done. A table is in hand once it was read to its end.
#[derive(Default)]
pub(super) struct TableDesk {
    table: Option<SharedTable>,
    detector: Option<Rc<StoredDetector>>,
    ranking: Option<Rc<RefCell<Ranking>>>,
    work: Option<Work>,
    description: Option<Description>,
    /// When news was last told.
    told: Option<Instant>,
}

impl TableDesk {
    /// Whether there is something to do without a command.
    pub const fn is_busy(&self) -> bool {
        self.work.is_some() || self.description.is_some()
    }

    /// Does what is asked, or begins it.
    ///
    /// # Errors
    /// When it cannot be done; everything in hand stays as it was.
    pub fn obey(
        &mut self,
        command: TableCommand,
        files: Vec<Box<dyn ByteSource>>,
        emit: &impl Fn(Event),
    ) -> Result<(), EngineError> {
        let tell = |event| emit(Event::Table(event));
        match command {
            TableCommand::Open { file } => self.open(&file, files, &tell),
            TableCommand::Reread { dialect } => {
                self.demand_idle_but_for_reading()?;
                let table = self.newest_table().ok_or(NO_TABLE)?;
                let (table, preview) = table.borrow().reread(dialect)?;
                let scan = ScanJob::new(&table)?;
                self.give_up_lookup(&tell);
                tell(TableEvent::Opened(Box::new(preview)));
                self.begin(Work::Scan { scan: Box::new(scan), table });
                Ok(())
            }
            TableCommand::DescribeRows { limit, seed } => {
                self.description = Some(Description::new(limit, seed));
                Ok(())
            }
            TableCommand::Fit { plan } => self.fit(*plan, &tell),
            TableCommand::Compare => {
                self.demand_idle()?;
                let job = CompareJob::new(self.ranking.as_ref().ok_or(NO_RANKING)?)?;
                self.begin(Work::Compare(Box::new(job)));
                Ok(())
            }
            TableCommand::Stop => self.stop(&tell),
            TableCommand::Cancel => self.cancel(&tell),
            TableCommand::Rows { request, query } => self.rows(request, query, &tell),
            TableCommand::Details { row } => {
                let details = self.ranking.as_ref().ok_or(NO_RANKING)?.borrow().details(row)?;
                tell(TableEvent::Details(Box::new(details)));
                Ok(())
            }
            TableCommand::SetThreshold { rule } => self.set_threshold(rule, &tell),
            TableCommand::SaveDetector { with_replay } => {
                let file = self.detector_in_force().ok_or(NO_DETECTOR)?.to_file(with_replay)?;
                tell(TableEvent::DetectorSaved(Bytes(file)));
                Ok(())
            }
            TableCommand::OpenDetector { file } => self.open_detector(&file, &tell),
            TableCommand::Score { file } => self.score(&file, files, &tell),
            TableCommand::FineTune => {
                self.demand_idle()?;
                let job = FineTuneJob::new(self.ranking.as_ref().ok_or(NO_RANKING)?)?;
                self.begin(Work::FineTune(Box::new(job)));
                Ok(())
            }
            TableCommand::ExportScored => {
                self.demand_idle()?;
                let job = ExportJob::new(self.ranking.as_ref().ok_or(NO_RANKING)?)?;
                self.begin(Work::Export(Box::new(job)));
                Ok(())
            }
            TableCommand::ExportReport => {
                let ranking = self.ranking.as_ref().ok_or(NO_RANKING)?.borrow();
                tell(TableEvent::ExportPart(Bytes(report(&ranking)?.into_bytes())));
                let name = format!("{}-report.html", stem(&ranking.file().name));
                tell(TableEvent::Exported { name, media_type: "text/html".into() });
                Ok(())
            }
        }
    }

    /// Does a piece of the work under way.
    ///
    /// # Errors
    /// When the work cannot go on; it is given up then.
    pub async fn work(&mut self, emit: &impl Fn(Event)) -> Result<(), EngineError> {
        let tell = |event| emit(Event::Table(event));
        let Some(work) = &mut self.work else {
            self.describe(&tell).await;
            return Ok(());
        };
        match work.advance().await {
            Ok(piece @ (Piece::Worked | Piece::Part(_))) => {
                if let Piece::Part(part) = piece {
                    tell(TableEvent::ExportPart(Bytes(part)));
                }
                if self.told.is_none_or(|told| told.elapsed().as_secs_f64() >= NEWS_S) {
                    tell(TableEvent::Progress(work.progress()));
                    self.told = Some(Instant::now());
                }
                Ok(())
            }
            Ok(Piece::Done(done)) => {
                self.work = None;
                self.conclude(done, &tell)
            }
            Err(error) => {
                self.work = None;
                Err(error)
            }
        }
    }

    /// Does a piece of the description that was asked for.
    async fn describe(&mut self, tell: &impl Fn(TableEvent)) {
        let Some(mut description) = self.description.take() else { return };
        match description.advance(|limit, seed| self.read_samples(limit, seed)).await {
            Ok(None) => self.description = Some(description),
            Ok(Some(rows)) => tell(TableEvent::RowsDescribed(Ok(rows))),
            Err(error) => tell(TableEvent::RowsDescribed(Err(error.to_string()))),
        }
    }

    /// Begins to read the table in hand as samples: with the columns of the detector that was trained on it, or else all
    /// that can be used. Of more than `limit` rows a sample is drawn by `seed`.
    ///
    /// # Errors
    /// When there is no table, or it has nothing to learn from.
    pub fn read_samples(&self, limit: Option<usize>, seed: u64) -> Result<SamplesJob, EngineError> {
        let table = match (&self.table, &self.work) {
            (_, Some(Work::Scan { .. } | Work::ScanToScore { .. })) => return Err(NOT_SCANNED),
            (Some(table), _) => table,
            (None, _) => return Err(NO_ROWS),
        };
        let ranked = self.ranking.as_ref().map(|ranking| ranking.borrow());
        let plan = match ranked.filter(|ranking| Rc::ptr_eq(ranking.table(), table)) {
            Some(ranking) if ranking.is_of_training() => SamplePlan::from(ranking.detector().plan()),
            _ => SamplePlan::new(&table.borrow(), None)?,
        };
        SamplesJob::new(table, plan, limit, seed)
    }

    fn begin(&mut self, work: Work) {
        self.work = Some(work);
        self.told = None;
    }

    /// Gives up a lookup for something better, and tells whoever waits for its rows: before any other news, as nothing
    /// else is given up.
    fn give_up_lookup(&mut self, tell: &impl Fn(TableEvent)) {
        if matches!(self.work, Some(Work::Lookup { .. })) {
            self.work = None;
            tell(TableEvent::Cancelled);
        }
    }

    fn demand_idle(&self) -> Result<(), EngineError> {
        if self.work.is_some() { Err(BUSY) } else { Ok(()) }
    }

    /// Reading a file makes way for another file or another way to read it, and a lookup for all that changes the ranking.
    fn demand_idle_but_for_reading(&self) -> Result<(), EngineError> {
        match &self.work {
            Some(work) if !work.is_only_reading() => Err(BUSY),
            _ => Ok(()),
        }
    }

    fn open(
        &mut self,
        slot: &FileSlot,
        files: Vec<Box<dyn ByteSource>>,
        tell: &impl Fn(TableEvent),
    ) -> Result<(), EngineError> {
        self.demand_idle_but_for_reading()?;
        let (table, preview) = Table::open(source(slot, files)?)?;
        let scan = ScanJob::new(&table)?;
        self.give_up_lookup(tell);
        tell(TableEvent::Opened(Box::new(preview)));
        self.begin(Work::Scan { scan: Box::new(scan), table });
        Ok(())
    }

    /// The table that is being read, else the one in hand.
    fn newest_table(&self) -> Option<SharedTable> {
        match &self.work {
            Some(Work::Scan { table, .. }) => Some(table.clone()),
            _ => self.table.clone(),
        }
    }

    fn fit(&mut self, plan: DetectorPlan, tell: &impl Fn(TableEvent)) -> Result<(), EngineError> {
        if matches!(self.work, Some(Work::Scan { .. })) {
            return Err(NOT_SCANNED);
        }
        self.demand_idle_but_for_reading()?;
        let table = self.table.as_ref().ok_or(NO_TABLE)?;
        let job = FitJob::new(table, plan)?;
        self.give_up_lookup(tell);
        self.begin(Work::Fit(Box::new(job)));
        Ok(())
    }

    fn stop(&mut self, tell: &impl Fn(TableEvent)) -> Result<(), EngineError> {
        match &mut self.work {
            Some(Work::Fit(job)) if job.is_training() => job.stop(),
            Some(Work::FineTune(job)) if job.is_training() => job.stop(),
            _ => return self.cancel(tell),
        }
        Ok(())
    }

    fn cancel(&mut self, tell: &impl Fn(TableEvent)) -> Result<(), EngineError> {
        self.work.take().ok_or(NO_WORK)?;
        tell(TableEvent::Cancelled);
        Ok(())
    }

    fn rows(&mut self, request: u32, query: RowQuery, tell: &impl Fn(TableEvent)) -> Result<(), EngineError> {
        let ranking = self.ranking.clone().ok_or(NO_RANKING)?;
        let lookup = ranking.borrow().lookup(&query);
        let Some(lookup) = lookup else {
            let (rows, total) = ranking.borrow_mut().select(&query)?;
            tell(TableEvent::Rows { request, total, rows });
            return Ok(());
        };
        // A newer question takes the place of the last.
        if self.work.as_ref().is_some_and(|work| !matches!(work, Work::Lookup { .. })) {
            return Err(BUSY);
        }
        let job = LookupJob::new(ranking.borrow().table(), lookup)?;
        self.begin(Work::Lookup { job: Box::new(job), request, query });
        Ok(())
    }

    fn set_threshold(&self, rule: ThresholdRule, tell: &impl Fn(TableEvent)) -> Result<(), EngineError> {
        let mut ranking = self.ranking.as_ref().ok_or(NO_RANKING)?.borrow_mut();
        ranking.set_threshold(rule)?;
        tell(TableEvent::Threshold { report: ranking.threshold().clone(), columns: ranking.column_errors() });
        Ok(())
    }

    fn open_detector(&mut self, file: &NamedFile, tell: &impl Fn(TableEvent)) -> Result<(), EngineError> {
        self.demand_idle()?;
        let detector = StoredDetector::from_file(&file.name, &file.bytes.0)?;
        tell(TableEvent::DetectorReady(Box::new(detector.summary())));
        self.detector = Some(Rc::new(detector));
        Ok(())
    }

    fn score(
        &mut self,
        slot: &FileSlot,
        files: Vec<Box<dyn ByteSource>>,
        tell: &impl Fn(TableEvent),
    ) -> Result<(), EngineError> {
        self.demand_idle_but_for_reading()?;
        let detector = Rc::new(self.detector_in_force().ok_or(NO_DETECTOR)?);
        let (table, preview) = Table::open(source(slot, files)?)?;
        // Before anything in hand is given up: a file without any of the columns is refused here.
        detector.bind(&table.borrow())?;
        let scan = ScanJob::new(&table)?;
        self.give_up_lookup(tell);
        tell(TableEvent::Opened(Box::new(preview)));
        self.begin(Work::ScanToScore { scan: Box::new(scan), table, detector });
        Ok(())
    }

    /// The detector in hand; if it made the ranking in hand, with the threshold that was chosen there last.
    fn detector_in_force(&self) -> Option<StoredDetector> {
        let shared = self.detector.as_ref()?;
        let mut detector = (**shared).clone();
        if let Some(ranking) = &self.ranking
            && Rc::ptr_eq(ranking.borrow().detector(), shared)
        {
            detector.set_threshold(ranking.borrow().threshold());
        }
        Some(detector)
    }

    fn conclude(&mut self, done: Done, tell: &impl Fn(TableEvent)) -> Result<(), EngineError> {
        match done {
            Done::Scanned { summary, table } => {
                table.borrow().demand_rows()?;
                self.table = Some(table);
                tell(TableEvent::Scanned(Box::new(summary)));
            }
            Done::ScannedToScore { summary, table, detector } => {
                tell(TableEvent::Scanned(Box::new(summary)));
                let job = ScoreJob::new(&table, &detector, None)?;
                self.table = Some(table);
                self.begin(Work::Score(Box::new(job)));
            }
            Done::Fitted(fitted) => {
                let Fitted { detector, roles } = *fitted;
                tell(TableEvent::DetectorReady(Box::new(detector.summary())));
                let detector = Rc::new(detector);
                let table = self.table.clone().ok_or(NO_TABLE)?;
                let job = ScoreJob::new(&table, &detector, Some(roles))?;
                self.detector = Some(detector);
                self.begin(Work::Score(Box::new(job)));
            }
            Done::Scored(mut ranking) => {
                let detector = Rc::new(ranking.calibrated_detector());
                ranking.set_detector(detector.clone());
                self.detector = Some(detector);
                tell(TableEvent::Scored(Box::new(ranking.file())));
                self.ranking = Some(Rc::new(RefCell::new(*ranking)));
            }
            Done::LookedUp { found, request, query } => {
                let ranking = self.ranking.clone().ok_or(NO_RANKING)?;
                match found {
                    LookedUp::Order(order) => ranking.borrow_mut().set_column_order(order),
                    LookedUp::Found(found) => ranking.borrow_mut().set_found(found),
                }
                self.rows(request, query, tell)?;
            }
            Done::Compared(compared) => {
                tell(TableEvent::Compared { methods: compared.methods.clone(), verdict: compared.verdict.clone() });
                self.ranking.as_ref().ok_or(NO_RANKING)?.borrow_mut().set_compared(compared);
            }
            Done::FineTuned(tuned) => {
                tell(TableEvent::FineTuned(tuned.effect));
                tell(TableEvent::DetectorReady(Box::new(tuned.detector.summary())));
                let detector = Rc::new(tuned.detector);
                let table = self.ranking.as_ref().ok_or(NO_RANKING)?.borrow().table().clone();
                let job = ScoreJob::new(&table, &detector, None)?;
                self.detector = Some(detector);
                self.begin(Work::Score(Box::new(job)));
            }
            Done::Exported(name) => tell(TableEvent::Exported { name, media_type: "text/csv".into() }),
        }
        Ok(())
    }
}

/// The file that a command speaks of.
fn source(slot: &FileSlot, files: Vec<Box<dyn ByteSource>>) -> Result<Box<dyn ByteSource>, EngineError> {
    files
        .into_iter()
        .nth(slot.index)
        .ok_or(EngineError::State("The file did not arrive with the command: choose it again."))
}

/// A file's name without what comes after the first dot.
fn stem(name: &str) -> &str {
    name.split('.').next().filter(|stem| !stem.is_empty()).unwrap_or("table")
}
