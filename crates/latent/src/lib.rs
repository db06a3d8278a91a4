//! Arithmetic of latent spaces, on vectors that may be codes, samples or coordinates from a file. It knows no network
//! and no table, and links neither Burn nor the protocol.
//!
//! Whatever takes longer than a frame is a stepper: `advance` does some milliseconds of work, so that the caller can
//! tell its progress, hand out what there is so far, and stop.

mod error;
pub mod interpolation;
mod labels;
pub mod measure;
mod nearest;
pub mod neighbours;
pub mod projection;
mod reals;
#[cfg(test)]
mod reference;
pub mod sampling;
mod stepper;
mod vectors;

pub use error::LatentError;
pub use labels::Labels;
pub use nearest::{Nearest, NearestSearch};
pub use stepper::Stepper;
pub use vectors::Vectors;
