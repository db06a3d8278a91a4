//! Dialect of a text table: encoding, delimiter, quoting, number and date formats.

use serde::{Deserialize, Serialize};

use super::TextEncoding;

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

/// How the numbers of a file or column are written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NumberStyle {
    /// Decimal separator.
    pub decimal: DecimalMark,
    /// Separator of groups of digits, one character such as `,`, `.`, `'` or a space; `None`: no grouping.
    pub thousands: Option<String>,
}

/// Notation of a length of time or a point in time that is not written as a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeNotation {
    /// A length of time such as `900:01:01` or `2 days 03:04:05`; read as a number of seconds.
    Duration,
    /// A length of time whose cells of two parts are minutes and seconds: `75:10`, `12:34.5`, beside `1:02:03`.
    MinutesSeconds,
    /// Seconds since 1970-01-01 00:00 UTC.
    EpochSeconds,
    /// Milliseconds since then.
    EpochMilliseconds,
    /// Microseconds since then.
    EpochMicroseconds,
    /// Nanoseconds since then.
    EpochNanoseconds,
    /// A date, or date and time, of digits alone: `20251120`, `20251120143000`.
    Digits,
}

/// How the cells of one column are written, where they differ from the file's others. Inferred from all of its cells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnFormat {
    /// Index of the column.
    pub column: usize,
    /// Style of its numbers; `None`: the file's.
    pub number: Option<NumberStyle>,
    /// True if the day comes first in its dates; `None`: as in the file.
    pub day_first: Option<bool>,
    /// Notation of its times; `None`: dates and times as people write them.
    pub time: Option<TimeNotation>,
    /// Unit or currency beside its numbers, such as `°C` or `$`.
    pub unit: Option<String>,
    /// Markers of missing values in this column only.
    pub missing_markers: Vec<String>,
    /// True if a number without the unit is missing, as `-999` among `57.5 °C`.
    pub bare_is_missing: bool,
}

/// Dialect of a file. Every setting is inferred from the file, and every setting can be changed.
#[allow(clippy::struct_excessive_bools)] // independent settings, each a switch of the page
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
    /// True if spaces between a delimiter and a quote are skipped, as in `1, "a, b"`.
    pub skips_spaces: bool,
    /// True if the first record after the preamble holds the columns' names.
    pub has_header: bool,
    /// Number of records that hold the names, if there is a header; the names of several are joined per column.
    pub header_rows: usize,
    /// Number of records after the header that are no data; the first of them holds the columns' units.
    pub units_rows: usize,
    /// Number of records before the table begins, which are skipped.
    pub preamble_rows: usize,
    /// First character of lines that are remarks, one ASCII character such as `#`; `None`: every line is a record.
    pub comment: Option<String>,
    /// Offset in the (decompressed) file at which the table ends, as totals, remarks or another table follow; `None`:
    /// at the end of the file.
    pub end: Option<u64>,
    /// Decimal separator.
    pub decimal: DecimalMark,
    /// Separator of groups of three digits, one character such as `,`, `.`, `'` or a space; `None`: no grouping.
    pub thousands: Option<String>,
    /// True if the day comes first in dates such as 03/04/2024.
    pub day_first: bool,
    /// Markers of missing values, such as `-200`, beside the usual ones (empty, NA, N/A, NaN, null, none, -, ?).
    pub missing_markers: Vec<String>,
    /// Columns that are written differently, by ascending index.
    pub columns: Vec<ColumnFormat>,
}

impl Dialect {
    /// How a column is written, if not as the rest of the file.
    pub fn column(&self, column: usize) -> Option<&ColumnFormat> {
        let index = self.columns.binary_search_by_key(&column, |format| format.column).ok()?;
        self.columns.get(index)
    }
}

impl Default for Dialect {
    /// RFC 4180 with a header.
    fn default() -> Self {
        Self {
            encoding: TextEncoding::Utf8,
            delimiter: ",".into(),
            quote: Some("\"".into()),
            escape: None,
            skips_spaces: false,
            has_header: true,
            header_rows: 1,
            units_rows: 0,
            preamble_rows: 0,
            comment: None,
            end: None,
            decimal: DecimalMark::Point,
            thousands: None,
            day_first: false,
            missing_markers: Vec::new(),
            columns: Vec::new(),
        }
    }
}
