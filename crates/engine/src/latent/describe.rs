//! Description of one vector, and samples for a list.

use pinhole_protocol::{
    Floats,
    latent::{DecodedSamples, NearVector, SampleDetails},
};

use super::OpenVectors;
use crate::EngineError;

/// Neighbours that are described.
const NEAREST: usize = 12;
/// Samples of a list, at most.
const MAX_SHOWN: usize = 2_000;

/// Describes the vector `index`.
///
/// # Errors
/// When there is no such vector, or the device fails.
pub async fn describe(open: &OpenVectors, index: usize) -> Result<SampleDetails, EngineError> {
    open.check_indices(&[index])?;
    let mut details = SampleDetails {
        index,
        code: Floats(open.vectors.row(index).to_vec()),
        sample: None,
        reconstruction: None,
        error: None,
        usual_error: open.usual_error(),
        nearest: nearest(open, index),
    };
    if let (Some(samples), Some(model)) = (&open.samples, &open.model) {
        let reconstructed = model.reconstruct(&samples.inputs([index])).await?;
        details.sample = Some(samples.content(&[index]));
        details.reconstruction = Some(model.content(&reconstructed.values));
        details.error = Some(open.errors[index]);
    }
    Ok(details)
}

/// Samples for a list, in this order.
///
/// # Errors
/// When there is no such vector, there are too many, or the vectors come from a file.
pub fn show(open: &OpenVectors, indices: &[usize]) -> Result<DecodedSamples, EngineError> {
    open.check_indices(indices)?;
    let samples = open.samples.as_ref().ok_or(EngineError::State("Vectors from a file have no samples to show."))?;
    if indices.len() > MAX_SHOWN {
        return Err(EngineError::setting("indices", format!("At most {MAX_SHOWN} samples are shown at once.")));
    }
    Ok(DecodedSamples { count: indices.len(), codes: Floats::default(), content: samples.content(indices) })
}

/// The nearest vectors to one of them by Euclidean distance, nearest first.
fn nearest(open: &OpenVectors, index: usize) -> Vec<NearVector> {
    let code = open.vectors.row(index);
    let distance = |other: &[f32]| code.iter().zip(other).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
    let others = open.vectors.rows().enumerate().filter(|&(other, _)| other != index);
    let mut found: Vec<(f32, usize)> = others.map(|(other, row)| (distance(row), other)).collect();
    let by_distance = |a: &(f32, usize), b: &(f32, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
    if found.len() > NEAREST {
        found.select_nth_unstable_by(NEAREST, by_distance);
        found.truncate(NEAREST);
    }
    found.sort_by(by_distance);
    found.into_iter().map(|(square, index)| NearVector { index, distance: square.sqrt() }).collect()
}
