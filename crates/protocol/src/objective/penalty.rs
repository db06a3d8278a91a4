//! What is asked of the code beside a good reconstruction.

use serde::{Deserialize, Serialize};

/// A kind of penalty on the code.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PenaltyKind {
    /// Mean absolute value of the code: many numbers become 0.
    L1,
    /// Divergence of each unit's mean activation from `target` (Ng 2011); the code must end in a sigmoid.
    KlSparsity {
        /// Mean activation wanted, above 0 and below 1.
        target: f32,
    },
    /// Squared Frobenius norm of the encoder's Jacobian (Rifai et al. 2011): exact for a single dense layer, else
    /// estimated along a random direction a sample (Hutchinson 1990).
    Contractive,
    /// Total correlation of a variational code, estimated on the batch (Chen et al. 2018).
    TotalCorrelation,
    /// Squared correlations between the code's numbers, over the batch (Cogswell et al. 2016).
    Orthogonality,
}

impl PenaltyKind {
    /// One of each kind with usual settings, in the order a menu shows.
    pub const ALL: [Self; 5] =
        [Self::L1, Self::KlSparsity { target: 0.05 }, Self::Contractive, Self::TotalCorrelation, Self::Orthogonality];

    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::L1 => "L1 sparsity",
            Self::KlSparsity { .. } => "KL sparsity",
            Self::Contractive => "Contractive",
            Self::TotalCorrelation => "Total correlation",
            Self::Orthogonality => "Orthogonality",
        }
    }
}

/// A penalty and how much it counts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Penalty {
    /// Which.
    pub kind: PenaltyKind,
    /// What it is multiplied by.
    pub weight: f32,
}
