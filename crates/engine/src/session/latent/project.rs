//! Layout of the vectors in two dimensions.

use pinhole_protocol::{Event, latent::Projection};

use super::{super::state::Session, running_job::JobOutcome};
use crate::{EngineError, latent};

impl<E: Fn(Event), P: AsyncFn()> Session<E, P> {
    /// Begins a projection. One in progress gives way.
    pub(super) fn project(&mut self, projection: Projection, seed: u64) -> Result<(), EngineError> {
        let open = self.latent.vectors()?.clone();
        let projecting = self.latent.job.as_ref().is_none_or(|job| job.keeps_what_it_has);
        if !projecting {
            return Err(super::BUSY);
        }
        let run = latent::begin_projection(&open, projection, seed)?;
        self.latent.begin(|control| {
            Box::pin(async move {
                Ok(match latent::project(&open, run, projection, seed, &control).await? {
                    Some((positions, map)) => {
                        JobOutcome::Projected { positions, model: open.model.clone(), map: Box::new(map) }
                    }
                    None => JobOutcome::Cancelled,
                })
            })
        });
        if let Some(job) = &mut self.latent.job {
            job.keeps_what_it_has = true;
        }
        Ok(())
    }
}
