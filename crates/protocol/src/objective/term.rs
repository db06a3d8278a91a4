//! Terms of the loss, which are recorded and plotted one by one.

use serde::{Deserialize, Serialize};

use super::PenaltyKind;

/// A term of the loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// The reconstruction loss.
    Reconstruction,
    /// KL divergence of a variational code from its prior: nats per sample, divided by the number of input values, so
    /// that it can be added to a mean over values.
    Divergence,
    /// Squared distance between the encoder's vectors and their codebook vectors.
    Quantisation,
    /// The encoder's loss against the discriminator.
    Adversarial,
    /// The discriminator's own loss, which the autoencoder does not minimise.
    Discriminator,
    /// The classifier's cross-entropy in nats, over samples with a label.
    Classification,
    /// The regression head's squared error in variances of its attribute, over samples that have it.
    Regression,
    /// Sum over the ties: squared distance of a latent number from its attribute in variances of that, and
    /// cross-entropy of a group with the label in nats.
    Tying,
    /// L1 penalty of the code.
    L1,
    /// KL sparsity penalty of the code.
    KlSparsity,
    /// Contractive penalty.
    Contractive,
    /// Total correlation: nats per sample, divided by the number of input values.
    TotalCorrelation,
    /// Orthogonality penalty of the code.
    Orthogonality,
}

impl Term {
    /// Name for display.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Reconstruction => "Reconstruction",
            Self::Divergence => "Divergence",
            Self::Quantisation => "Quantisation",
            Self::Adversarial => "Adversarial",
            Self::Discriminator => "Discriminator",
            Self::Classification => "Classification",
            Self::Regression => "Regression",
            Self::Tying => "Tying",
            Self::L1 => "L1 sparsity",
            Self::KlSparsity => "KL sparsity",
            Self::Contractive => "Contraction",
            Self::TotalCorrelation => "Total correlation",
            Self::Orthogonality => "Orthogonality",
        }
    }

    /// True if it is part of the sum that the autoencoder minimises.
    pub const fn is_minimised(self) -> bool {
        !matches!(self, Self::Discriminator)
    }
}

impl From<PenaltyKind> for Term {
    fn from(kind: PenaltyKind) -> Self {
        match kind {
            PenaltyKind::L1 => Self::L1,
            PenaltyKind::KlSparsity { .. } => Self::KlSparsity,
            PenaltyKind::Contractive => Self::Contractive,
            PenaltyKind::TotalCorrelation => Self::TotalCorrelation,
            PenaltyKind::Orthogonality => Self::Orthogonality,
        }
    }
}
