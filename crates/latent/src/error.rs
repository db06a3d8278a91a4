//! Errors of this crate, as sentences for people.

use thiserror::Error;

/// The reason why vectors cannot be projected, measured or sampled, with the remedy.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LatentError {
    /// Values that do not make whole rows of at least one value.
    #[error("{values} values do not make vectors of {width}.")]
    Ragged {
        /// Number of values.
        values: usize,
        /// Values of a vector.
        width: usize,
    },
    /// A value that is no number.
    #[error("Vector {row}, number {column} is no finite number: remove the vector, or fill the number.")]
    NotFinite {
        /// Number of the vector, counted from 1.
        row: usize,
        /// Number of the value in it, counted from 1.
        column: usize,
    },
}
