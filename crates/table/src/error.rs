//! What can be wrong with a file.

/// Why a table could not be read, in sentences for a person: what was wrong, where, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// The file could not be read from where it lies.
    #[error("“{name}” could not be read ({reason}): it was moved or changed since it was chosen. Open it again.")]
    Unreadable {
        /// The file.
        name: String,
        /// What the system said.
        reason: String,
    },
    /// A file without a byte, or without a character.
    #[error("“{name}” is empty: choose a file with a table, one row a line.")]
    Empty {
        /// The file.
        name: String,
    },
    /// Names of columns, and nothing below them.
    #[error("“{name}” has a header and no rows below it: there is nothing to learn from.")]
    HeaderOnly {
        /// The file.
        name: String,
    },
    /// Something else than characters.
    #[error("“{name}” seems to be {kind}, not a table of characters: {advice}.")]
    NotText {
        /// The file.
        name: String,
        /// What it seems to be, such as `a PNG picture`.
        kind: String,
        /// What to do.
        advice: String,
    },
    /// More columns than are read.
    #[error(
        "“{name}” has more than {limit} columns, at least with this delimiter: choose another delimiter, or cut the \
         table."
    )]
    TooManyColumns {
        /// The file.
        name: String,
        /// Columns that are read at most.
        limit: usize,
    },
    /// A `.gz` file that cannot be unpacked to its end.
    #[error(
        "“{name}” is {problem}: it could be unpacked up to byte {unpacked_bytes} of its text and no further. Compress \
         or download it again."
    )]
    DamagedGzip {
        /// The file.
        name: String,
        /// `cut off` or `damaged`.
        problem: String,
        /// Bytes of text that could be read.
        unpacked_bytes: u64,
    },
    /// A `.gz` file that unpacks to far more than tables do.
    #[error(
        "“{name}” unpacks to more than {ratio} times its size, as no table does: it was given up after \
         {unpacked_bytes} bytes. If it is one all the same, unpack it first."
    )]
    GzipBomb {
        /// The file.
        name: String,
        /// Bytes of text for a byte of the file.
        ratio: u64,
        /// Bytes of text until then.
        unpacked_bytes: u64,
    },
    /// A way of reading that cannot be.
    #[error("The file cannot be read so: {problem}.")]
    BadDialect {
        /// What is wrong with it, and what would do.
        problem: String,
    },
}
