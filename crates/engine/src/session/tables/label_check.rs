//! Check of a label before there is a detector.

use pinhole_anomaly::{
    SharedTable,
    jobs::{Job, LabelCheckJob},
};
use pinhole_protocol::table::{DetectorPlan, LabelPlan, TableEvent};

use crate::EngineError;

/// A check that was requested. It waits for the running job, as the session's table may be scanned by it.
pub(super) struct LabelCheck {
    plan: Box<DetectorPlan>,
    job: Option<Box<LabelCheckJob>>,
}

impl LabelCheck {
    /// A check of the plan's label.
    pub const fn new(plan: Box<DetectorPlan>) -> Self {
        Self { plan, job: None }
    }

    /// Works for one slice. Returns the answer with the last one.
    ///
    /// # Errors
    /// When there is no label, or the table cannot be read.
    pub async fn advance(&mut self, table: &SharedTable) -> Result<Option<TableEvent>, EngineError> {
        let job = match &mut self.job {
            Some(job) => job,
            unbegun => unbegun.insert(Box::new(LabelCheckJob::new(table, &self.plan)?)),
        };
        let label = || {
            self.plan.label.clone().unwrap_or_else(|| LabelPlan { column: String::new(), anomalous_values: Vec::new() })
        };
        Ok(job.advance().await?.map(|warnings| TableEvent::LabelChecked { label: label(), warnings }))
    }
}
