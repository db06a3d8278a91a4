//! What a table's rows are to a network, told before there is a network that reads them.

use pinhole_protocol::table::RowsSummary;

use crate::{
    EngineError,
    data::SampleSet,
    tables::{Job, SamplesJob},
};

/// A description that was asked for. It waits for the work under way, as a table is in hand only once it was read.
pub(super) struct Description {
    limit: Option<usize>,
    seed: u64,
    job: Option<Box<SamplesJob>>,
}

impl Description {
    /// Of at most `limit` rows, drawn by `seed`.
    pub const fn new(limit: Option<usize>, seed: u64) -> Self {
        Self { limit, seed, job: None }
    }

    /// Does a piece of the work, which `begin` begins.
    ///
    /// # Errors
    /// When there is no table, or nothing in it can be learnt from.
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
