//! Delimiter, quote and escape of a dialect, validated.

use pinhole_protocol::table::{Dialect, TextEncoding};

use super::limits::MAX_PREAMBLE_ROWS;
use crate::{TableError, encoding::TrailBytes};

/// The ASCII characters of a [`Dialect`] that separate records into cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CsvSyntax {
    /// Character between two cells.
    pub delimiter: u8,
    /// Character around a quoted cell; `None`: quotes are ordinary characters.
    pub quote: Option<u8>,
    /// Character before a quote within a quoted cell; `None`: such a quote is doubled (RFC 4180).
    pub escape: Option<u8>,
    /// True if spaces between a delimiter and a quote are skipped.
    pub skips_spaces: bool,
    /// First character of lines that are remarks; `None`: there are none.
    pub comment: Option<u8>,
}

impl CsvSyntax {
    /// A syntax of double quotes.
    pub const fn with_delimiter(delimiter: u8) -> Self {
        Self { delimiter, quote: Some(b'"'), escape: None, skips_spaces: false, comment: None }
    }

    /// Validates the characters and the preamble of a dialect, which a person may have typed.
    ///
    /// # Errors
    /// [`TableError::BadDialect`] if a character is missing, not ASCII, a line end or ambiguous, or if the preamble is
    /// longer than [`MAX_PREAMBLE_ROWS`].
    pub fn new(dialect: &Dialect) -> Result<Self, TableError> {
        let delimiter = one_character("delimiter", &dialect.delimiter)?;
        let quote = dialect.quote.as_deref().map(|quote| one_character("quote", quote)).transpose()?;
        let escape = dialect.escape.as_deref().map(|escape| one_character("escape", escape)).transpose()?;
        if delimiter.is_ascii_alphanumeric() {
            return refuse(format!(
                "the delimiter is “{}”, a letter or digit: choose , ; tab | or space",
                delimiter as char
            ));
        }
        let comment = dialect.comment.as_deref().map(|comment| one_character("comment", comment)).transpose()?;
        if comment.is_some_and(|comment| Some(comment) == quote || comment == delimiter) {
            return refuse("the comment is also the delimiter or the quote: it must be another character".into());
        }
        if quote == Some(delimiter) || escape == Some(delimiter) {
            return refuse("the delimiter is also the quote or the escape: each must be another character".into());
        }
        if quote == Some(b' ') || quote.is_some_and(|quote| quote.is_ascii_alphanumeric()) {
            return refuse("the quote is a space, a letter or a digit: choose \" or '".into());
        }
        if dialect.preamble_rows > MAX_PREAMBLE_ROWS {
            return refuse(format!("at most {MAX_PREAMBLE_ROWS} rows can be skipped before the table begins"));
        }
        // An escape that equals the quote means the same as doubling the quote.
        let escape = escape.filter(|_| escape != quote);
        Ok(Self { delimiter, quote, escape, skips_spaces: dialect.skips_spaces, comment })
    }

    /// Replacement of the bytes within characters that look like one of these; `None`: none does.
    pub(crate) fn trail_bytes(self, encoding: TextEncoding) -> Option<TrailBytes> {
        TrailBytes::new(encoding, [Some(self.delimiter), self.quote, self.escape, self.comment])
    }

    /// True if a run of delimiters counts as one: runs of spaces align columns, and their number cannot be seen.
    pub(super) const fn merges_delimiter_runs(self) -> bool {
        self.delimiter == b' '
    }
}

fn one_character(role: &str, text: &str) -> Result<u8, TableError> {
    match text.as_bytes() {
        [b'\r' | b'\n' | 0] => refuse(format!("the {role} is a line end: choose another character")),
        &[byte] if byte.is_ascii() => Ok(byte),
        [] => refuse(format!("the {role} is missing: it is one character")),
        _ => refuse(format!("the {role} is “{text}”: it must be one ASCII character")),
    }
}

fn refuse<T>(problem: String) -> Result<T, TableError> {
    Err(TableError::BadDialect { problem })
}
