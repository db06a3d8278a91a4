//! Dialect of a text table: encoding, delimiter, quoting, number and date formats.

use serde::{Deserialize, Serialize};

/// Character encoding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextEncoding {
    /// UTF-8, with or without a byte order mark.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16, little-endian.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, big-endian.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// Windows-1252, which the Encoding Standard also uses for Latin-1.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

impl TextEncoding {
    /// Every encoding, in the order of menus.
    pub const ALL: [Self; 4] = [Self::Utf8, Self::Windows1252, Self::Utf16Le, Self::Utf16Be];

    /// Name in the Encoding Standard, in lower case.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
        }
    }
}

/// Decimal separator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecimalMark {
    /// `3.14`
    #[default]
    Point,
    /// `3,14`
    Comma,
}

/// Dialect of a file. Every setting is inferred from the file, and every setting can be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dialect {
    /// Character encoding.
    pub encoding: TextEncoding,
    /// Delimiter of cells, one ASCII character: `,`, `;`, tab, `|` or space.
    pub delimiter: String,
    /// Quote around cells that contain delimiters or line ends, one ASCII character; `None`: no quoting.
    pub quote: Option<String>,
    /// Escape before a quote within a quoted cell, one ASCII character; `None`: such a quote is doubled.
    pub escape: Option<String>,
    /// True if the first record after the preamble holds the columns' names.
    pub has_header: bool,
    /// Number of records before the table begins, which are skipped.
    pub preamble_rows: usize,
    /// Decimal separator.
    pub decimal: DecimalMark,
    /// Separator of groups of three digits, one character such as `,`, `.`, `'` or a space; `None`: no grouping.
    pub thousands: Option<String>,
    /// True if the day comes first in dates such as 03/04/2024.
    pub day_first: bool,
    /// Markers of missing values, such as `-200`, beside the usual ones (empty, NA, N/A, NaN, null, none, -, ?).
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
