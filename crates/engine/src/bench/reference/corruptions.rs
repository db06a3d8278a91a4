//! Comparison of a deterministic corruption (blur, down-scaling) with its reference.

use burn::tensor::Device;
use pinhole_numerics::random::{Stream, generator};
use pinhole_protocol::{Agreement, Corruption, GridShape};
use serde::Deserialize;

use super::{
    agreement::{compare_tensor, empty},
    fixture,
};
use crate::{EngineError, data::SampleLayout, objective::corruption::DrawnNoise, read_back::read};

/// Parameters of a case.
#[derive(Deserialize)]
pub(super) struct CaseSpec {
    shape: GridShape,
    corruption: Corruption,
}

type Case<'a> = fixture::Case<'a, CaseSpec>;

/// Compares the corrupted pictures.
pub(super) async fn compare(case: &Case<'_>, device: &Device) -> Result<Agreement, EngineError> {
    let CaseSpec { shape, corruption } = *case.spec;
    let clean = case.rows("clean", device)?;
    let mut rng = generator(0, Stream::TrainingNoise, 0);
    let noise = DrawnNoise::draw(corruption, clean.dims()[0], SampleLayout::ungrouped(shape), &mut rng)
        .ok_or_else(|| case.mismatch("changes nothing here"))?;
    let mut agreement = empty(case.name);
    let corrupted = noise.apply(clean, device).input;
    compare_tensor(&mut agreement, "corrupted", &read(corrupted).await?, &case.values("corrupted")?, 0.0);
    Ok(agreement)
}
