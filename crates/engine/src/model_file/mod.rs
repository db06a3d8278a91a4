//! Model files: weights, experiment, preparation and history in one safetensors file.
//!
//! The `__metadata__` of the [safetensors](https://github.com/huggingface/safetensors) file has one key, `pinhole`,
//! with a JSON object (one key, as several would be written in random order, and equal models should give equal files):
//!
//! | field | holds |
//! |---|---|
//! | `format_version` | 2; a reader refuses a higher one, and migrates format 1 |
//! | `app_version` | version of Pinhole that wrote it |
//! | `experiment` | data x network x objective x schedule and seed |
//! | `history` | loss of each epoch |
//! | `preparation` | how a sample becomes an input, in words and numbers |
//! | `run` | in checkpoints only: state of the run, with tensors under `run.` that readers of weights can ignore |
//!
//! Tensors are 32-bit floats named `encoder.0.weight`, `encoder.0.bias`, `bottleneck.0.weight`, `decoder.0.weight`, …,
//! where the number counts a part's layers; [`NetworkPlan::tensors`](pinhole_protocol::NetworkPlan::tensors) lists them
//! all. Their layout is PyTorch's: `Linear` [out, in], `Conv2d` [out, in, 3, 3], `ConvTranspose2d` [in, out, 3, 3], so
//! that `load_state_dict` accepts them for a module with those names.

mod error;
mod header;
mod read;
mod run_state;
mod write;

pub use error::ModelFileError;
pub use read::{ModelFile, read};
pub(crate) use write::write;

/// Version of the format that this crate writes, and the newest that it reads.
pub const FORMAT_VERSION: u32 = 2;
