//! Description of a table's rows as samples, before there is a network that reads them.

use pinhole_anomaly::jobs::Job;
use pinhole_protocol::table::RowsSummary;

use crate::{
    EngineError,
    data::{RowsRequest, SampleSet, SamplesJob},
};

/// A description that was requested. It waits for the running job, as the session's table may be scanned by it.
pub(super) struct Description {
    request: RowsRequest,
    job: Option<Box<SamplesJob>>,
}

impl Description {
    /// A description of the rows that an experiment asks for.
    pub const fn new(request: RowsRequest) -> Self {
        Self { request, job: None }
    }

    /// Works for one slice on the job that `begin` makes.
    ///
    /// # Errors
    /// When there is no table, or none of its columns can be learnt from.
    pub async fn advance(
        &mut self,
        begin: impl FnOnce(&RowsRequest) -> Result<SamplesJob, EngineError>,
    ) -> Result<Option<RowsSummary>, EngineError> {
        let job = match &mut self.job {
            Some(job) => job,
            unbegun => unbegun.insert(Box::new(begin(&self.request)?)),
        };
        Ok(job.advance().await?.map(|samples| summary(&samples, job.numeric_columns())))
    }
}

fn summary(samples: &SampleSet, numeric_columns: Vec<String>) -> RowsSummary {
    RowsSummary {
        name: samples.name.clone(),
        rows: samples.len(),
        width: samples.shape().len(),
        classes: samples.labels().classes(),
        numeric_columns,
        warnings: samples.warnings.clone(),
    }
}
