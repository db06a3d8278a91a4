//! The schedule: length of training, optimiser, learning rate, regularisation and validation.

mod augmentation;
mod learning_rate;
mod optimiser;

use serde::{Deserialize, Serialize};

pub use augmentation::Augmentation;
pub use learning_rate::{LearningRateSchedule, PartRates};
pub use optimiser::Optimiser;

/// Early stopping: training ends when the validation loss stops improving, and the best weights are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlyStopping {
    /// Epochs without improvement before stopping, at least 1.
    pub patience_epochs: usize,
}

/// Settings of a training run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Schedule {
    /// Number of passes over the training samples.
    pub epochs: usize,
    /// Samples per batch.
    pub batch_size: usize,
    /// Optimiser.
    pub optimiser: Optimiser,
    /// Initial learning rate.
    pub learning_rate: f32,
    /// Schedule of the learning rate.
    pub learning_rate_schedule: LearningRateSchedule,
    /// Warm-up: share of all steps, 0 to 0.5, over which the learning rate first rises linearly from 0.
    pub warm_up_share: f32,
    /// Factors of the learning rate per part of the network; 0 freezes a part.
    pub part_rates: PartRates,
    /// Weight decay, 0 to 1. Adam, SGD and RMSProp add it to the gradient (L2 regularisation), the others decouple it.
    pub weight_decay: f32,
    /// Clipping by norm: largest L2 norm of each tensor's gradient. `None`: not clipped.
    pub gradient_clip_norm: Option<f32>,
    /// Clipping by value: largest absolute value of a gradient. `None`: not clipped.
    pub gradient_clip_value: Option<f32>,
    /// Gradient accumulation: number of batches, at least 1, whose mean gradient makes one step.
    pub accumulated_batches: usize,
    /// Gradient checkpointing: recompute activations in the backward pass instead of storing them (Chen et al. 2016).
    pub gradient_checkpointing: bool,
    /// Decay of an exponential moving average of the weights (Polyak and Juditsky 1992), which is then validated, shown
    /// and kept. `None`: no averaging.
    pub moving_average: Option<f32>,
    /// Augmentation of the training pictures.
    pub augmentation: Augmentation,
    /// Share of the samples held out for validation, 0 to 0.5.
    pub validation_share: f32,
    /// Early stopping; `None`: train all epochs.
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
