//! Why a detector could not be made.

use pinhole_protocol::SpecError;

use crate::baselines::BaselineError;

/// What stood in the way of a detector.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DetectorError {
    /// A network would learn them by heart.
    #[error(
        "There are too few rows for a network: it needs at least {needed} to learn from, and here has {rows}; use PCA."
    )]
    TooFewRows {
        /// Rows there are.
        rows: usize,
        /// Rows it takes.
        needed: usize,
    },
    /// Every column was set aside.
    #[error("No column is left to learn from: use at least one numeric or categorical column.")]
    NoFeature,
    /// A setting makes no sense, or is too large for memory.
    #[error("The detector's network cannot be built: {0}.")]
    Setting(#[from] SpecError),
    /// Layers that are trained elsewhere.
    #[error("A detector's network is made of dense layers with ReLU, and a linear one at the end.")]
    Unsupported,
    /// A prepared value is infinite or not a number.
    #[error("Row {row} of the prepared table holds a value that is no number: set that column aside.")]
    NotFinite {
        /// Its place among the training rows, from 1.
        row: usize,
    },
    /// The loss was no number, whatever the learning rate.
    #[error("The network's loss is no longer a number, even at a learning rate of {rate}: use PCA for this table.")]
    Diverged {
        /// The last one tried.
        rate: f32,
    },
    /// A method to compare with found nothing to learn.
    #[error(transparent)]
    Baseline(#[from] BaselineError),
    /// Rows of another table.
    #[error(
        "These rows have {came} features, and the detector reads {needed}: prepare them with the detector's own columns."
    )]
    Width {
        /// Features of the rows.
        came: usize,
        /// Features of the detector.
        needed: usize,
    },
}
