//! Errors of opening model and detector files.

/// Why a model file cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelFileError {
    /// Not a safetensors file at all.
    #[error("This is no model file ({0}): open a .safetensors file that Pinhole has saved.")]
    Unreadable(String),
    /// Shorter than its header says.
    #[error("The model file is cut short ({0}): copy or save it again.")]
    CutShort(&'static str),
    /// A header too large to be plausible.
    #[error(
        "The model file claims a header of {claimed_bytes} bytes, and at most {most} are sensible: it is damaged or no model."
    )]
    HeaderTooLarge {
        /// Length that the file claims.
        claimed_bytes: u64,
        /// Largest length that is accepted.
        most: u64,
    },
    /// A safetensors file of another program.
    #[error(
        "This .safetensors file was not made by Pinhole: it holds weights, but no experiment that says what they do."
    )]
    Foreign,
    /// A model of pictures in place of a detector of tables.
    #[error("This file holds no detector: open a .safetensors file that the Tables lab or `pinhole fit` has saved.")]
    NotADetector,
    /// Written by a later version.
    #[error(
        "The model was saved by a newer Pinhole ({app_version}, file format {format_version}): update this one to open it."
    )]
    TooNew {
        /// Its format version.
        format_version: u32,
        /// Version of the program that wrote it.
        app_version: String,
    },
    /// A description of a network that cannot be built.
    #[error("The model file describes no network that can be built: {0}.")]
    Experiment(String),
    /// A tensor that is missing, or not of the network's type and shape.
    #[error("The model file does not fit its own network: {name} {problem}.")]
    Tensor {
        /// Its name.
        name: String,
        /// The problem with it.
        problem: String,
    },
}
