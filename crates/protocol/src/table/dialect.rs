//! How a file of characters becomes rows of cells.

use serde::{Deserialize, Serialize};

/// How bytes become characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextEncoding {
    /// UTF-8, with or without a byte order mark.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16, low byte first.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, high byte first.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// Windows-1252, of which Latin-1 is a part (the Encoding Standard reads Latin-1 as this).
    #[serde(rename = "windows-1252")]
    Windows1252,
}

impl TextEncoding {
    /// Every encoding, in the order a menu shows.
    pub const ALL: [Self; 4] = [Self::Utf8, Self::Windows1252, Self::Utf16Le, Self::Utf16Be];

    /// The Encoding Standard's name, in lower case.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
        }
    }
}

/// What stands between the whole and the broken part of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecimalMark {
    /// `3.14`
    #[default]
    Point,
    /// `3,14`
    Comma,
}

/// How a file is to be read. All of it is guessed, and all of it can be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dialect {
    /// How bytes become characters.
    pub encoding: TextEncoding,
    /// The one character between two cells, ASCII: `,`, `;`, tab, `|` or space.
    pub delimiter: String,
    /// The one character around cells that hold delimiters or line ends, ASCII; `None`: quotes mean nothing.
    pub quote: Option<String>,
    /// The one character before a quote within a quoted cell; `None`: such a quote is doubled.
    pub escape: Option<String>,
    /// Whether the first record after the preamble names the columns.
    pub has_header: bool,
    /// Records to pass over before the table begins.
    pub preamble_rows: usize,
    /// Decimal point or comma.
    pub decimal: DecimalMark,
    /// The one character between groups of three digits, such as `,`, `.`, `'` or a space; `None`: there is none.
    pub thousands: Option<String>,
    /// In dates such as 03/04/2024, whether the day comes first.
    pub day_first: bool,
    /// What means "no value" beside the usual markers (empty, NA, N/A, NaN, null, none, -, ?), such as `-200`.
    pub missing_markers: Vec<String>,
}

impl Default for Dialect {
    /// RFC 4180 with a header.
    fn default() -> Self {
        Self {
            encoding: TextEncoding::Utf8,
            delimiter: ",".into(),
            quote: Some("\"".into()),
            escape: None,
            has_header: true,
            preamble_rows: 0,
            decimal: DecimalMark::Point,
            thousands: None,
            day_first: false,
            missing_markers: Vec::new(),
        }
    }
}
