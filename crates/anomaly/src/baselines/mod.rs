//! Baselines that a detector is compared with ([`BaselineRun`]): principal components, an isolation forest, nearest
//! neighbours, ECOD, the local outlier factor, histograms.
//!
//! They read row-major rows of features, finite but for the histograms. Those that are members of a detector, or one by
//! themselves, are saved as [`NamedTensor`]s.

mod ecod;
mod histograms;
mod isolation_forest;
mod local_outlier_factor;
mod pca;
mod run;

pub use ecod::Ecod;

pub use histograms::Histograms;
pub use isolation_forest::{ForestSize, IsolationForest, IsolationForestFit, TREES};
pub use local_outlier_factor::LocalOutlierFactor;
pub use pca::{MAX_WIDTH, Pca, PcaFit};
pub use run::{BaselineRows, BaselineRun};

/// An array of a fitted baseline, as a file holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedTensor {
    /// Name, unique within the baseline.
    pub name: &'static str,
    /// Extent of each dimension.
    pub shape: Vec<usize>,
    /// Values, row-major.
    pub values: Vec<f32>,
}

/// Reason for which a baseline cannot be fitted or read. Its text says what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaselineError {
    /// Too few rows.
    #[error("{method} needs at least {least} rows to learn from, and there are {rows}. Add rows.")]
    TooFewRows {
        /// Name of the baseline.
        method: &'static str,
        /// Number of rows needed.
        least: usize,
        /// Number of rows.
        rows: usize,
    },
    /// More features than PCA takes.
    #[error(
        "PCA takes at most {MAX_WIDTH} features, and the used columns make {width}. Leave columns out, or use the \
         isolation forest."
    )]
    TooWide {
        /// Number of features.
        width: usize,
    },
    /// No features at all.
    #[error("There is no feature to learn from. Use at least one column.")]
    NoFeatures,
    /// An array of a file is missing or damaged.
    #[error("The detector's part “{part}” is missing or damaged. Save the detector again.")]
    Damaged {
        /// Name of the array.
        part: &'static str,
    },
}

/// Values of the array `name`, if it has this shape and all values are finite.
fn array<'a>(tensors: &'a [NamedTensor], name: &'static str, shape: &[usize]) -> Result<&'a [f32], BaselineError> {
    tensors
        .iter()
        .find(|tensor| tensor.name == name && tensor.shape == shape)
        .map(|tensor| tensor.values.as_slice())
        .filter(|values| values.len() == shape.iter().product::<usize>() && values.iter().all(|v| v.is_finite()))
        .ok_or(BaselineError::Damaged { part: name })
}
