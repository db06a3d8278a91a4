//! Text of cells from their bytes: quotes and escapes removed, characters decoded.

use super::{csv_syntax::CsvSyntax, record_batch::RecordBatch};
use crate::encoding::{CellDecoder, JoinedCells};

/// Decodes the cells of a batch that the lexer filled with ranges of `bytes`. Returns the indices of the cells whose
/// bytes are not valid in the encoding.
pub(super) fn decode_cells(
    batch: &mut RecordBatch,
    bytes: &[u8],
    decoder: &CellDecoder,
    syntax: CsvSyntax,
) -> Vec<u32> {
    let mut replaced = ReplacedCells { decoder, joined: JoinedCells::default(), invalid: Vec::new() };
    for index in std::mem::take(&mut batch.quoted) {
        if let Some(range) = batch.cells[index as usize].range() {
            replaced.replace(batch, index, &unquote(&bytes[range], syntax));
        }
    }
    let is_utf8 = decoder.is_unicode() || bytes.is_ascii();
    if let Some(text) = is_utf8.then(|| str::from_utf8(bytes).ok()).flatten() {
        batch.text.push_str(text);
        return replaced.finish(batch);
    }
    for index in 0..batch.cells.len() {
        if let Some(range) = batch.cells[index].range()
            && !bytes[range.clone()].is_ascii()
        {
            replaced.replace(batch, index as u32, &bytes[range]);
        }
    }
    batch.text.extend(bytes.iter().map(|&byte| if byte.is_ascii() { byte as char } else { '?' }));
    replaced.finish(batch)
}

/// Cells that are decoded into text of their own, in place of their range of the file's text.
struct ReplacedCells<'a> {
    decoder: &'a CellDecoder,
    /// Those of an encoding with characters of several bytes.
    joined: JoinedCells,
    invalid: Vec<u32>,
}

impl ReplacedCells<'_> {
    fn replace(&mut self, batch: &mut RecordBatch, index: u32, bytes: &[u8]) {
        let Some(cell) = self.decoder.decode(bytes) else {
            self.joined.push(self.decoder, index, bytes);
            // No range of the file's text any more.
            batch.cells[index as usize] = batch.store_text("");
            return;
        };
        if cell.is_invalid {
            self.invalid.push(index);
        }
        batch.cells[index as usize] = batch.store_text(&cell.text);
    }

    /// Returns the cells whose bytes are invalid.
    fn finish(mut self, batch: &mut RecordBatch) -> Vec<u32> {
        self.joined.decode(self.decoder, |index, cell| {
            if cell.is_invalid {
                self.invalid.push(index);
            }
            batch.cells[index as usize] = batch.store_text(&cell.text);
        });
        self.invalid
    }
}

/// The bytes of a cell without its quotes and escapes. `raw` begins with a quote; text after the closing quote is kept
/// as it is.
fn unquote(raw: &[u8], syntax: CsvSyntax) -> Vec<u8> {
    let mut cell = Vec::with_capacity(raw.len());
    let mut bytes = raw.iter().copied().skip(1).peekable();
    while let Some(byte) = bytes.next() {
        let next = bytes.peek().copied();
        if Some(byte) == syntax.quote {
            if next != syntax.quote {
                break;
            }
            bytes.next();
        } else if Some(byte) == syntax.escape && next.is_some() && (next == syntax.quote || next == syntax.escape) {
            cell.extend(bytes.next());
            continue;
        } else if Some(byte) == syntax.escape && next.is_some() {
            cell.push(byte);
            cell.extend(bytes.next());
            continue;
        }
        cell.push(byte);
    }
    cell.extend(bytes);
    cell
}
