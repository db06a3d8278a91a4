//! The terms of the loss, to be plotted one by one.

use serde::{Deserialize, Serialize};

use super::PenaltyKind;

/// One term of what is minimised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// The reconstruction error.
    Reconstruction,
    /// A variational code's divergence from its prior: nats a sample, divided by the number of input values, so that it
    /// adds up with a mean over values.
    Divergence,
    /// Distance of codes and their codebook vectors.
    Quantisation,
    /// How well the discriminator sees through the encoder: what the encoder minimises.
    Adversarial,
    /// The discriminator's own loss, which the autoencoder does not minimise.
    Discriminator,
    /// The classifier's cross-entropy in nats, over samples with a label.
    Classification,
    /// L1 sparsity.
    L1,
    /// KL sparsity.
    KlSparsity,
    /// Contraction.
    Contractive,
    /// Total correlation: nats a sample, divided by the number of input values as the divergence is.
    TotalCorrelation,
    /// Orthogonality.
    Orthogonality,
}

impl Term {
    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Reconstruction => "Reconstruction",
            Self::Divergence => "Divergence",
            Self::Quantisation => "Quantisation",
            Self::Adversarial => "Adversarial",
            Self::Discriminator => "Discriminator",
            Self::Classification => "Classification",
            Self::L1 => "L1 sparsity",
            Self::KlSparsity => "KL sparsity",
            Self::Contractive => "Contraction",
            Self::TotalCorrelation => "Total correlation",
            Self::Orthogonality => "Orthogonality",
        }
    }

    /// Whether it is part of the sum that the autoencoder minimises.
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
