//! Description of a table's rows as samples, before there is a network that reads them.

use pinhole_anomaly::jobs::Job;
use pinhole_protocol::table::RowsSummary;

use crate::{
    EngineError,
    data::{SampleSet, SamplesJob},
};

/// A description that was requested. It waits for the running job, as the session's table may be scanned by it.
pub(super) struct Description {
    limit: Option<usize>,
    seed: u64,
    job: Option<Box<SamplesJob>>,
}

impl Description {
    /// A description of at most `limit` rows, drawn by `seed`.
    pub const fn new(limit: Option<usize>, seed: u64) -> Self {
        Self { limit, seed, job: None }
    }

    /// Works for one slice on the job that `begin` makes.
    ///
    /// # Errors
    /// When there is no table, or none of its columns can be learnt from.
    pub async fn advance(
        &mut self,
        begin: impl FnOnce(Option<usize>, u64) -> Result<SamplesJob, EngineError>,
    ) -> Result<Option<RowsSummary>, EngineError> {
        let job = match &mut self.job {
            Some(job) => job,
            unbegun => unbegun.insert(Box::new(begin(self.limit, self.seed)?)),
        };
        Ok(job.advance().await?.map(|samples| summary(&samples)))
    }
}

fn summary(samples: &SampleSet) -> RowsSummary {
    RowsSummary {
        name: samples.name.clone(),
        rows: samples.len(),
        width: samples.shape().len(),
        classes: samples.labels().classes(),
        warnings: samples.warnings.clone(),
    }
}
