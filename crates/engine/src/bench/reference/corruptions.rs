//! One corruption that is not random.

use burn::tensor::Device;
use pinhole_numerics::random::{Stream, generator};
use pinhole_protocol::{Agreement, Corruption, GridShape};
use serde::Deserialize;

use super::{
    agreement::{note, unseen},
    fixture, read,
};
use crate::{EngineError, data::Arrangement, objective::corruption::DrawnNoise};

/// What a case is about.
#[derive(Deserialize)]
pub(super) struct Head {
    shape: GridShape,
    corruption: Corruption,
}

type Case<'a> = fixture::Case<'a, Head>;

/// Compares what becomes of the pictures.
pub(super) async fn compare(case: &Case<'_>, device: &Device) -> Result<Agreement, EngineError> {
    let Head { shape, corruption } = *case.head;
    let clean = case.rows("clean", device)?;
    let mut random = generator(0, Stream::TrainingNoise, 0);
    let noise = DrawnNoise::draw(corruption, clean.dims()[0], Arrangement::plain(shape), &mut random)
        .ok_or_else(|| case.differs("changes nothing here"))?;
    let mut agreement = unseen(case.name);
    let corrupted = noise.apply(clean, device).input;
    note(&mut agreement, "corrupted", &read(corrupted).await?, &case.values("corrupted")?, 0.0);
    Ok(agreement)
}
