//! Why there is no threshold.

/// What a threshold cannot be made of. Its text says what to do instead.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ScoringError {
    /// Best F1 without labels.
    #[error("The best F1 needs labels. Choose a label column, or set the threshold by a share of rows.")]
    NoLabels,
    /// Best F1 where nothing is odd.
    #[error("The label calls no measured row odd, so there is no best F1. Set the threshold by a share of rows.")]
    NoOddRows,
    /// False alarms without rows to count them on.
    #[error(
        "The false-alarm rate needs normal rows that were held out of training, and there are none. Choose a label \
         column, or set the threshold by a share of rows."
    )]
    NoHeldOutRows,
    /// A share that is none.
    #[error("{what} lies between 0 and 1, not at {value}.")]
    Share {
        /// Which number.
        what: &'static str,
        /// What it was.
        value: f64,
    },
    /// A score or a threshold that is NaN.
    #[error("{what} is not a number. Train the detector again, with fewer epochs or other columns.")]
    NotANumber {
        /// Which.
        what: String,
    },
    /// No rows.
    #[error("There are no scored rows to set a threshold on.")]
    NoRows,
}
