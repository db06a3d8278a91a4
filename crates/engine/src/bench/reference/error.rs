//! Errors of a file of reference values.

/// Error of a file of reference values.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// The file is no safetensors file.
    #[error("the reference cannot be read: {0}")]
    File(#[from] safetensors::SafeTensorError),
    /// The metadata do not describe cases.
    #[error("the cases of the reference cannot be read: {0}")]
    Metadata(#[from] serde_json::Error),
    /// A case does not match the engine.
    #[error("{case} {how}")]
    Mismatch {
        /// Name of the case.
        case: String,
        /// The difference, as the rest of a sentence.
        how: String,
    },
}
