//! The measures beside the deciding ones.

use pinhole_latent::{
    Vectors,
    measure::{
        NeighbourhoodComparison, NeighbourhoodPreservation, ReconstructionError, TwoNearest, calinski_harabasz,
        davies_bouldin, psnr, reconstruction_error,
    },
};
use pinhole_protocol::{
    GridShape,
    latent::{Candidate, LatentMeasure},
};

use super::{
    classify,
    context::{Context, MeasuredSamples, rebuilt},
    dimensions, generate,
    group::{groups, labels_of, silhouette},
};
use crate::{EngineError, measure::images::quality};

/// Neighbours by which embeddings are compared with their originals.
const NEIGHBOURS: usize = 12;

/// All further measures, by group.
pub(super) async fn measures<P: AsyncFn()>(context: &Context<'_, P>) -> Result<Vec<LatentMeasure>, EngineError> {
    let mut measures = reconstruction(context);
    measures.extend(neighbourhood(context).await?);
    measures.extend(separation(context).await?);
    measures.extend(classify::more(context).await?);
    measures.extend(dimensions::more(context).await?);
    measures.extend(generate::more(context).await?);
    Ok(measures)
}

/// Errors of the reconstruction beside PCA's of the same size.
fn reconstruction<P: AsyncFn()>(context: &Context<'_, P>) -> Vec<LatentMeasure> {
    let Some(samples) = &context.code.samples else { return Vec::new() };
    let of_pca = context.pca_of_same_size().and_then(|pca| rebuilt(&pca, &samples.inputs));
    let rebuilt = [("This code".to_owned(), Some(&samples.reconstructions)), (context.pca_name(), of_pca.as_ref())];
    let measure = |name: &str, figure: &dyn Fn(&Vectors) -> Option<f64>| LatentMeasure {
        group: "Reconstruction".into(),
        name: name.into(),
        candidates: rebuilt
            .iter()
            .filter_map(|(name, other)| Some(Candidate { name: name.clone(), value: figure((*other)?) }))
            .collect(),
    };
    let error = |figure: fn(ReconstructionError) -> Option<f64>| {
        move |other: &Vectors| reconstruction_error(&samples.inputs, other).and_then(figure)
    };
    let mut measures = vec![
        measure("Mean squared error", &error(|error| Some(error.mse))),
        measure("Mean absolute error", &error(|error| Some(error.mae))),
        measure("Explained variance", &error(|error| error.explained_variance)),
    ];
    if let Some(shape) = samples.shape {
        // Without an error it is infinite, which no message can hold.
        measures.push(measure("PSNR in dB", &error(|error| Some(psnr(error.mse, 1.0)).filter(|db| db.is_finite()))));
        measures.push(measure("SSIM", &|other| mean_ssim(samples, other, shape)));
    }
    measures
}

/// Mean SSIM of pictures; `None` of those smaller than its window.
fn mean_ssim(samples: &MeasuredSamples, other: &Vectors, shape: GridShape) -> Option<f64> {
    let pictures = samples.inputs.rows().zip(other.rows());
    let sum: f64 = pictures.map(|(clean, other)| quality(clean, other, shape).ssim).sum();
    Some(sum / samples.inputs.len() as f64).filter(|mean| mean.is_finite())
}

/// Neighbourhoods of the raw samples in the code and in PCA, and intrinsic dimensions.
async fn neighbourhood<P: AsyncFn()>(context: &Context<'_, P>) -> Result<Vec<LatentMeasure>, EngineError> {
    let measure =
        |name: &str, candidates| LatentMeasure { group: "Neighbourhood".into(), name: name.into(), candidates };
    let mut measures = Vec::new();
    if let Some(samples) = &context.code.samples {
        let mut found: Vec<(String, NeighbourhoodPreservation)> = Vec::new();
        // The last one is the raw samples themselves.
        let embeddings = &context.representations[..context.representations.len() - 1];
        for embedding in embeddings {
            let comparison = NeighbourhoodComparison::new(&samples.inputs, &embedding.vectors, NEIGHBOURS)?;
            found.push((embedding.name.clone(), context.run(comparison).await));
        }
        let figures = |figure: fn(&NeighbourhoodPreservation) -> f64| {
            let candidate = |(name, kept): &(String, _)| Candidate { name: name.clone(), value: Some(figure(kept)) };
            found.iter().map(candidate).collect()
        };
        measures.push(measure("Trustworthiness, 12 neighbours", figures(|kept| kept.trustworthiness)));
        measures.push(measure("Continuity, 12 neighbours", figures(|kept| kept.continuity)));
    }
    let rows: Vec<usize> = (0..context.code.codes.len()).collect();
    let dimensions = context
        .of_each(async |representation| Ok(context.run(TwoNearest::new(&representation.vectors, &rows)?).await))
        .await?;
    measures.push(measure("Intrinsic dimension (TwoNN)", dimensions));
    Ok(measures)
}

/// Separation of labels, or of clusters.
async fn separation<P: AsyncFn()>(context: &Context<'_, P>) -> Result<Vec<LatentMeasure>, EngineError> {
    let groups = groups(context).await?;
    let names = ["Silhouette", "Davies-Bouldin index, less is better", "Calinski-Harabasz index"];
    let mut measures = names.map(|name| LatentMeasure {
        group: "Groups".into(),
        name: format!("{name} ({})", groups.name()),
        candidates: Vec::new(),
    });
    for representation in &context.representations {
        let vectors = &representation.vectors;
        let labels = labels_of(context, vectors, &groups).await?;
        let figures = [
            silhouette(context, vectors, &labels).await,
            davies_bouldin(vectors, &labels).ok().flatten(),
            calinski_harabasz(vectors, &labels).ok().flatten(),
        ];
        for (measure, value) in measures.iter_mut().zip(figures) {
            measure.candidates.push(Candidate { name: representation.name.clone(), value });
        }
    }
    Ok(measures.into())
}
