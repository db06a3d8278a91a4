//! Detection of the text encoding.

use pinhole_protocol::table::TextEncoding;

use crate::{
    TableError,
    encoding::{byte_order_mark_bytes, utf16_by_zeros},
    source::Content,
};

/// Bytes at the start of the file that are searched for characters other than ASCII.
const MAX_ASCII_BYTES: u64 = 4 << 20;

/// Bytes per read.
const PIECE_BYTES: usize = 1 << 18;

/// Characters other than ASCII that are enough to know the encoding by: a page of Latin text has about as many.
const ENOUGH_CHARACTERS: usize = 200;

/// Bytes of the lines with such characters that are kept.
const MAX_SAMPLE_BYTES: usize = 1 << 17;

/// Encoding that the beginning of a file proves, or the sample to guess it from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum EncodingEvidence {
    /// Unicode, or ASCII alone.
    Unicode(TextEncoding),
    /// Not Unicode: the lines with characters other than ASCII, from which the encoding can be guessed.
    Sample(Vec<u8>),
}

/// Detects Unicode: by the byte order mark; else UTF-16 if the upper byte of many code units is zero; else UTF-8 if most
/// bytes other than ASCII are valid.
///
/// # Errors
/// An error of [`Content::read_at`].
pub(super) fn encoding_evidence(content: &mut Content) -> Result<EncodingEvidence, TableError> {
    let mut piece = vec![0; PIECE_BYTES];
    let mut sample = Vec::new();
    let mut offset = 0;
    while offset <= MAX_ASCII_BYTES {
        let count = content.read_at(offset, &mut piece)?;
        let bytes = &piece[..count];
        if offset == 0
            && let Some(encoding) = marked_encoding(bytes).or_else(|| utf16_by_zeros(bytes))
        {
            return Ok(EncodingEvidence::Unicode(encoding));
        }
        add_lines(bytes, &mut sample);
        let characters = sample.iter().filter(|byte| !byte.is_ascii()).count();
        if characters >= ENOUGH_CHARACTERS || sample.len() >= MAX_SAMPLE_BYTES || count < PIECE_BYTES {
            break;
        }
        offset += count as u64;
    }
    Ok(if is_utf8(&sample) { EncodingEvidence::Unicode(TextEncoding::Utf8) } else { EncodingEvidence::Sample(sample) })
}

fn marked_encoding(start: &[u8]) -> Option<TextEncoding> {
    let marked = [TextEncoding::Utf8, TextEncoding::Utf16Le, TextEncoding::Utf16Be];
    marked.into_iter().find(|&encoding| byte_order_mark_bytes(encoding, start) > 0)
}

/// Adds the lines that are not ASCII. A line that two pieces share is cut between them, which leaves at most one character
/// invalid.
fn add_lines(bytes: &[u8], sample: &mut Vec<u8>) {
    if bytes.is_ascii() {
        return;
    }
    for line in bytes.split_inclusive(|&byte| byte == b'\n').filter(|line| !line.is_ascii()) {
        let room = MAX_SAMPLE_BYTES - sample.len();
        sample.extend_from_slice(&line[..line.len().min(room)]);
    }
}

/// True for bytes that are neither UTF-8 nor UTF-16, so that their encoding must be guessed.
pub fn needs_encoding_guess(start: &[u8]) -> bool {
    marked_encoding(start).or_else(|| utf16_by_zeros(start)).is_none() && !is_utf8(start)
}

/// True if the bytes are UTF-8, perhaps with lines of another encoding: at least as many characters other than ASCII are
/// valid as are not. In text of another encoding hardly any are; in GBK, where most pairs of bytes can occur, one in
/// seven.
fn is_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut invalid) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        // A character cut off at the end of the bytes is no error.
        let is_at_end = chunk.valid().len() + chunk.invalid().len() == bytes.len() && chunk.invalid().len() < 4;
        invalid += usize::from(!(chunk.invalid().is_empty() || is_at_end && could_continue(chunk.invalid())));
    }
    invalid == 0 || invalid <= valid
}

/// True if the bytes are the beginning of a longer character.
fn could_continue(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}
