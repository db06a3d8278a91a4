//! Measures of the open vectors.

use pinhole_protocol::{
    Event,
    latent::{LatentEvent, Question},
};

use super::{super::state::Session, running_job::JobOutcome};
use crate::{EngineError, latent};

impl<E: Fn(Event), P: AsyncFn()> Session<E, P> {
    /// Begins to answer what the codes are good for.
    pub(super) fn measure_vectors(&mut self, question: Question, with_more: bool) -> Result<(), EngineError> {
        if self.latent.job.is_some() {
            return Err(super::BUSY);
        }
        let open = self.latent.vectors()?.clone();
        self.latent.begin(|control| {
            Box::pin(async move {
                let measures = latent::measure_vectors(&open, question, with_more, &control).await?;
                Ok(JobOutcome::Event(Box::new(LatentEvent::Measured(Box::new(measures)))))
            })
        });
        Ok(())
    }
}
