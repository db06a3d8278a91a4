//! How training proceeds.

mod augmentation;
mod learning_rate;
mod optimiser;

use serde::{Deserialize, Serialize};

pub use augmentation::Augmentation;
pub use learning_rate::{LearningRateSchedule, PartRates};
pub use optimiser::Optimiser;

/// Stop when the validation loss has not improved for a while; the best weights are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlyStopping {
    /// Epochs without improvement before stopping, at least 1.
    pub patience_epochs: usize,
}

/// Length and pace of training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Schedule {
    /// Passes over the training images.
    pub epochs: usize,
    /// Images a step.
    pub batch_size: usize,
    /// What turns gradients into steps.
    pub optimiser: Optimiser,
    /// The optimiser's step size at the start.
    pub learning_rate: f32,
    /// How it moves.
    pub learning_rate_schedule: LearningRateSchedule,
    /// The share of all steps, 0 to 0.5, over which it first rises evenly from 0: a high rate is safe then.
    pub warm_up_share: f32,
    /// What the learning rate is multiplied by in each part of the network; 0 freezes a part.
    pub part_rates: PartRates,
    /// Weight decay; 0 is none. Adam, SGD and RMSProp add it to the gradient, the others shrink the weights beside it.
    pub weight_decay: f32,
    /// Longest gradient (L2 norm over each tensor); a longer one is scaled down. `None`: not clipped.
    pub gradient_clip_norm: Option<f32>,
    /// Largest value of a gradient, either way. `None`: not clipped.
    pub gradient_clip_value: Option<f32>,
    /// Batches whose mean gradient makes one step, at least 1: a large batch in a small memory.
    pub accumulated_batches: usize,
    /// Recomputes activations in the backward pass instead of keeping them (Chen et al. 2016): slower, less memory.
    pub gradient_checkpointing: bool,
    /// Decay of an exponential moving average of the weights (Polyak and Juditsky 1992), which is what is validated,
    /// shown and kept. `None`: the weights themselves.
    pub moving_average: Option<f32>,
    /// What is done to training pictures, to have more of them.
    pub augmentation: Augmentation,
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
            optimiser: Optimiser::Adam,
            learning_rate: 1e-3,
            learning_rate_schedule: LearningRateSchedule::Constant,
            warm_up_share: 0.0,
            part_rates: PartRates::default(),
            weight_decay: 0.0,
            gradient_clip_norm: None,
            gradient_clip_value: None,
            accumulated_batches: 1,
            gradient_checkpointing: false,
            moving_average: None,
            augmentation: Augmentation::default(),
            validation_share: 0.1,
            early_stopping: None,
        }
    }
}
