//! How bytes become characters.

use pinhole_protocol::table::TextEncoding;

use crate::records::{Utf16, mark_bytes};
use crate::source::Content;
use crate::{TableError, windows_1252};

/// How far an ASCII beginning is looked behind for the first other byte.
const ASCII_BYTES: u64 = 4 << 20;

/// By byte order mark; by the zeros that UTF-16 has in every second place; UTF-8 if it can be; Windows-1252 otherwise.
pub(super) fn guess(content: &mut Content, sample: &[u8]) -> Result<TextEncoding, TableError> {
    let marked = [TextEncoding::Utf8, TextEncoding::Utf16Le, TextEncoding::Utf16Be];
    if let Some(encoding) = marked.into_iter().find(|&encoding| mark_bytes(encoding, sample) > 0) {
        return Ok(encoding);
    }
    if let Some(encoding) = zeros(sample) {
        return Ok(encoding);
    }
    let mut bytes = sample.to_vec();
    let mut offset = 0;
    while bytes.is_ascii() && !bytes.is_empty() && offset < ASCII_BYTES {
        offset += bytes.len() as u64;
        bytes.resize(sample.len().max(1), 0);
        let count = content.read_at(offset, &mut bytes)?;
        bytes.truncate(count);
    }
    Ok(if is_utf8(&bytes) { TextEncoding::Utf8 } else { TextEncoding::Windows1252 })
}

/// The sample as UTF-8, without byte order mark.
pub(super) fn decode(encoding: TextEncoding, bytes: &[u8], is_whole: bool) -> String {
    let bytes = &bytes[mark_bytes(encoding, bytes) as usize..];
    match encoding {
        TextEncoding::Utf8 => match str::from_utf8(bytes) {
            Err(error) if !is_whole && error.error_len().is_none() => {
                String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned()
            }
            _ => String::from_utf8_lossy(bytes).into_owned(),
        },
        TextEncoding::Utf16Le => utf_16(bytes, false),
        TextEncoding::Utf16Be => utf_16(bytes, true),
        TextEncoding::Windows1252 => windows_1252::decode(bytes),
    }
}

fn utf_16(bytes: &[u8], is_big_endian: bool) -> String {
    let mut text = Vec::new();
    Utf16::default().decode(is_big_endian, bytes, true, &mut text);
    String::from_utf8(text).expect("it is made of characters")
}

/// UTF-16 without a mark: tables are mostly ASCII, so every second byte is zero.
fn zeros(sample: &[u8]) -> Option<TextEncoding> {
    let pairs = sample.as_chunks::<2>().0;
    if pairs.len() < 2 {
        return None;
    }
    let high = pairs.iter().filter(|pair| pair[0] == 0 && pair[1] != 0).count();
    let low = pairs.iter().filter(|pair| pair[1] == 0 && pair[0] != 0).count();
    if low * 10 > pairs.len() * 7 {
        Some(TextEncoding::Utf16Le)
    } else if high * 10 > pairs.len() * 7 {
        Some(TextEncoding::Utf16Be)
    } else {
        None
    }
}

/// Whether the bytes are UTF-8, but for a few that were damaged: of the sequences that are not ASCII, at most one in
/// twenty.
fn is_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        // What is cut off at the sample's end, or begins before it, is no damage.
        let is_edge = chunk.valid().len() + chunk.invalid().len() == bytes.len() && chunk.invalid().len() < 4;
        bad += usize::from(!(chunk.invalid().is_empty() || is_edge && could_continue(chunk.invalid())));
    }
    bad == 0 || bad * 20 <= good
}

/// Whether this is the beginning of a longer character.
fn could_continue(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}
