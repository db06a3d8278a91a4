//! The training loop: shuffled batches from samples that live on the device, until all epochs are done or the
//! validation loss stops improving.

// A run and its starting weights.
mod learning_rate_finder;
mod run;
mod start;
mod stepper;
mod teacher;
mod transfer;

// The input of a step.
mod augmentation;
mod batches;
mod preview_samples;
mod resident_samples;

// The parts of a step.
mod discriminator;
mod gradients;
mod learner;
mod learning_rate;
mod moving_average;
mod optimiser;
mod param_groups;

// The evaluation and the bookkeeping of a run.
mod best_weights;
mod collapse;
mod epoch_losses;
mod losses;
mod non_finite_loss;
mod run_state;
mod throughput;
mod validation;

pub(crate) use epoch_losses::EpochLosses;
pub(crate) use optimiser::{HostOptimiserState, OptimiserState, OptimiserStates, optimiser};
pub(crate) use preview_samples::PreviewSamples;
pub(crate) use run_state::{BestEpoch, BestWeightsState, LearnerState};

pub use learning_rate::learning_rate;
pub use learning_rate_finder::{FinderAdvance, LearningRateFinder};
pub use losses::StepLosses;
pub use run::{RunAdvance, TrainingRun};
pub use run_state::RunState;
pub use start::Start;
