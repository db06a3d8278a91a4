//! Layout of vectors in two dimensions, and the figures of a map.

use pinhole_latent::projection::{ProjectedVectors, ProjectionRun, ProjectionSettings, ProjectionStage};
use pinhole_protocol::{
    Floats,
    latent::{LatentActivity, MapQuality, PcaSummary, ProjectedMap, Projection},
};
use web_time::Instant;

use super::{JobControl, OpenVectors};
use crate::EngineError;

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
        quality: MapQuality { unexplained_variance: unexplained, ..quality(open, &positions.positions) },
        seconds: started.elapsed().as_secs_f32(),
    };
    Ok(Some((positions, map)))
}

/// Figures of a map.
fn quality(_open: &OpenVectors, _positions: &[f32]) -> MapQuality {
    MapQuality::default()
}

const fn settings(projection: Projection) -> ProjectionSettings {
    match projection {
        Projection::Raw { across, up } => ProjectionSettings::Raw { across, up },
        Projection::Pca => ProjectionSettings::Pca,
        Projection::Tsne { perplexity, iterations } => ProjectionSettings::Tsne { perplexity, iterations },
        Projection::Umap { neighbours, min_dist } => ProjectionSettings::Umap { neighbours, min_dist },
    }
}
