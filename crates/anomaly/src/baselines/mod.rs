//! Methods to compare an autoencoder with: principal components and an isolation forest. On the host, in plain Rust.
//!
//! Both read rows of finite features, row-major in f32, and can be put into a file as [`NamedTensor`]s.

mod isolation_forest;
mod pca;

pub use isolation_forest::{IsolationForest, IsolationForestFit, TREES};
pub use pca::{MAX_WIDTH, Pca, PcaFit};

/// A part of a fitted method, as a file holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedTensor {
    /// Its name, unique within the method.
    pub name: &'static str,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Its values, row-major.
    pub values: Vec<f32>,
}

/// Why a method cannot be fitted or read. Its text says what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaselineError {
    /// Too little to learn from.
    #[error("{method} needs at least {least} rows to learn from, and there are {rows}. Add rows.")]
    TooFewRows {
        /// The method.
        method: &'static str,
        /// Rows that it needs.
        least: usize,
        /// Rows that there are.
        rows: usize,
    },
    /// More features than the method can hold.
    #[error(
        "PCA takes at most {MAX_WIDTH} features, and the used columns make {width}. Leave columns out, or use the \
         isolation forest."
    )]
    TooWide {
        /// Features that there are.
        width: usize,
    },
    /// No features at all.
    #[error("There is no feature to learn from. Use at least one column.")]
    NoFeatures,
    /// A file's parts do not make a method.
    #[error("The detector's part “{part}” is missing or damaged. Save the detector again.")]
    Damaged {
        /// The part's name.
        part: &'static str,
    },
}

/// The values of the part called `name`, if they are finite and have this shape.
fn part<'a>(tensors: &'a [NamedTensor], name: &'static str, shape: &[usize]) -> Result<&'a [f32], BaselineError> {
    tensors
        .iter()
        .find(|tensor| tensor.name == name && tensor.shape == shape)
        .map(|tensor| tensor.values.as_slice())
        .filter(|values| values.len() == shape.iter().product::<usize>() && values.iter().all(|v| v.is_finite()))
        .ok_or(BaselineError::Damaged { part: name })
}
