//! What shows that a network does what it is said to do.

use serde::{Deserialize, Serialize};

/// Something measured on held-out samples when a run is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Mean squared error of the reconstructions; beside it that of the mean training sample, the best without any code.
    ReconstructionError,
    /// PSNR in dB of the reconstructions of corrupted inputs; beside it that of the corrupted inputs themselves.
    Restoration,
    /// Mean squared error where the input was hidden; beside it that of the mean training sample there.
    HiddenError,
    /// Share of codes whose five nearest neighbours' labels agree with their own by majority; beside it that of the most
    /// frequent label.
    NeighbourAccuracy,
    /// Mean squared error of rebuilding evenly random noise: near 0 the network merely copies; beside it the noise's own
    /// variance, 1/12.
    NoiseCopied,
    /// Mean share of a code's numbers that are above a hundredth of the largest.
    ActiveShare,
    /// Root mean square of how far a code moves when its input moves by 1 in a random direction.
    Sensitivity,
    /// Negative evidence lower bound, nats a sample (binary cross-entropy or Gaussian likelihood, summed over values).
    NegativeElbo,
    /// Numbers of a variational code whose mean varies over the samples (variance above 0.01, Burda et al. 2016); beside
    /// it the code's size. None is posterior collapse.
    ActiveUnits,
    /// Exponential of the entropy of how often each codebook vector is used; beside it the number of vectors.
    CodebookPerplexity,
    /// Maximum mean discrepancy (Gretton et al. 2012) of codes and draws of the prior; beside it that of two sets of draws.
    PriorDiscrepancy,
    /// Share of samples that the classifier labels rightly; beside it the share of the most frequent label.
    Accuracy,
    /// Mean squared error of a student; beside it its teacher's.
    StudentError,
    /// A student's weights as a share of its teacher's.
    StudentSize,
    /// A student's time for a batch as a share of its teacher's.
    StudentTime,
}

impl Measure {
    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::ReconstructionError => "Reconstruction error",
            Self::Restoration => "Restoration",
            Self::HiddenError => "Error where hidden",
            Self::NeighbourAccuracy => "Neighbours agree",
            Self::NoiseCopied => "Random noise, rebuilt",
            Self::ActiveShare => "Active share of the code",
            Self::Sensitivity => "Sensitivity",
            Self::NegativeElbo => "Negative ELBO",
            Self::ActiveUnits => "Active units",
            Self::CodebookPerplexity => "Codebook perplexity",
            Self::PriorDiscrepancy => "Distance from the prior",
            Self::Accuracy => "Labelled rightly",
            Self::StudentError => "Student's error",
            Self::StudentSize => "Student's size",
            Self::StudentTime => "Student's time",
        }
    }
}

/// A measure's value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// What was measured.
    pub measure: Measure,
    /// What came out.
    pub value: f64,
    /// What to compare it with; see the measure.
    pub reference: Option<f64>,
    /// Samples that it was measured on.
    pub samples: usize,
}
