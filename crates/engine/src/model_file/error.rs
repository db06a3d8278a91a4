//! Why a model or detector file was refused.

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
    /// A model of pictures where a detector of tables was wanted.
    #[error("This file holds no detector: open a .safetensors file that the Tables lab or `pinhole fit` has saved.")]
    NotADetector,
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
