//! How the learning rate moves, and where it applies.

use serde::{Deserialize, Serialize};

/// How the learning rate moves from its start value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LearningRateSchedule {
    /// Stays.
    #[default]
    Constant,
    /// Falls along half a cosine to 0 at the last step (Loshchilov and Hutter 2017, without restarts).
    Cosine,
    /// Falls along half a cosine to 0 and starts anew; each round takes `factor` times as long as the one before
    /// (Loshchilov and Hutter 2017).
    CosineRestarts {
        /// Epochs of the first round, at least 1.
        first_epochs: usize,
        /// How much longer each round is, at least 1.
        factor: usize,
    },
    /// Is multiplied by `factor` after every `every_epochs` epochs.
    Step {
        /// Epochs between two cuts, at least 1.
        every_epochs: usize,
        /// What each cut multiplies by, above 0 and at most 1.
        factor: f32,
    },
    /// Is multiplied by `factor` over each epoch, evenly at every step.
    Exponential {
        /// Above 0 and at most 1.
        factor: f32,
    },
    /// Is multiplied by `factor` when the validation loss (without one, the training loss) has not improved for
    /// `patience_epochs` epochs.
    Plateau {
        /// Above 0 and below 1.
        factor: f32,
        /// At least 1.
        patience_epochs: usize,
    },
}

impl LearningRateSchedule {
    /// One of each kind with usual settings, in the order a menu shows.
    pub const ALL: [Self; 6] = [
        Self::Constant,
        Self::Cosine,
        Self::CosineRestarts { first_epochs: 2, factor: 2 },
        Self::Step { every_epochs: 2, factor: 0.5 },
        Self::Exponential { factor: 0.9 },
        Self::Plateau { factor: 0.5, patience_epochs: 2 },
    ];

    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Cosine => "cosine",
            Self::CosineRestarts { .. } => "cosine, restarts",
            Self::Step { .. } => "steps",
            Self::Exponential { .. } => "exponential",
            Self::Plateau { .. } => "on a plateau",
        }
    }
}

/// What the learning rate is multiplied by in each part of the network.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PartRates {
    /// Encoder and bottleneck; 0 freezes them.
    pub encoder: f32,
    /// Decoder; 0 freezes it.
    pub decoder: f32,
}

impl Default for PartRates {
    fn default() -> Self {
        Self { encoder: 1.0, decoder: 1.0 }
    }
}
