//! Text of cells from their bytes: quotes and escapes removed, characters decoded.

use std::borrow::Cow;

use pinhole_protocol::table::TextEncoding;

use super::{csv_syntax::CsvSyntax, record_batch::RecordBatch};
use crate::windows_1252;

/// Decodes the cells of a batch that the lexer filled with ranges of `bytes`. Returns the indices of the cells whose
/// bytes are not valid in the encoding.
pub(super) fn decode_cells(
    batch: &mut RecordBatch,
    bytes: &[u8],
    encoding: TextEncoding,
    syntax: CsvSyntax,
) -> Vec<u32> {
    let mut invalid = Vec::new();
    for index in std::mem::take(&mut batch.quoted) {
        if let Some(range) = batch.cells[index as usize].range() {
            let cell = unquote(&bytes[range], syntax);
            replace_cell(batch, index, &cell, encoding, &mut invalid);
        }
    }
    let is_utf8 = encoding != TextEncoding::Windows1252 || bytes.is_ascii();
    if let Some(text) = is_utf8.then(|| str::from_utf8(bytes).ok()).flatten() {
        batch.text.push_str(text);
        return invalid;
    }
    for index in 0..batch.cells.len() {
        if let Some(range) = batch.cells[index].range()
            && !bytes[range.clone()].is_ascii()
        {
            replace_cell(batch, index as u32, &bytes[range], encoding, &mut invalid);
        }
    }
    batch.text.extend(bytes.iter().map(|&byte| if byte.is_ascii() { byte as char } else { '?' }));
    invalid
}

/// Decodes a cell into text of its own, in place of its range of the file's text.
fn replace_cell(batch: &mut RecordBatch, index: u32, bytes: &[u8], encoding: TextEncoding, invalid: &mut Vec<u32>) {
    let text = if encoding == TextEncoding::Windows1252 {
        Cow::Owned(windows_1252::decode(bytes))
    } else {
        String::from_utf8_lossy(bytes)
    };
    if encoding != TextEncoding::Windows1252 && matches!(text, Cow::Owned(_)) {
        invalid.push(index);
    }
    batch.cells[index as usize] = batch.store_text(&text);
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
