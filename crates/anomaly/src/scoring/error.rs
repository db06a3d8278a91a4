//! Errors of choosing a threshold.

/// Reason for which a threshold cannot be chosen. Its text says what to do instead.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ScoringError {
    /// Best F1 without labels.
    #[error("The best F1 needs labels. Choose a label column, or set the threshold by a share of rows.")]
    NoLabels,
    /// Best F1 or the least cost without anomalies.
    #[error(
        "The label calls no measured row anomalous, so there is no best F1 and no least cost. Set the threshold by a share of rows."
    )]
    NoAnomalies,
    /// The least cost without labels.
    #[error("The least cost needs labels. Choose a label column, or set the threshold by capacity or a share of rows.")]
    CostWithoutLabels,
    /// Costs that are no costs.
    #[error(
        "Costs are numbers from 0 on, and one of them is above 0: name what a missed anomaly and a false alarm cost."
    )]
    Costs,
    /// False alarms without held-out rows.
    #[error(
        "The false-alarm rate needs normal rows that were held out of training, and there are none. Choose a label \
         column, or set the threshold by a share of rows."
    )]
    NoHeldOutRows,
    /// A share outside 0 to 1.
    #[error("{what} lies between 0 and 1, not at {value}.")]
    Share {
        /// Name of the share.
        what: &'static str,
        /// Value.
        value: f64,
    },
    /// A score or a threshold that is NaN.
    #[error("{what} is not a number. Train the detector again, with fewer epochs or other columns.")]
    NotANumber {
        /// Name of the number.
        what: String,
    },
    /// No rows.
    #[error("There are no scored rows to set a threshold on.")]
    NoRows,
}
