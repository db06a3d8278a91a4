//! Errors of training a detector.

use pinhole_protocol::SpecError;

use crate::baselines::BaselineError;

/// Reason for which a detector cannot be trained.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DetectorError {
    /// Too few rows: a network would memorise them.
    #[error(
        "There are too few rows for a network: it needs at least {needed} to learn from, and here has {rows}; use PCA."
    )]
    TooFewRows {
        /// Number of rows.
        rows: usize,
        /// Number of rows needed.
        needed: usize,
    },
    /// Every column was excluded.
    #[error("No column is left to learn from: use at least one numeric or categorical column.")]
    NoFeature,
    /// A setting makes no sense, or is too large for memory.
    #[error("The detector's network cannot be built: {0}.")]
    Setting(#[from] SpecError),
    /// Layers that only the engine trains.
    #[error("A detector's network is made of dense layers with ReLU, and a linear one at the end.")]
    Unsupported,
    /// A prepared value is infinite or not a number.
    #[error("Row {row} of the prepared table holds a value that is no number: exclude that column.")]
    NotFinite {
        /// Number of the row among the training rows, from 1.
        row: usize,
    },
    /// The loss was NaN or infinite, whatever the learning rate.
    #[error(
        "The network's loss is no longer a number, even at a learning rate of {learning_rate}: use PCA for this table."
    )]
    Diverged {
        /// The last one tried.
        learning_rate: f32,
    },
    /// A baseline cannot be fitted.
    #[error(transparent)]
    Baseline(#[from] BaselineError),
    /// Rows of another table.
    #[error(
        "These rows have {found} features, and the detector reads {needed}: prepare them with the detector's own columns."
    )]
    Width {
        /// Features of the rows.
        found: usize,
        /// Features of the detector.
        needed: usize,
    },
}
