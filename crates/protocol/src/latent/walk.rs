//! Walks through the latent space.

use serde::{Deserialize, Serialize};

use super::DecodedSamples;
use crate::Floats;

/// The way between two codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interpolation {
    /// Straight.
    #[default]
    Straight,
    /// Along the great circle, the length interpolated too (White 2016).
    Spherical,
}

/// A summand of a combination: the mean of some vectors, times a factor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeanTerm {
    /// Factor, such as 1 or -1.
    pub factor: f32,
    /// Indices of the vectors.
    pub indices: Vec<usize>,
}

/// Every latent number changed alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Walks {
    /// The code around which the numbers are changed.
    pub code: Floats,
    /// A walk per latent number that is shown, greatest effect first.
    pub dimensions: Vec<DimensionWalk>,
    /// Latent numbers of the code; above 64 only those of the greatest variance are walked.
    pub width: usize,
}

/// One latent number changed alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DimensionWalk {
    /// The latent number, from 0.
    pub dimension: usize,
    /// Lowest value: the first percentile of the vectors, or the code's own number below it.
    pub low: f32,
    /// Highest value.
    pub high: f32,
    /// Variance over the vectors.
    pub variance: f32,
    /// Root mean square change of an output value from low to high.
    pub effect: f32,
    /// True if the number hardly varies or changes nothing.
    pub is_dead: bool,
    /// Decoded samples from low to high.
    pub samples: DecodedSamples,
    /// Change of each output value from low to high: of every pixel of the first channel, or of every column, as a share
    /// of its range.
    pub change: Floats,
}
