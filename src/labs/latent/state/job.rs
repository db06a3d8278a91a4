//! The job in progress: the engine has one at a time.

use pinhole_protocol::latent::LatentProgress;

/// A job of the engine that was requested and is not finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// Encodes samples or reads a file.
    Opening,
    /// Lays vectors out.
    Projecting,
    /// Draws new samples.
    Drawing,
    /// Trains with drawn samples and without.
    Augmenting,
    /// Measures the code.
    Measuring,
    /// Writes a file.
    Exporting,
}

/// The job in progress.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    pub kind: JobKind,
    /// Newest progress, without positions.
    pub progress: Option<LatentProgress>,
}

impl Job {
    /// A job that was requested just now.
    pub const fn new(kind: JobKind) -> Self {
        Self { kind, progress: None }
    }

    /// True while it waits to be resumed.
    pub fn is_paused(&self) -> bool {
        self.progress.as_ref().is_some_and(|progress| progress.is_paused)
    }
}
