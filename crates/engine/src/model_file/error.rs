//! Errors of opening model files.

use pinhole_numerics::tensor_file::TensorFileError;

/// Reason for which a model file cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelFileError {
    /// Header or tensors that cannot be read.
    #[error(transparent)]
    Tensors(#[from] TensorFileError),
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
        /// Format version.
        format_version: u32,
        /// Version of the program that wrote it.
        app_version: String,
    },
    /// A description of a network that cannot be built.
    #[error("The model file describes no network that can be built: {0}.")]
    Experiment(String),
}
