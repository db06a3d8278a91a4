//! One file that runs again anywhere: weights, experiment, preparation and history.
//!
//! It is a [safetensors](https://github.com/huggingface/safetensors) file. Its `__metadata__` has one key, `pinhole`,
//! with a JSON object (one key, because several would be written in random order and equal models should make equal
//! files):
//!
//! | field | holds |
//! |---|---|
//! | `format_version` | 2; a reader refuses a higher one, and reads format 1, whose experiments had other words |
//! | `app_version` | the Pinhole that wrote it |
//! | `experiment` | data x network x objective x schedule and seed |
//! | `history` | loss of each epoch |
//! | `preparation` | how a sample becomes an input, in words and numbers |
//! | `run` | only in a checkpoint: where its run stands, with tensors under `run.` that a reader of weights passes over |
//!
//! Tensors are 32-bit floats named `encoder.0.weight`, `encoder.0.bias`, `bottleneck.0.weight`, `decoder.0.weight`, …
//! where the number counts a part's layers; [`NetworkPlan::tensors`](pinhole_protocol::NetworkPlan::tensors) lists them
//! all. They lie as PyTorch has them: `Linear` [out, in], `Conv2d` [out, in, 3, 3], `ConvTranspose2d` [in, out, 3, 3], so
//! that `load_state_dict` takes them from a module with those names.

mod error;
mod header;
mod read;
mod run_state;
mod write;

pub use error::ModelFileError;
pub use read::{ModelFile, read};
pub use write::write;

/// Version of the format that this crate writes, and the newest that it reads.
pub const FORMAT_VERSION: u32 = 2;
