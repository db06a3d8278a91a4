//! Samples decoded from codes that belong to none.

use serde::{Deserialize, Serialize};

use super::DecodedSamples;

/// Distribution of new codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodePrior {
    /// The prior that training pulled the codes to.
    Prior,
    /// A mixture of Gaussians fitted to the codes, the number of its components chosen by BIC.
    Mixture,
}

/// Samples that were drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawnSamples {
    /// Distribution of their codes.
    pub prior: CodePrior,
    /// Components of the mixture; `None` for a prior.
    pub components: Option<usize>,
    /// The samples.
    pub samples: DecodedSamples,
    /// Figures of the samples.
    pub quality: SamplingQuality,
    /// Warning that the space need not be smooth, for a code without a prior.
    pub warning: Option<String>,
}

/// How like real samples drawn ones are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SamplingQuality {
    /// Median distance from a drawn sample to the nearest held-out sample.
    pub distance_to_held_out: f32,
    /// The same from one half of the held-out samples to the other.
    pub usual_distance: f32,
    /// Share of drawn samples that are nearly copies of a training sample.
    pub copied_share: f32,
}

/// Effect of drawn samples on training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AugmentationEffect {
    /// The figure: accuracy of a classifier, or AUROC of a detector.
    pub figure: String,
    /// Without drawn samples.
    pub without: f64,
    /// With them.
    pub with: f64,
    /// Real samples that were trained on.
    pub real: usize,
    /// Drawn samples that were added.
    pub drawn: usize,
    /// Sentence with the result.
    pub sentence: String,
}
