//! End of a record's content, its number of cells and the end of one of them, in the bytes of the file and any encoding.

use std::borrow::Cow;

use pinhole_protocol::table::{Dialect, TextEncoding};

use crate::encoding::{TrailBytes, is_utf16};

/// Delimiter, quote and escape of a dialect as code units: bytes, or 16-bit units of UTF-16.
#[derive(Clone, Copy, Debug)]
pub struct CodeUnits {
    pub delimiter: u16,
    pub quote: Option<u16>,
    pub escape: Option<u16>,
    pub encoding: TextEncoding,
    /// Replacement of bytes within characters that look like one of these.
    pub trail_bytes: Option<TrailBytes>,
}

/// Content of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordEnd {
    /// Number of cells.
    pub cells: usize,
    /// Bytes before the line end.
    pub content_bytes: usize,
    /// Bytes before the end of the last cell that the table has a column for.
    pub cell_bytes: usize,
    /// True if a quote is never closed.
    pub has_open_quote: bool,
}

impl CodeUnits {
    /// The code units of a dialect.
    pub fn new(dialect: &Dialect) -> Self {
        let unit = |text: &str| text.encode_utf16().next();
        let byte = |text: &str| text.bytes().next();
        let syntax = [
            byte(&dialect.delimiter),
            dialect.quote.as_deref().and_then(byte),
            dialect.escape.as_deref().and_then(byte),
            None,
        ];
        Self {
            delimiter: unit(&dialect.delimiter).unwrap_or(u16::from(b',')),
            quote: dialect.quote.as_deref().and_then(unit),
            escape: dialect.escape.as_deref().and_then(unit),
            encoding: dialect.encoding,
            trail_bytes: TrailBytes::new(dialect.encoding, syntax),
        }
    }

    /// Bytes per code unit.
    pub fn unit_bytes(self) -> usize {
        if is_utf16(self.encoding) { 2 } else { 1 }
    }

    /// Finds the end of the record in `bytes`, which hold it alone, with its line end and perhaps blank lines before
    /// it. The table has `width` columns.
    pub fn record_end(self, bytes: &[u8], width: usize) -> RecordEnd {
        let bytes = match self.trail_bytes {
            Some(trail_bytes) => {
                let mut hidden = bytes.to_vec();
                trail_bytes.hide(&mut hidden, &mut false);
                Cow::Owned(hidden)
            }
            None => Cow::Borrowed(bytes),
        };
        let unit_bytes = self.unit_bytes();
        let units = bytes.len() / unit_bytes;
        let unit = |index: usize| match self.encoding {
            TextEncoding::Utf16Le => u16::from_le_bytes([bytes[2 * index], bytes[2 * index + 1]]),
            TextEncoding::Utf16Be => u16::from_be_bytes([bytes[2 * index], bytes[2 * index + 1]]),
            _ => u16::from(bytes[index]),
        };
        let is_line_end = |unit: u16| unit == u16::from(b'\n') || unit == u16::from(b'\r');
        let mut end = units;
        while end > 0 && is_line_end(unit(end - 1)) {
            end -= 1;
        }
        let mut start = (0..end).find(|&index| !is_line_end(unit(index))).unwrap_or(end);
        // A byte order mark is no part of the first cell.
        if start < end && unit(start) == 0xfeff {
            start += 1;
        } else if self.encoding == TextEncoding::Utf8 && bytes[start..].starts_with(b"\xef\xbb\xbf") {
            start += 3;
        }
        let (cells, surplus, has_open_quote) = self.count_cells((start..end).map(unit), width);
        let content_bytes = if has_open_quote { bytes.len() } else { end * unit_bytes };
        let cell_bytes = surplus.map_or(content_bytes, |index| (start + index) * unit_bytes);
        RecordEnd { cells, content_bytes, cell_bytes, has_open_quote }
    }

    /// Number of cells, index of the delimiter behind the first `width` of them if there are more, and true if a quote is
    /// never closed. As in RFC 4180, a quote opens a cell only at its start.
    fn count_cells(self, units: impl Iterator<Item = u16>, width: usize) -> (usize, Option<usize>, bool) {
        let mut cells = 1;
        let mut surplus = None;
        let mut state = State::CellStart;
        for (index, unit) in units.enumerate() {
            let is_quote = self.quote == Some(unit);
            let is_escape = self.escape == Some(unit) && !is_quote;
            state = match state {
                State::Quoted if is_escape => State::Escaped,
                State::Quoted if is_quote => State::AfterQuote,
                State::Quoted | State::Escaped => State::Quoted,
                State::AfterQuote | State::CellStart if is_quote => State::Quoted,
                _ if unit == self.delimiter => {
                    if cells == width {
                        surplus = Some(index);
                    }
                    cells += 1;
                    State::CellStart
                }
                _ => State::Unquoted,
            };
        }
        (cells, surplus, matches!(state, State::Quoted | State::Escaped))
    }
}

/// State of the lexer within a record.
#[derive(Clone, Copy)]
enum State {
    CellStart,
    Unquoted,
    Quoted,
    AfterQuote,
    Escaped,
}
