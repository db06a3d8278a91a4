//! Work that takes longer than a moment, done in pieces between which commands are heard.

use pinhole_protocol::table::{TableActivity, TableProgress};
use web_time::Instant;

use crate::EngineError;

/// Work in pieces of some milliseconds.
#[expect(async_fn_in_trait, reason = "awaited where it is written; nothing here crosses threads")]
pub trait Job {
    /// What comes of it.
    type Output;

    /// Does one piece. `Some` when all is done; the job must not be advanced after that.
    async fn advance(&mut self) -> Result<Option<Self::Output>, EngineError>;

    /// How far it is.
    fn progress(&self) -> TableProgress;
}

/// Counts work and says how long the rest takes.
#[derive(Debug)]
pub struct Meter {
    activity: TableActivity,
    started: Instant,
    share: f64,
    count: u64,
}

impl Meter {
    /// Starts the clock.
    pub fn start(activity: TableActivity) -> Self {
        Self { activity, started: Instant::now(), share: 0.0, count: 0 }
    }

    /// `share` (0 to 1) of the work is done, which is `count` rows or steps.
    pub fn note(&mut self, share: f64, count: u64) {
        self.share = share.clamp(0.0, 1.0);
        self.count = count;
    }

    /// Seconds since the start.
    pub fn elapsed_s(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// What people are told.
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
