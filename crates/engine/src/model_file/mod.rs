//! One file that runs again anywhere: weights, experiment, preparation and history.
//!
//! It is a [safetensors](https://github.com/huggingface/safetensors) file. Its `__metadata__` has one key, `pinhole`,
//! with a JSON object (one key, because several would be written in random order and equal models should make equal
//! files):
//!
//! | field | holds |
//! |---|---|
//! | `format_version` | 1; a reader refuses a higher one |
//! | `app_version` | the Pinhole that wrote it |
//! | `experiment` | data x network x objective x schedule and seed |
//! | `history` | loss of each epoch |
//! | `preparation` | how a picture becomes an input, in words and numbers |
//!
//! Tensors are 32-bit floats named `encoder.0.weight`, `encoder.0.bias`, `bottleneck.0.weight`, `decoder.0.weight`, …
//! where the number counts a part's layers. They lie as PyTorch has them: `Linear` [out, in], `Conv2d` [out, in, 3, 3],
//! `ConvTranspose2d` [in, out, 3, 3], so that `load_state_dict` takes them from a module with those names.

mod header;
mod read;
mod write;

pub use read::{ModelFile, read};
pub use write::write;

/// Version of the format that this crate writes, and the newest that it reads.
pub const FORMAT_VERSION: u32 = 1;

/// Why a model file was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelFileError {
    /// Not a safetensors file at all.
    #[error("This is no model file ({0}): open a .safetensors file that Pinhole has saved.")]
    Unreadable(String),
    /// Shorter than its header says.
    #[error("The model file is cut short ({0}): copy or save it again.")]
    CutShort(&'static str),
    /// A header that no honest file has.
    #[error(
        "The model file claims a header of {claimed_bytes} bytes, and at most {most} are sensible: it is damaged or no model."
    )]
    HeaderTooLarge {
        /// What it claims.
        claimed_bytes: u64,
        /// What is accepted.
        most: u64,
    },
    /// A safetensors file of another program.
    #[error(
        "This .safetensors file was not made by Pinhole: it holds weights, but no experiment that says what they do."
    )]
    Foreign,
    /// Written by a later version.
    #[error(
        "The model was saved by a newer Pinhole ({app_version}, file format {format_version}): update this one to open it."
    )]
    TooNew {
        /// Its format.
        format_version: u32,
        /// What wrote it.
        app_version: String,
    },
    /// The description of the network makes no sense.
    #[error("The model file describes no network that can be built: {0}.")]
    Experiment(String),
    /// A tensor is missing, or is not what the network needs.
    #[error("The model file does not fit its own network: {name} {problem}.")]
    Tensor {
        /// Which.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
}
