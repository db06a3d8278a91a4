//! The loop: shuffled batches from samples that live on the device, until the epochs are done or nothing improves.

// A run, and what it starts from.
mod finder;
mod run;
mod start;
mod stepper;
mod teacher;
mod transfer;

// What a step learns from.
mod augmentation;
mod epoch;
mod images;
mod samples;

// What a step does.
mod adversary;
mod gradients;
mod learner;
mod learning_rate;
mod moving_average;
mod optimiser;
mod parts;

// What is made of what came of it.
mod collapse;
mod diverged;
mod keeper;
mod losses;
mod pace;
mod run_state;
mod validation;

pub(crate) use optimiser::{HostMemory, Memories, Memory, optimiser};
pub(crate) use run_state::{BestEpoch, KeeperState, LearnerState};
pub(crate) use samples::ShownSamples;

pub use finder::{Find, LearningRateFinder};
pub use learning_rate::learning_rate;
pub use losses::StepLosses;
pub use run::{Advance, TrainingRun};
pub use run_state::RunState;
pub use start::Start;
