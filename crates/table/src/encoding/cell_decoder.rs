//! Decoder of the cells of a table.

use std::borrow::Cow;

use memchr::memchr_iter;
use pinhole_protocol::table::TextEncoding;

use super::{Family, byte_table::ByteTable, family, trail_bytes::TrailBytes, windows_1252};

/// Decoder of cells that were found among the bytes of a file (UTF-16 as UTF-8).
#[derive(Clone, Debug)]
pub struct CellDecoder {
    encoding: TextEncoding,
    /// For an encoding of single bytes.
    table: Option<ByteTable>,
    trail_bytes: Option<TrailBytes>,
}

/// Text of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodedCell<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// True if its bytes are invalid in the file's encoding: they have characters of another one, or are U+FFFD.
    pub is_invalid: bool,
}

impl CellDecoder {
    /// A decoder for a file's encoding. `trail_bytes` were hidden from the lexer.
    pub fn new(encoding: TextEncoding, trail_bytes: Option<TrailBytes>) -> Self {
        let table = (family(encoding) == Family::SingleByte).then(|| ByteTable::new(encoding));
        Self { encoding, table, trail_bytes }
    }

    /// True if bytes other than ASCII may be UTF-8 as they are.
    pub fn is_unicode(&self) -> bool {
        family(self.encoding) == Family::Unicode
    }

    /// Decodes a cell; `None`: its encoding has characters of several bytes, so that it should be decoded together with
    /// others, by [`JoinedCells`].
    ///
    /// A file that was joined from two has cells in two encodings, and none of them is lost: where UTF-8 is invalid, the
    /// bytes are read as Windows-1252, and a cell that is UTF-8 in a file of single bytes is read so.
    pub fn decode<'a>(&self, cell: &'a [u8]) -> Option<DecodedCell<'a>> {
        if let Ok(text) = str::from_utf8(cell)
            && (cell.is_ascii() || self.is_unicode())
        {
            return Some(DecodedCell { text: Cow::Borrowed(text), is_invalid: false });
        }
        match (&self.table, str::from_utf8(cell)) {
            (Some(_), Ok(text)) => Some(DecodedCell { text: Cow::Borrowed(text), is_invalid: true }),
            (Some(table), Err(_)) => {
                let text = table.decode(cell);
                let is_invalid = text.contains(char::REPLACEMENT_CHARACTER);
                Some(DecodedCell { text: Cow::Owned(text), is_invalid })
            }
            (None, _) if self.is_unicode() => {
                Some(DecodedCell { text: Cow::Owned(decode_mixed(cell)), is_invalid: true })
            }
            (None, _) => None,
        }
    }

    /// The bytes of a cell as they are in the file.
    fn restore<'a>(&self, cell: &'a [u8]) -> Cow<'a, [u8]> {
        self.trail_bytes.map_or(Cow::Borrowed(cell), |trail_bytes| trail_bytes.restore(cell))
    }
}

/// UTF-8, with Windows-1252 where it is invalid.
fn decode_mixed(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&windows_1252::decode(chunk.invalid()));
    }
    text
}

/// Cells that are decoded together: one call of the browser's decoder takes as long as a thousand characters.
#[derive(Debug, Default)]
pub struct JoinedCells {
    /// The cells, each with a line feed after it: no character of several bytes has one, and a lead byte before it does
    /// not swallow it.
    bytes: Vec<u8>,
    /// Index of each cell, and number of line feeds in it.
    cells: Vec<(u32, usize)>,
}

impl JoinedCells {
    /// Adds a cell.
    pub fn push(&mut self, decoder: &CellDecoder, index: u32, cell: &[u8]) {
        self.cells.push((index, memchr_iter(b'\n', cell).count()));
        self.bytes.extend_from_slice(&decoder.restore(cell));
        self.bytes.push(b'\n');
    }

    /// Decodes the cells, and gives each with its index to `take`.
    pub fn decode(self, decoder: &CellDecoder, mut take: impl FnMut(u32, DecodedCell<'_>)) {
        if self.cells.is_empty() {
            return;
        }
        let text = super::decode(decoder.encoding, &self.bytes);
        let mut ends = memchr_iter(b'\n', text.as_bytes());
        let mut start = 0;
        for (index, inner_line_feeds) in self.cells {
            let Some(end) = ends.nth(inner_line_feeds) else { return };
            let cell = &text[start..end];
            let is_invalid = cell.contains(char::REPLACEMENT_CHARACTER);
            take(index, DecodedCell { text: Cow::Borrowed(cell), is_invalid });
            start = end + 1;
        }
    }
}
