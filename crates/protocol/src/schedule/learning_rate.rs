//! Learning-rate schedules, and factors per part of the network.

use serde::{Deserialize, Serialize};

/// Learning-rate schedule, relative to the initial learning rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LearningRateSchedule {
    /// The initial rate throughout.
    #[default]
    Constant,
    /// Cosine annealing to 0 at the last step (Loshchilov and Hutter 2017, without restarts).
    Cosine,
    /// Cosine annealing with warm restarts: each cycle is `factor` times as long as the previous one (SGDR, Loshchilov
    /// and Hutter 2017).
    CosineRestarts {
        /// Epochs of the first cycle, at least 1.
        first_epochs: usize,
        /// Ratio of the lengths of successive cycles, 1 to 100.
        factor: usize,
    },
    /// Multiplied by `factor` after every `every_epochs` epochs.
    Step {
        /// Epochs between two decreases, at least 1.
        every_epochs: usize,
        /// Factor per decrease, above 0 and at most 1.
        factor: f32,
    },
    /// Exponential decay by `factor` per epoch, in equal ratios per step.
    Exponential {
        /// Factor per epoch, above 0 and at most 1.
        factor: f32,
    },
    /// Multiplied by `factor` when the validation loss (without validation, the training loss) has not improved for
    /// `patience_epochs` epochs.
    Plateau {
        /// Factor per decrease, above 0 and below 1.
        factor: f32,
        /// Epochs without improvement before a decrease, at least 1.
        patience_epochs: usize,
    },
}

impl LearningRateSchedule {
    /// One of each kind with usual settings, in the order of menus.
    pub const ALL: [Self; 6] = [
        Self::Constant,
        Self::Cosine,
        Self::CosineRestarts { first_epochs: 2, factor: 2 },
        Self::Step { every_epochs: 2, factor: 0.5 },
        Self::Exponential { factor: 0.9 },
        Self::Plateau { factor: 0.5, patience_epochs: 2 },
    ];

    /// Name for display.
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

/// Factors of the learning rate per part of the network, 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PartRates {
    /// Factor of encoder and bottleneck; 0 freezes them.
    pub encoder: f32,
    /// Factor of the decoder; 0 freezes it.
    pub decoder: f32,
}

impl Default for PartRates {
    fn default() -> Self {
        Self { encoder: 1.0, decoder: 1.0 }
    }
}
