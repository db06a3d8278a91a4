//! Errors of reading a table.

/// Reason why a table cannot be read, in a sentence for a person: what is wrong, where, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// The file was moved, changed, or must not be read.
    #[error("“{name}” could not be read ({reason}): it was moved or changed since it was chosen. Open it again.")]
    Unreadable {
        /// Name of the file.
        name: String,
        /// Reason that the system gives.
        reason: String,
    },
    /// The file has no bytes, or no characters but spaces.
    #[error("“{name}” is empty: choose a file with a table, one row per line.")]
    Empty {
        /// Name of the file.
        name: String,
    },
    /// The table has a header and no rows.
    #[error("“{name}” has a header and no rows below it: there is nothing to train on.")]
    HeaderOnly {
        /// Name of the file.
        name: String,
    },
    /// The file is not text.
    #[error("“{name}” seems to be {kind}, not a table of characters: {advice}.")]
    NotText {
        /// Name of the file.
        name: String,
        /// Type of the file, such as `a PNG picture`.
        kind: String,
        /// Advice to the user.
        advice: String,
    },
    /// The table has more columns than can be read.
    #[error(
        "“{name}” has more than {limit} columns, at least with this delimiter: choose another delimiter, or cut the \
         table."
    )]
    TooManyColumns {
        /// Name of the file.
        name: String,
        /// Largest number of columns.
        limit: usize,
    },
    /// A `.gz` file cannot be decompressed to its end.
    #[error(
        "“{name}” is {problem}: it could be unpacked up to byte {unpacked_bytes} of its text and no further. Compress \
         or download it again."
    )]
    DamagedGzip {
        /// Name of the file.
        name: String,
        /// `cut off` or `damaged`.
        problem: String,
        /// Decompressed bytes before the damage.
        unpacked_bytes: u64,
    },
    /// A `.gz` file is a decompression bomb: it decompresses to far more than tables do.
    #[error(
        "“{name}” unpacks to more than {ratio} times its size, as no table does: unpacking stopped \
         after {unpacked_bytes} bytes. If it is a table all the same, unpack it first."
    )]
    GzipBomb {
        /// Name of the file.
        name: String,
        /// Largest ratio of decompressed to compressed bytes.
        ratio: u64,
        /// Decompressed bytes when reading stopped.
        unpacked_bytes: u64,
    },
    /// A file of another format than text cannot be read or written.
    #[error("“{name}” {problem}: {advice}.")]
    Format {
        /// Name of the file.
        name: String,
        /// Problem, such as `is encrypted`.
        problem: String,
        /// Advice to the user.
        advice: String,
    },
    /// A sentence of the module that reads other formats than text.
    #[error("{0}")]
    Told(String),
    /// The dialect is invalid.
    #[error("The file cannot be read with these settings: {problem}.")]
    BadDialect {
        /// Problem, and what is valid.
        problem: String,
    },
}
