//! Description and decoding of places.

use pinhole_latent::interpolation::{direction, spherical, straight, weighted_sum};
use pinhole_protocol::{
    Event,
    latent::{CodePoint, Interpolation, LatentEvent, MeanTerm},
};

use super::{super::state::Session, NO_MAP, running_job::JobOutcome};
use crate::{
    EngineError,
    latent::{self, JobControl, LatentModel},
};

/// Decoded samples of one request, at most.
const MAX_STEPS: usize = 256;
/// Pictures along each side of a grid, at most.
const MAX_SIDE: usize = 32;

impl<E: Fn(Event), P: AsyncFn()> Session<E, P> {
    pub(super) async fn describe_vector(&self, request: u32, index: usize) -> Result<(), EngineError> {
        let details = Box::new(latent::describe(self.latent.vectors()?, index).await?);
        self.emit_latent(LatentEvent::Sample { request, details });
        Ok(())
    }

    pub(super) fn show_samples(&self, request: u32, indices: &[usize]) -> Result<(), EngineError> {
        let samples = latent::show(self.latent.vectors()?, indices)?;
        self.emit_latent(LatentEvent::Decoded { request, samples });
        Ok(())
    }

    /// Decodes one place at once, without waiting for other work.
    pub(super) async fn decode_place(&self, request: u32, at: &CodePoint) -> Result<(), EngineError> {
        let (code, model) = self.latent.resolve(at)?;
        let samples = model.decode_samples(code, &JobControl::default()).await?;
        self.emit_latent(LatentEvent::Decoded { request, samples });
        Ok(())
    }

    pub(super) fn decode_grid(
        &mut self,
        request: u32,
        across: [f32; 2],
        up: [f32; 2],
        side: usize,
    ) -> Result<(), EngineError> {
        let map = self.latent.map.clone().ok_or(NO_MAP)?;
        let model =
            map.model.clone().map_or_else(|| Ok(self.latent.vectors()?.model()?.clone()), Ok::<_, EngineError>)?;
        model.require_decoding()?;
        check_count("side", side, MAX_SIDE)?;
        if across.iter().chain(&up).any(|value| !value.is_finite()) {
            return Err(EngineError::setting("across", "The part of the map is not finite: zoom anew."));
        }
        self.latent.request("grid", request, |control| {
            Box::pin(async move {
                let mut codes = Vec::new();
                for place in latent::grid(across, up, side) {
                    codes.extend(map.positions.inverse(place));
                    control.pause().await;
                }
                decoded(request, &model, codes, &control).await
            })
        });
        Ok(())
    }

    pub(super) fn walk(&mut self, request: u32, around: &CodePoint, steps: usize) -> Result<(), EngineError> {
        let (code, model) = self.latent.resolve(around)?;
        model.require_decoding()?;
        let open = self.latent.vectors()?.clone();
        self.latent.request("walk", request, |control| {
            Box::pin(async move {
                let walks = Box::new(latent::walks(&open, code, steps, &control).await?);
                Ok(JobOutcome::Event(Box::new(LatentEvent::Walks { request, walks })))
            })
        });
        Ok(())
    }

    pub(super) fn interpolate(
        &mut self,
        request: u32,
        [from, to]: [&CodePoint; 2],
        interpolation: Interpolation,
        steps: usize,
    ) -> Result<(), EngineError> {
        check_count("steps", steps, MAX_STEPS)?;
        let ((from, model), (to, _)) = (self.latent.resolve(from)?, self.latent.resolve(to)?);
        let codes = latent::between(steps, |share| match interpolation {
            Interpolation::Straight => straight(&from, &to, share),
            Interpolation::Spherical => spherical(&from, &to, share),
        });
        self.decode_path("interpolate", request, model, codes)
    }

    pub(super) fn combine(&mut self, request: u32, terms: &[MeanTerm]) -> Result<(), EngineError> {
        let open = self.latent.vectors()?;
        if terms.is_empty() || terms.iter().any(|term| !term.factor.is_finite()) {
            return Err(EngineError::setting(
                "terms",
                "A combination needs at least one selection, and finite factors.",
            ));
        }
        for term in terms {
            open.check_indices(&term.indices)?;
        }
        let code = weighted_sum(&open.vectors, terms.iter().map(|term| (term.factor, &term.indices[..])))?;
        let model = open.model()?.clone();
        self.decode_path("combine", request, model, code)
    }

    pub(super) fn walk_direction(
        &mut self,
        request: u32,
        around: &CodePoint,
        [from, to]: [&[usize]; 2],
        steps: usize,
    ) -> Result<(), EngineError> {
        check_count("steps", steps, MAX_STEPS)?;
        let open = self.latent.vectors()?;
        open.check_indices(from)?;
        open.check_indices(to)?;
        let direction = direction(&open.vectors, from, to)?;
        let (code, model) = self.latent.resolve(around)?;
        let moved = |share: f64| {
            let factor = 2.0f64.mul_add(share, -1.0) as f32;
            code.iter().zip(&direction).map(|(value, step)| factor.mul_add(*step, *value)).collect()
        };
        let codes = latent::between(steps, moved);
        self.decode_path("direction", request, model, codes)
    }

    fn decode_path(
        &mut self,
        kind: &'static str,
        request: u32,
        model: LatentModel,
        codes: Vec<f32>,
    ) -> Result<(), EngineError> {
        model.require_decoding()?;
        self.latent
            .request(kind, request, |control| Box::pin(async move { decoded(request, &model, codes, &control).await }));
        Ok(())
    }
}

async fn decoded(
    request: u32,
    model: &LatentModel,
    codes: Vec<f32>,
    control: &JobControl,
) -> Result<JobOutcome, EngineError> {
    let samples = model.decode_samples(codes, control).await?;
    Ok(JobOutcome::Event(Box::new(LatentEvent::Decoded { request, samples })))
}

/// Refuses a number of samples that is 0 or too large.
fn check_count(field: &'static str, count: usize, most: usize) -> Result<(), EngineError> {
    if (1..=most).contains(&count) {
        return Ok(());
    }
    Err(EngineError::setting(field, format!("{count} is out of range: choose from 1 to {most}.")))
}
