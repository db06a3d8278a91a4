//! Layout of vectors in two dimensions, and the figures of a map.

use pinhole_latent::{
    Labels, Stepper as _, Vectors,
    measure::{NeighbourVote, NeighbourhoodComparison, accuracy},
    projection::{ProjectedVectors, ProjectionRun, ProjectionSettings, ProjectionStage},
};
use pinhole_protocol::{
    Floats,
    latent::{LatentActivity, MapQuality, PcaSummary, ProjectedMap, Projection},
};
use web_time::Instant;

use super::{JobControl, OpenVectors};
use crate::EngineError;

/// Vectors over which neighbourhoods are compared, at most, and neighbours of each.
const MAX_COMPARED: usize = 2_000;
const NEIGHBOURS: usize = 12;
/// Vectors whose labels neighbours tell, at most, and neighbours that vote.
const MAX_VOTING: usize = 10_000;
const VOTES: usize = 5;
/// Components of a map.
const AXES: usize = 2;

/// Begins a projection.
///
/// # Errors
/// When its settings do not fit the vectors.
pub fn begin_projection(open: &OpenVectors, projection: Projection, seed: u64) -> Result<ProjectionRun, EngineError> {
    Ok(ProjectionRun::new(open.vectors.clone(), settings(projection), seed)?)
}

/// Works on a projection to its end, or until it is stopped. Returns the positions, and the map as it is sent; `None` if
/// it was stopped before there were any.
///
/// # Errors
/// When the figures of the map cannot be taken.
pub async fn project(
    open: &OpenVectors,
    mut run: ProjectionRun,
    projection: Projection,
    seed: u64,
    control: &JobControl,
) -> Result<Option<(ProjectedVectors, ProjectedMap)>, EngineError> {
    let started = Instant::now();
    while !run.is_done() && !control.is_stopped() {
        run.advance();
        let (done, total) = run.progress();
        let activity = match run.stage() {
            ProjectionStage::Neighbours => LatentActivity::Neighbours,
            ProjectionStage::Layout => LatentActivity::Layout,
        };
        control.report(activity, done, total);
        control.show_positions(|| run.positions());
        control.pause().await;
    }
    let seconds = started.elapsed().as_secs_f32();
    let is_partial = !run.is_done();
    let Some(positions) = run.finish() else { return Ok(None) };
    let pca = positions.pca.as_ref().map(|pca| PcaSummary {
        explained_variance: pca.explained_variance_ratio().into_iter().map(|share| share as f32).collect(),
        loadings: Floats(
            (0..pca.len().min(AXES)).flat_map(|axis| pca.component(axis)).map(|&value| value as f32).collect(),
        ),
    });
    let unexplained = pca.as_ref().map(|pca| (1.0 - pca.explained_variance.iter().take(AXES).sum::<f32>()).max(0.0));
    let map = ProjectedMap {
        projection,
        seed,
        positions: Floats(positions.positions.clone()),
        is_partial,
        pca,
        quality: MapQuality {
            unexplained_variance: unexplained,
            ..quality(open, &positions.positions, control).await?
        },
        seconds,
    };
    Ok(Some((positions, map)))
}

/// Figures of a map: trustworthiness and continuity over a sample of the vectors, and the share of labels that the
/// nearest positions tell.
async fn quality(open: &OpenVectors, positions: &[f32], control: &JobControl) -> Result<MapQuality, EngineError> {
    let mut quality = MapQuality::default();
    let pick = |most: usize| (0..open.vectors.len()).step_by(open.vectors.len().div_ceil(most).max(1));
    let map_of = |indices: &[usize]| {
        Vectors::new(indices.iter().flat_map(|&index| &positions[2 * index..2 * index + 2]).copied().collect(), 2)
    };
    let compared: Vec<usize> = pick(MAX_COMPARED).collect();
    let codes = compared.iter().flat_map(|&index| open.vectors.row(index)).copied().collect();
    let (codes, map) = (Vectors::new(codes, open.vectors.width())?, map_of(&compared)?);
    if let Ok(mut comparison) = NeighbourhoodComparison::new(&codes, &map, NEIGHBOURS) {
        let kept = loop {
            if let Some(kept) = comparison.advance() {
                break kept;
            }
            control.pause().await;
        };
        quality.trustworthiness = Some(kept.trustworthiness as f32);
        quality.continuity = Some(kept.continuity as f32);
    }
    let voting: Vec<usize> = pick(MAX_VOTING).collect();
    let of_all = open.labels();
    let labels = Labels::new(&voting.iter().map(|&index| of_all[index]).collect::<Vec<_>>());
    let map = map_of(&voting)?;
    if labels.names().len() >= 2
        && let Ok(mut vote) = NeighbourVote::leave_one_out(&map, &labels, VOTES)
    {
        let predicted = loop {
            if let Some(predicted) = vote.advance() {
                break predicted;
            }
            control.pause().await;
        };
        quality.neighbour_accuracy = Some(accuracy(&labels.values(), &predicted) as f32);
    }
    Ok(quality)
}

const fn settings(projection: Projection) -> ProjectionSettings {
    match projection {
        Projection::Raw { across, up } => ProjectionSettings::Raw { across, up },
        Projection::Pca => ProjectionSettings::Pca,
        Projection::Tsne { perplexity, iterations } => ProjectionSettings::Tsne { perplexity, iterations },
        Projection::Umap { neighbours, min_dist } => ProjectionSettings::Umap { neighbours, min_dist },
    }
}
