//! Why a table cannot be prepared.

/// What is wrong, in a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PreparationError {
    /// There is nothing to learn from.
    #[error(
        "No row is left to learn from: the label calls every row odd, or the table is empty. Choose other odd values."
    )]
    NoRows,
    /// No column is used.
    #[error("No column is used: the detector needs at least one that is numeric, categorical, boolean or a date.")]
    NoColumns,
    /// A row has too many features.
    #[error("These columns make {features} features of a row; at most {limit} fit. Leave some columns out.")]
    TooWide {
        /// So many.
        features: usize,
        /// Allowed.
        limit: usize,
    },
    /// A file shares no column with the detector.
    #[error(
        "The file has none of the detector's columns (it wants {wanted}). Check the delimiter and the header, or open the \
         file that belongs to the detector."
    )]
    NoColumnMatches {
        /// The detector's columns, some of them.
        wanted: String,
    },
    /// Typed columns that are not those of the preparation.
    #[error(
        "The table has {found} typed columns where the detector has {wanted}: read it with the detector's columns."
    )]
    OtherColumns {
        /// In the table.
        found: usize,
        /// In the preparation.
        wanted: usize,
    },
}
