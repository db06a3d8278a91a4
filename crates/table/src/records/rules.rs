//! The characters that mean something, checked.

use pinhole_protocol::table::Dialect;

use crate::TableError;

/// Records that can be passed over before a table.
pub const MAX_PREAMBLE_ROWS: usize = 1000;

/// What a [`Dialect`] says to the lexer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Between two cells.
    pub delimiter: u8,
    /// Around cells.
    pub quote: Option<u8>,
    /// Before a quote within a quoted cell.
    pub escape: Option<u8>,
}

impl Rules {
    /// Checks what a person may have typed.
    ///
    /// # Errors
    /// [`TableError::BadDialect`] with what is wrong.
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
        if quote == Some(delimiter) || escape == Some(delimiter) {
            return refuse("the delimiter is also the quote or the escape: each must be another character".into());
        }
        if quote == Some(b' ') || quote.is_some_and(|quote| quote.is_ascii_alphanumeric()) {
            return refuse("the quote is a space, a letter or a digit: choose \" or '".into());
        }
        if dialect.preamble_rows > MAX_PREAMBLE_ROWS {
            return refuse(format!("at most {MAX_PREAMBLE_ROWS} rows can be passed over before the table begins"));
        }
        // An escape that is the quote says what doubling says already.
        Ok(Self { delimiter, quote, escape: escape.filter(|_| escape != quote) })
    }

    /// Whether runs of delimiters count as one: spaces align columns where they separate them, and nobody can see how
    /// many there are.
    pub(super) const fn merges_runs(self) -> bool {
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
