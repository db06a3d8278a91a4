//! Latent space: codes of samples by a network, samples decoded from codes, and what is done with them.
//!
//! It knows networks and tables, where `pinhole-latent` knows vectors alone. Whatever takes longer than a moment is an
//! async function with a [`JobControl`], which tells its progress and lets it pause between two slices of work. The
//! session (`session/latent`) and the terminal call the same functions.

mod augment;
mod control;
mod describe;
mod draw;
pub mod file;
pub mod measures;
mod model;
mod open;
mod open_vectors;
mod paths;
mod project;
mod samples;
mod snapshot;
mod thumbnails;
mod walk;

pub use augment::augment;
pub use control::{JobControl, Stage};
pub use describe::{describe, show};
pub use draw::{DrawnCodes, check_draw, draw, draw_codes};
pub use model::LatentModel;
pub use open::{MAX_VECTORS, open_network, open_rows};
pub use open_vectors::OpenVectors;
pub use paths::{between, grid};
pub use project::{begin_projection, project};
pub use samples::{RunSamples, VectorSamples};
pub use snapshot::{FollowedMap, follow};
pub use walk::walks;
