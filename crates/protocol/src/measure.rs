//! Measures of a trained network on held-out samples, which show what its preset claims.

use serde::{Deserialize, Serialize};

/// A measure of a network on held-out samples. "Reference" is [`Measurement::reference`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Mean squared error of the reconstructions. Reference: that of the mean training sample.
    ReconstructionError,
    /// PSNR in dB of the reconstructions of corrupted inputs. Reference: PSNR of the corrupted inputs.
    #[serde(rename = "restoration")]
    Denoising,
    /// Mean squared error of the hidden values. Reference: that of the mean training sample on them.
    HiddenError,
    /// Accuracy of a five-nearest-neighbour classifier on the codes, 0 to 1. Reference: share of the most frequent
    /// label.
    NeighbourAccuracy,
    /// Mean squared error of the reconstructions of uniform random noise; near 0 the network copies its input.
    /// Reference: the noise's variance, 1/12.
    NoiseCopied,
    /// Mean share, 0 to 1, of a code's values whose magnitude is above a hundredth of the largest.
    ActiveShare,
    /// Number of units of a vector code that have the same value for every sample. Reference: the latent size.
    DeadUnits,
    /// Root mean square of the code's change per unit change of the input in a random direction.
    Sensitivity,
    /// Negative evidence lower bound in nats per sample (binary cross-entropy or Gaussian likelihood, summed over
    /// values).
    NegativeElbo,
    /// Number of units of a variational code whose mean has a variance above 0.01 over the samples (Burda et al. 2016);
    /// 0 is posterior collapse. Reference: the latent size.
    ActiveUnits,
    /// Perplexity of the codebook: exponential of the entropy of its vectors' frequencies. Reference: the number of
    /// vectors.
    CodebookPerplexity,
    /// Maximum mean discrepancy (MMD, Gretton et al. 2012) between codes and draws from the prior. Reference: that
    /// between two sets of draws.
    #[serde(rename = "prior_discrepancy")]
    PriorMmd,
    /// Accuracy of the classifier head, 0 to 1. Reference: share of the most frequent label.
    Accuracy,
    /// Coefficient of determination, R², of the regression head. Reference: 0, that of predicting the mean.
    RegressionR2,
    /// Mean absolute error of the regression head, in the attribute's unit. Reference: that of predicting the mean of
    /// the training samples.
    RegressionMae,
    /// Correlation (Pearson's r) of a tied latent number with its attribute; the mean over all such ties. Reference: the
    /// largest absolute correlation of any other latent number.
    TiedCorrelation,
    /// Accuracy, 0 to 1, of the largest latent number of a group that is tied to the label. Reference: share of the
    /// most frequent label.
    TiedAccuracy,
    /// Mean squared error of a distilled student. Reference: its teacher's.
    StudentError,
    /// Number of a student's weights divided by its teacher's.
    StudentSize,
    /// A student's time per batch divided by its teacher's.
    StudentTime,
}

impl Measure {
    /// Name for display.
    pub const fn label(self) -> &'static str {
        match self {
            Self::ReconstructionError => "Reconstruction error",
            Self::Denoising => "Denoising",
            Self::HiddenError => "Error where hidden",
            Self::NeighbourAccuracy => "Neighbours agree",
            Self::NoiseCopied => "Random noise, rebuilt",
            Self::ActiveShare => "Active share of the code",
            Self::DeadUnits => "Dead units of the code",
            Self::Sensitivity => "Sensitivity",
            Self::NegativeElbo => "Negative ELBO",
            Self::ActiveUnits => "Active units",
            Self::CodebookPerplexity => "Codebook perplexity",
            Self::PriorMmd => "MMD to the prior",
            Self::Accuracy => "Accuracy",
            Self::RegressionR2 => "R² of the regression",
            Self::RegressionMae => "MAE of the regression",
            Self::TiedCorrelation => "Tied correlation",
            Self::TiedAccuracy => "Tied accuracy",
            Self::StudentError => "Student's error",
            Self::StudentSize => "Student's size",
            Self::StudentTime => "Student's time",
        }
    }
}

/// Value of a measure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// The measure.
    pub measure: Measure,
    /// Value, in the measure's unit.
    pub value: f64,
    /// A value to compare it with; see the measure.
    pub reference: Option<f64>,
    /// Number of samples that it was measured on.
    pub samples: usize,
}
