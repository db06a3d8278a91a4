//! How training proceeds.

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
    /// Is multiplied by `factor` after every `every_epochs` epochs.
    Step {
        /// Epochs between two cuts, at least 1.
        every_epochs: usize,
        /// What each cut multiplies by, above 0 and at most 1.
        factor: f32,
    },
}

/// Stop when the validation loss has not improved for a while; the best weights are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlyStopping {
    /// Epochs without improvement before stopping, at least 1.
    pub patience_epochs: usize,
}

/// Length and pace of training. The optimiser is Adam (Kingma and Ba 2015; beta 0.9 and 0.999, epsilon 1e-8).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Schedule {
    /// Passes over the training images.
    pub epochs: usize,
    /// Images a step.
    pub batch_size: usize,
    /// Adam's step size at the start.
    pub learning_rate: f32,
    /// How it moves.
    pub learning_rate_schedule: LearningRateSchedule,
    /// The share of all steps, 0 to 0.5, over which it first rises evenly from 0: a high rate is safe then.
    pub warm_up_share: f32,
    /// Decoupled weight decay (AdamW, Loshchilov and Hutter 2019); 0 is none.
    pub weight_decay: f32,
    /// Longest gradient (L2 norm over each tensor); a longer one is scaled down. `None`: not clipped.
    pub gradient_clip_norm: Option<f32>,
    /// Share of the images held out to validate, 0 to 0.5.
    pub validation_share: f32,
    /// Stop early, or never.
    pub early_stopping: Option<EarlyStopping>,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            epochs: 5,
            batch_size: 128,
            learning_rate: 1e-3,
            learning_rate_schedule: LearningRateSchedule::Constant,
            warm_up_share: 0.0,
            weight_decay: 0.0,
            gradient_clip_norm: None,
            validation_share: 0.1,
            early_stopping: None,
        }
    }
}
