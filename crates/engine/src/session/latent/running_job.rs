//! A job that runs slice by slice, and what comes of it.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
    time::Duration,
};

use pinhole_latent::projection::ProjectedVectors;
use pinhole_protocol::latent::{LatentEvent, ProjectedMap};
use web_time::Instant;

use crate::{
    EngineError,
    latent::{FollowedMap, JobControl, LatentModel, OpenVectors},
};

/// Result of a job that ends well.
pub(super) enum JobOutcome {
    /// Vectors that take the place of those before.
    Opened(Box<OpenVectors>),
    /// A map that takes the place of the one before.
    Projected { positions: ProjectedVectors, model: Option<LatentModel>, map: Box<ProjectedMap> },
    /// A snapshot of a run.
    Followed(Box<FollowedMap>),
    /// Its answer.
    Event(Box<LatentEvent>),
    /// It was stopped and left nothing.
    Cancelled,
}

/// A job; it pauses by its [`JobControl`].
pub(super) type JobFuture = Pin<Box<dyn Future<Output = Result<JobOutcome, EngineError>>>>;

/// A job in progress.
pub(super) struct RunningJob {
    future: JobFuture,
    /// Its handle.
    pub control: JobControl,
    /// True while it waits to be resumed.
    pub is_paused: bool,
    /// True if it ends with what it has when it is stopped, false if it is dropped.
    pub keeps_what_it_has: bool,
    /// Time of its last event of progress, or of its start.
    pub progress_sent: Instant,
}

impl RunningJob {
    /// A job that `run` makes for its handle.
    pub fn new(run: impl FnOnce(JobControl) -> JobFuture) -> Self {
        let control = JobControl::default();
        Self {
            future: run(control.clone()),
            control,
            is_paused: false,
            keeps_what_it_has: false,
            progress_sent: Instant::now(),
        }
    }

    /// Works for one slice. Returns the result with the last one; the job must not be advanced after that.
    pub async fn advance(&mut self, slice: Duration) -> Option<Result<JobOutcome, EngineError>> {
        self.control.begin_slice(slice);
        poll_fn(|context| match self.future.as_mut().poll(context) {
            Poll::Ready(result) => Poll::Ready(Some(result)),
            Poll::Pending if self.control.take_yield() => Poll::Ready(None),
            // It waits for the device.
            Poll::Pending => Poll::Pending,
        })
        .await
    }
}
