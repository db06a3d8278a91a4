//! What can be under way, each a job of the engine's tables.

use std::rc::Rc;

use pinhole_protocol::table::{RowQuery, TableProgress, TableSummary};

use crate::{
    EngineError,
    tables::{
        CompareJob, Compared, ExportJob, ExportStep, FineTuneJob, FitJob, Fitted, Job, LookedUp, LookupJob, Ranking,
        ScanJob, ScoreJob, SharedTable, StoredDetector, TunedDetector,
    },
};

/// Work under way.
pub(super) enum Work {
    /// A file that takes the place of the table in hand once it was read to its end.
    Scan {
        scan: Box<ScanJob>,
        table: SharedTable,
    },
    /// A file that is to be scored with a detector.
    ScanToScore {
        scan: Box<ScanJob>,
        table: SharedTable,
        detector: Rc<StoredDetector>,
    },
    Fit(Box<FitJob>),
    Score(Box<ScoreJob>),
    /// For rows that were asked for.
    Lookup {
        job: Box<LookupJob>,
        request: u32,
        query: RowQuery,
    },
    Compare(Box<CompareJob>),
    FineTune(Box<FineTuneJob>),
    Export(Box<ExportJob>),
}

/// What came of it.
pub(super) enum Done {
    Scanned { summary: TableSummary, table: SharedTable },
    ScannedToScore { summary: TableSummary, table: SharedTable, detector: Rc<StoredDetector> },
    Fitted(Box<Fitted>),
    Scored(Box<Ranking>),
    LookedUp { found: LookedUp, request: u32, query: RowQuery },
    Compared(Compared),
    FineTuned(Box<TunedDetector>),
    Exported(String),
}

/// What a piece of work gave.
pub(super) enum Piece {
    /// More follows.
    Worked,
    /// A piece of a file; more follows.
    Part(Vec<u8>),
    /// All is done.
    Done(Done),
}

impl Work {
    /// Whether giving it up loses nothing.
    pub const fn is_only_reading(&self) -> bool {
        matches!(self, Self::Scan { .. } | Self::ScanToScore { .. } | Self::Lookup { .. })
    }

    /// Does a piece.
    pub async fn advance(&mut self) -> Result<Piece, EngineError> {
        let done = match self {
            Self::Scan { scan, table } => {
                scan.advance().await?.map(|summary| Done::Scanned { summary, table: table.clone() })
            }
            Self::ScanToScore { scan, table, detector } => scan.advance().await?.map(|summary| Done::ScannedToScore {
                summary,
                table: table.clone(),
                detector: detector.clone(),
            }),
            Self::Fit(job) => job.advance().await?.map(|fitted| Done::Fitted(Box::new(fitted))),
            Self::Score(job) => job.advance().await?.map(|ranking| Done::Scored(Box::new(ranking))),
            Self::Lookup { job, request, query } => {
                job.advance().await?.map(|found| Done::LookedUp { found, request: *request, query: query.clone() })
            }
            Self::Compare(job) => job.advance().await?.map(Done::Compared),
            Self::FineTune(job) => job.advance().await?.map(|tuned| Done::FineTuned(Box::new(tuned))),
            Self::Export(job) => match job.advance()? {
                ExportStep::Part(part) => return Ok(Piece::Part(part)),
                ExportStep::Done => Some(Done::Exported(job.name().to_owned())),
            },
        };
        Ok(done.map_or(Piece::Worked, Piece::Done))
    }

    /// How far it is.
    pub fn progress(&self) -> TableProgress {
        match self {
            Self::Scan { scan, .. } | Self::ScanToScore { scan, .. } => scan.progress(),
            Self::Fit(job) => job.progress(),
            Self::Score(job) => job.progress(),
            Self::Lookup { job, .. } => job.progress(),
            Self::Compare(job) => job.progress(),
            Self::FineTune(job) => job.progress(),
            Self::Export(job) => job.progress(),
        }
    }
}
