//! Held-out codes at one moment of a run, on a map whose axes stay put.

use std::rc::Rc;

use pinhole_latent::{
    Vectors,
    projection::{
        ProjectedVectors, ProjectionRun, ProjectionSettings,
        procrustes::{Alignment, Freedom},
    },
};
use pinhole_protocol::{Bytes, Floats, latent::Snapshot};

use super::{JobControl, LatentModel, samples::UNKNOWN};
use crate::{EngineError, measure::HeldOut};

/// A snapshot with its codes and its network, so that its places can be decoded.
#[derive(Clone, Debug)]
pub struct FollowedMap {
    /// The snapshot as it is sent.
    pub snapshot: Snapshot,
    /// Its codes on their map.
    pub map: ProjectedVectors,
    /// Its network.
    pub model: LatentModel,
}

/// Encodes held-out samples and lays them out: codes of two numbers as they are, others by their first principal
/// components, turned onto the positions `before`.
///
/// # Errors
/// When there is no sample, or the device fails.
pub async fn follow(
    model: LatentModel,
    held_out: &HeldOut,
    epoch: usize,
    before: Option<&[f32]>,
    control: &JobControl,
) -> Result<FollowedMap, EngineError> {
    let codes = model.encode(held_out.values(), control).await?;
    let vectors = Rc::new(Vectors::new(codes, model.latent_size())?);
    let map = lay_out(vectors, before, control).await?;
    let label = |label: &Option<u8>| label.unwrap_or(UNKNOWN);
    let snapshot = Snapshot {
        epoch,
        positions: Floats(map.positions.clone()),
        labels: Bytes(held_out.labels().iter().map(label).collect()),
    };
    Ok(FollowedMap { snapshot, map, model })
}

async fn lay_out(
    vectors: Rc<Vectors>,
    before: Option<&[f32]>,
    control: &JobControl,
) -> Result<ProjectedVectors, EngineError> {
    let settings = match vectors.width() {
        1 => ProjectionSettings::Raw { across: 0, up: 0 },
        2 => ProjectionSettings::Raw { across: 0, up: 1 },
        _ => ProjectionSettings::Pca,
    };
    let mut run = ProjectionRun::new(vectors, settings, 0)?;
    while !run.is_done() {
        run.advance();
        control.pause().await;
    }
    let mut map = run.finish().expect("it is done");
    if settings == ProjectionSettings::Pca {
        if let Some(before) = before.filter(|before| before.len() == map.positions.len()) {
            let freedom = Freedom { scale: false, translation: true };
            Alignment::new(&map.positions, before, freedom)?.apply(&mut map.positions);
        }
        // Turned axes are no components any more: places are decoded by the nearest codes.
        map.pca = None;
    }
    Ok(map)
}
