//! The loop: shuffled batches from images that live on the device, until the epochs are done or nothing improves.

mod epoch;
mod images;
mod keeper;
mod learner;
mod learning_rate;
mod losses;
mod pace;
mod run;
mod samples;

pub use learning_rate::learning_rate;
pub use run::{Advance, TrainingRun};
