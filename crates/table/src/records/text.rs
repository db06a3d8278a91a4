//! Bytes to characters.
//!
//! Cells are found among bytes, as every encoding but UTF-16 keeps ASCII as it is; UTF-16 is brought to UTF-8 first.

use std::borrow::Cow;

use pinhole_protocol::table::TextEncoding;

use super::batch::RecordBatch;
use super::lexer::unquote;
use super::rules::Rules;
use crate::windows_1252;

/// Length of the byte order mark that `start` begins with, if it is that of the encoding.
pub fn mark_bytes(encoding: TextEncoding, start: &[u8]) -> u64 {
    let mark: &[u8] = match encoding {
        TextEncoding::Utf8 => &[0xef, 0xbb, 0xbf],
        TextEncoding::Utf16Le => &[0xff, 0xfe],
        TextEncoding::Utf16Be => &[0xfe, 0xff],
        TextEncoding::Windows1252 => return 0,
    };
    if start.starts_with(mark) { mark.len() as u64 } else { 0 }
}

/// Bytes that this text takes in the file. The text is as [`Utf16`] made it, or the file's own.
pub(super) fn bytes_in_file(encoding: TextEncoding, text: &[u8]) -> u64 {
    match encoding {
        TextEncoding::Utf8 | TextEncoding::Windows1252 => text.len() as u64,
        // One unit a character, two for those that take four bytes in UTF-8.
        TextEncoding::Utf16Le | TextEncoding::Utf16Be => {
            2 * text.iter().map(|&byte| u64::from(byte & 0xc0 != 0x80) + u64::from(byte >= 0xf0)).sum::<u64>()
        }
    }
}

/// Brings UTF-16 to UTF-8, piece by piece. Units without their partner become U+FFFD, one each, so that
/// [`bytes_in_file`] stays exact.
#[derive(Clone, Debug, Default)]
pub struct Utf16 {
    carry: Vec<u8>,
}

impl Utf16 {
    /// Appends what `bytes` say to `text`. At the end of the file nothing is kept back.
    pub fn decode(&mut self, is_big_endian: bool, bytes: &[u8], is_last: bool, text: &mut Vec<u8>) {
        self.carry.extend_from_slice(bytes);
        let (pairs, odd) = self.carry.as_chunks::<2>();
        let unit = |pair: [u8; 2]| if is_big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
        let awaits_partner = |pair: &[u8; 2]| (0xd800..0xdc00).contains(&unit(*pair));
        let whole =
            if is_last { pairs.len() } else { pairs.len() - usize::from(pairs.last().is_some_and(awaits_partner)) };
        let mut utf8 = [0; 4];
        for character in char::decode_utf16(pairs[..whole].iter().map(|&pair| unit(pair))) {
            let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
            text.extend_from_slice(character.encode_utf8(&mut utf8).as_bytes());
        }
        if is_last && !odd.is_empty() {
            text.extend_from_slice(char::REPLACEMENT_CHARACTER.encode_utf8(&mut utf8).as_bytes());
        }
        if is_last {
            self.carry.clear();
        } else {
            self.carry.drain(..2 * whole);
        }
    }
}

/// Gives a batch, whose cells are ranges of `bytes`, the text of its cells. Answers the indices of
/// the cells that hold bytes which are no characters.
pub(super) fn seal(batch: &mut RecordBatch, bytes: &[u8], encoding: TextEncoding, rules: Rules) -> Vec<u32> {
    let mut broken = Vec::new();
    for index in std::mem::take(&mut batch.quoted) {
        if let Some(range) = batch.cells[index as usize].range() {
            let cell = unquote(&bytes[range], rules);
            rewrite(batch, index, &cell, encoding, &mut broken);
        }
    }
    let is_plain = encoding != TextEncoding::Windows1252 || bytes.is_ascii();
    if let Some(text) = is_plain.then(|| str::from_utf8(bytes).ok()).flatten() {
        batch.text.push_str(text);
        return broken;
    }
    for index in 0..batch.cells.len() {
        if let Some(range) = batch.cells[index].range()
            && !bytes[range.clone()].is_ascii()
        {
            rewrite(batch, index as u32, &bytes[range], encoding, &mut broken);
        }
    }
    batch.text.extend(bytes.iter().map(|&byte| if byte.is_ascii() { byte as char } else { '?' }));
    broken
}

fn rewrite(batch: &mut RecordBatch, index: u32, bytes: &[u8], encoding: TextEncoding, broken: &mut Vec<u32>) {
    let text = if encoding == TextEncoding::Windows1252 {
        Cow::Owned(windows_1252::decode(bytes))
    } else {
        String::from_utf8_lossy(bytes)
    };
    if encoding != TextEncoding::Windows1252 && matches!(text, Cow::Owned(_)) {
        broken.push(index);
    }
    batch.cells[index as usize] = batch.write(&text);
}
