//! New samples: drawn, exported, and trained on.

use pinhole_protocol::{
    Bytes, Event,
    latent::{CodePrior, LatentActivity, LatentEvent},
};

use super::{super::state::Session, BUSY, NO_MAP, running_job::JobOutcome};
use crate::{
    EngineError,
    latent::{self, file},
};

impl<E: Fn(Event), P: AsyncFn()> Session<E, P> {
    pub(super) fn draw_samples(
        &mut self,
        request: u32,
        prior: CodePrior,
        count: usize,
        seed: u64,
    ) -> Result<(), EngineError> {
        let open = self.latent.vectors()?.clone();
        latent::check_draw(&open, prior, count)?;
        self.latent.request("draw", request, |control| {
            Box::pin(async move {
                let drawn = Box::new(latent::draw(&open, prior, count, seed, &control).await?);
                Ok(JobOutcome::Event(Box::new(LatentEvent::Drawn { request, drawn })))
            })
        });
        Ok(())
    }

    pub(super) fn export_drawn(&mut self, prior: CodePrior, count: usize, seed: u64) -> Result<(), EngineError> {
        let open = self.latent.vectors()?.clone();
        latent::check_draw(&open, prior, count)?;
        self.require_idle_latent()?;
        self.latent.begin(|control| {
            Box::pin(async move {
                control.report(LatentActivity::Drawing, 0, count);
                let codes = latent::draw_codes(&open, prior, count, seed, &control).await?.codes;
                let model = open.model()?;
                let samples = model.decode_samples(codes, &control).await?;
                let (name, bytes) = file::drawn_file(&samples, &model.decoding());
                Ok(JobOutcome::Event(Box::new(LatentEvent::Exported { name, bytes: Bytes(bytes) })))
            })
        });
        Ok(())
    }

    pub(super) fn augment(&mut self, prior: CodePrior, count: usize, seed: u64) -> Result<(), EngineError> {
        let open = self.latent.vectors()?.clone();
        latent::check_draw(&open, prior, count)?;
        self.require_idle_latent()?;
        self.latent.begin(|control| {
            Box::pin(async move {
                let effect = latent::augment(&open, prior, count, seed, &control).await?;
                Ok(JobOutcome::Event(Box::new(LatentEvent::Augmented(effect))))
            })
        });
        Ok(())
    }

    pub(super) fn export_coordinates(&self, indices: Option<Vec<usize>>) -> Result<(), EngineError> {
        let open = self.latent.vectors()?;
        let map = self.latent.projected.as_ref().ok_or(NO_MAP)?;
        if let Some(indices) = &indices {
            open.check_indices(indices)?;
        }
        let indices = indices.unwrap_or_else(|| (0..open.vectors.len()).collect());
        let bytes = Bytes(file::coordinates_csv(open, &map.positions.positions, &indices).into_bytes());
        self.emit_latent(LatentEvent::Exported { name: "map.csv".into(), bytes });
        Ok(())
    }

    /// Checks that no longer job runs.
    fn require_idle_latent(&self) -> Result<(), EngineError> {
        if self.latent.job.is_some() { Err(BUSY) } else { Ok(()) }
    }
}
