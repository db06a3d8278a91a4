//! Where one record's own text ends, and how many cells it has: all that an addition must know of it.

use pinhole_protocol::table::{Dialect, TextEncoding};

/// The signs that matter, as code units (bytes, or 16-bit units of UTF-16).
#[derive(Clone, Copy, Debug)]
pub struct Signs {
    pub delimiter: u16,
    pub quote: Option<u16>,
    pub escape: Option<u16>,
    pub encoding: TextEncoding,
}

/// What there is to know of one record's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Cells.
    pub cells: usize,
    /// Bytes before the line end.
    pub content_bytes: usize,
    /// Whether a quote stays open to the end.
    pub is_open: bool,
}

impl Signs {
    pub fn new(dialect: &Dialect) -> Self {
        let unit = |text: &str| text.encode_utf16().next();
        Self {
            delimiter: unit(&dialect.delimiter).unwrap_or(u16::from(b',')),
            quote: dialect.quote.as_deref().and_then(unit),
            escape: dialect.escape.as_deref().and_then(unit),
            encoding: dialect.encoding,
        }
    }

    /// Bytes of a code unit.
    pub fn unit_bytes(self) -> usize {
        match self.encoding {
            TextEncoding::Utf16Le | TextEncoding::Utf16Be => 2,
            TextEncoding::Utf8 | TextEncoding::Windows1252 => 1,
        }
    }

    /// Reads one record's bytes, line end included (blank lines before it may be, too).
    pub fn shape(self, bytes: &[u8]) -> Shape {
        let size = self.unit_bytes();
        let units = bytes.len() / size;
        let unit = |index: usize| match self.encoding {
            TextEncoding::Utf16Le => u16::from_le_bytes([bytes[2 * index], bytes[2 * index + 1]]),
            TextEncoding::Utf16Be => u16::from_be_bytes([bytes[2 * index], bytes[2 * index + 1]]),
            TextEncoding::Utf8 | TextEncoding::Windows1252 => u16::from(bytes[index]),
        };
        let is_line_end = |unit: u16| unit == u16::from(b'\n') || unit == u16::from(b'\r');
        let mut end = units;
        while end > 0 && is_line_end(unit(end - 1)) {
            end -= 1;
        }
        let mut start = (0..end).find(|&index| !is_line_end(unit(index))).unwrap_or(end);
        if start < end && unit(start) == 0xfeff {
            start += 1;
        } else if self.encoding == TextEncoding::Utf8 && bytes[start..].starts_with(b"\xef\xbb\xbf") {
            start += 3;
        }
        let (cells, is_open) = self.count((start..end).map(unit));
        let content_bytes = if is_open { bytes.len() } else { end * size };
        Shape { cells, content_bytes, is_open }
    }

    /// Counts cells as RFC 4180 has it: a quote opens only at the start of a cell.
    fn count(self, units: impl Iterator<Item = u16>) -> (usize, bool) {
        let mut cells = 1;
        let mut state = State::Start;
        for unit in units {
            let is_quote = self.quote == Some(unit);
            let is_escape = self.escape == Some(unit) && !is_quote;
            state = match state {
                State::Quoted if is_escape => State::Escaped,
                State::Quoted if is_quote => State::AfterQuote,
                State::Quoted | State::Escaped => State::Quoted,
                State::AfterQuote | State::Start if is_quote => State::Quoted,
                _ if unit == self.delimiter => {
                    cells += 1;
                    State::Start
                }
                _ => State::Plain,
            };
        }
        (cells, matches!(state, State::Quoted | State::Escaped))
    }
}

#[derive(Clone, Copy)]
enum State {
    Start,
    Plain,
    Quoted,
    AfterQuote,
    Escaped,
}
