//! Penalties on the code.

use serde::{Deserialize, Serialize};

/// A kind of penalty on the code.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PenaltyKind {
    /// Mean absolute value of the code, which makes it sparse.
    L1,
    /// KL divergence of each unit's mean activation from `target` (Ng 2011); the code's activation must be a sigmoid.
    KlSparsity {
        /// Target mean activation, above 0 and below 1.
        target: f32,
    },
    /// Squared Frobenius norm of the encoder's Jacobian (Rifai et al. 2011): exact for a single dense layer, else
    /// estimated along one random direction per sample (Hutchinson 1990).
    Contractive,
    /// Total correlation of a variational code, estimated on the batch (Chen et al. 2018).
    TotalCorrelation,
    /// Squared correlations between the units of the code, over the batch (Cogswell et al. 2016).
    Orthogonality,
}

impl PenaltyKind {
    /// One of each kind with usual settings, in the order of menus.
    pub const ALL: [Self; 5] =
        [Self::L1, Self::KlSparsity { target: 0.05 }, Self::Contractive, Self::TotalCorrelation, Self::Orthogonality];

    /// Name for display.
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

/// A penalty with its weight.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Penalty {
    /// The kind.
    pub kind: PenaltyKind,
    /// Weight in the objective.
    pub weight: f32,
}
