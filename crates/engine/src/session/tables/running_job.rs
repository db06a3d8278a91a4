//! The jobs that can run in a session, as one type.

use std::rc::Rc;

use pinhole_anomaly::{
    Comparison, FittedDetector, LookupResult, Ranking, SharedTable,
    jobs::{
        CompareJob, ExportAdvance, ExportJob, FillJob, FineTuneJob, FineTunedDetector, FitJob, FitResult, Job,
        LookupJob, OpenJob, ScanJob, ScoreJob,
    },
};
use pinhole_protocol::table::{FillReport, RowQuery, TablePreview, TableProgress, TableSummary};

use crate::EngineError;

/// A job that runs.
pub(super) enum RunningJob {
    /// Opening of files, which are scored by the detector if there is one.
    Open {
        open: Box<OpenJob>,
        detector: Option<Rc<FittedDetector>>,
    },
    /// Scan of a file that becomes the session's table.
    Scan {
        scan: Box<ScanJob>,
        table: SharedTable,
    },
    /// Scan of a file that is scored then.
    ScanToScore {
        scan: Box<ScanJob>,
        table: SharedTable,
        detector: Rc<FittedDetector>,
    },
    Fit(Box<FitJob>),
    Score(Box<ScoreJob>),
    /// Lookup that a request for rows needs.
    Lookup {
        job: Box<LookupJob>,
        request: u32,
        query: RowQuery,
    },
    Compare(Box<CompareJob>),
    FineTune(Box<FineTuneJob>),
    Export(Box<ExportJob>),
    Fill(Box<FillJob>),
}

/// Result of a job.
pub(super) enum JobResult {
    Opened { table: SharedTable, preview: Box<TablePreview>, detector: Option<Rc<FittedDetector>> },
    Scanned { summary: Box<TableSummary>, table: SharedTable },
    ScannedToScore { summary: Box<TableSummary>, table: SharedTable, detector: Rc<FittedDetector> },
    Fitted(Box<FitResult>),
    Scored(Box<Ranking>),
    LookedUp { result: LookupResult, request: u32, query: RowQuery },
    Compared(Comparison),
    FineTuned(Box<FineTunedDetector>),
    Filled { report: FillReport, name: String },
    Exported { name: String, media_type: &'static str },
}

/// Result of one slice of a job.
pub(super) enum JobAdvance {
    /// More slices follow.
    More,
    /// Bytes of an exported file; more slices follow.
    Part(Vec<u8>),
    /// The job is done.
    Done(JobResult),
}

impl RunningJob {
    /// True if cancelling it loses nothing.
    pub const fn only_reads(&self) -> bool {
        matches!(self, Self::Open { .. } | Self::Scan { .. } | Self::ScanToScore { .. } | Self::Lookup { .. })
    }

    /// Works for one slice.
    pub async fn advance(&mut self) -> Result<JobAdvance, EngineError> {
        let result = match self {
            Self::Open { open, detector } => open.advance().await?.map(|(table, preview)| JobResult::Opened {
                table,
                preview: preview.into(),
                detector: detector.clone(),
            }),
            Self::Scan { scan, table } => scan
                .advance()
                .await?
                .map(|summary| JobResult::Scanned { summary: summary.into(), table: table.clone() }),
            Self::ScanToScore { scan, table, detector } => scan.advance().await?.map(|summary| {
                JobResult::ScannedToScore { summary: summary.into(), table: table.clone(), detector: detector.clone() }
            }),
            Self::Fit(job) => job.advance().await?.map(|fitted| JobResult::Fitted(Box::new(fitted))),
            Self::Score(job) => job.advance().await?.map(|ranking| JobResult::Scored(Box::new(ranking))),
            Self::Lookup { job, request, query } => job.advance().await?.map(|result| JobResult::LookedUp {
                result,
                request: *request,
                query: query.clone(),
            }),
            Self::Compare(job) => job.advance().await?.map(JobResult::Compared),
            Self::FineTune(job) => job.advance().await?.map(|tuned| JobResult::FineTuned(Box::new(tuned))),
            Self::Export(job) => match job.advance()? {
                ExportAdvance::Part(part) => return Ok(JobAdvance::Part(part)),
                ExportAdvance::Done => {
                    Some(JobResult::Exported { name: job.name().to_owned(), media_type: job.media_type() })
                }
            },
            Self::Fill(job) => match job.advance()? {
                ExportAdvance::Part(part) if part.is_empty() => return Ok(JobAdvance::More),
                ExportAdvance::Part(part) => return Ok(JobAdvance::Part(part)),
                ExportAdvance::Done => {
                    Some(JobResult::Filled { report: job.report().clone(), name: job.name().to_owned() })
                }
            },
        };
        Ok(result.map_or(JobAdvance::More, JobAdvance::Done))
    }

    /// Share done, speed and time left.
    pub fn progress(&self) -> TableProgress {
        match self {
            Self::Open { open, .. } => open.progress(),
            Self::Scan { scan, .. } | Self::ScanToScore { scan, .. } => scan.progress(),
            Self::Fit(job) => job.progress(),
            Self::Score(job) => job.progress(),
            Self::Lookup { job, .. } => job.progress(),
            Self::Compare(job) => job.progress(),
            Self::FineTune(job) => job.progress(),
            Self::Export(job) => job.progress(),
            Self::Fill(job) => job.progress(),
        }
    }
}
