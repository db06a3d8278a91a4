//! Work that takes longer than a moment, done in slices between which commands are handled.

use pinhole_protocol::table::{TableActivity, TableProgress};
use tracing::{Span, info_span, trace};
use web_time::Instant;

use crate::AnomalyError;

/// Work in slices of some milliseconds.
#[expect(async_fn_in_trait, reason = "awaited where it is written; nothing here crosses threads")]
pub trait Job {
    /// Result of the whole job.
    type Output;

    /// Works for one slice. Returns the result with the last one; the job must not be advanced after that.
    async fn advance(&mut self) -> Result<Option<Self::Output>, AnomalyError>;

    /// Share done, speed and time left.
    fn progress(&self) -> TableProgress;
}

/// Progress of a job, with its speed, the time left, and the span of its log.
#[derive(Debug)]
pub struct ProgressMeter {
    activity: TableActivity,
    started: Instant,
    share: f64,
    count: u64,
    span: Span,
}

impl ProgressMeter {
    /// A meter at 0 that starts now.
    pub fn start(activity: TableActivity) -> Self {
        let span = info_span!("job", ?activity);
        Self { activity, started: Instant::now(), share: 0.0, count: 0, span }
    }

    /// Sets the share of the work that is done (0 to 1), and its number of rows or steps.
    pub fn set(&mut self, share: f64, count: u64) {
        self.share = share.clamp(0.0, 1.0);
        self.count = count;
        trace!(parent: &self.span, share, count, "progress");
    }

    /// Tracing span of the job.
    pub const fn span(&self) -> &Span {
        &self.span
    }

    /// Seconds since the start.
    pub fn elapsed_s(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// Progress as it is shown to a person.
    pub fn progress(&self) -> TableProgress {
        let elapsed_s = self.elapsed_s();
        TableProgress {
            activity: self.activity,
            share: self.share,
            count: self.count,
            per_s: if elapsed_s > 0.0 { self.count as f64 / elapsed_s } else { 0.0 },
            remaining_s: if self.share > 0.0 { elapsed_s * (1.0 - self.share) / self.share } else { 0.0 },
            losses: Vec::new(),
        }
    }
}
