//! Detection of the text encoding.

use pinhole_protocol::table::TextEncoding;

use crate::{
    TableError,
    records::{Utf16Decoder, byte_order_mark_bytes},
    source::Content,
    windows_1252,
};

/// Bytes at the start of the file that are searched for the first that is not ASCII.
const MAX_ASCII_BYTES: u64 = 4 << 20;

/// Detects the encoding of a file that begins with `start`: by its byte order mark; else UTF-16 if every second byte is
/// zero; else UTF-8 if the bytes are valid; else Windows-1252.
///
/// # Errors
/// An error of [`Content::read_at`].
pub(super) fn detect_encoding(content: &mut Content, start: &[u8]) -> Result<TextEncoding, TableError> {
    let marked = [TextEncoding::Utf8, TextEncoding::Utf16Le, TextEncoding::Utf16Be];
    if let Some(encoding) = marked.into_iter().find(|&encoding| byte_order_mark_bytes(encoding, start) > 0) {
        return Ok(encoding);
    }
    if let Some(encoding) = utf_16_by_zeros(start) {
        return Ok(encoding);
    }
    let mut bytes = start.to_vec();
    let mut offset = 0;
    while bytes.is_ascii() && !bytes.is_empty() && offset < MAX_ASCII_BYTES {
        offset += bytes.len() as u64;
        bytes.resize(start.len().max(1), 0);
        let count = content.read_at(offset, &mut bytes)?;
        bytes.truncate(count);
    }
    Ok(if is_utf8(&bytes) { TextEncoding::Utf8 } else { TextEncoding::Windows1252 })
}

/// Decodes the start of a file, without its byte order mark. Unless it `is_whole`, an incomplete last character of
/// UTF-8 is dropped.
pub(super) fn decode(encoding: TextEncoding, bytes: &[u8], is_whole: bool) -> String {
    let bytes = &bytes[byte_order_mark_bytes(encoding, bytes) as usize..];
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
    Utf16Decoder::default().decode(is_big_endian, bytes, true, &mut text);
    String::from_utf8(text).expect("the decoder writes whole characters")
}

/// UTF-16 without a byte order mark. Tables are mostly ASCII, so at least 7 in 10 code units have one zero byte.
fn utf_16_by_zeros(start: &[u8]) -> Option<TextEncoding> {
    let pairs = start.as_chunks::<2>().0;
    if pairs.len() < 2 {
        return None;
    }
    let big_endian = pairs.iter().filter(|pair| pair[0] == 0 && pair[1] != 0).count();
    let little_endian = pairs.iter().filter(|pair| pair[1] == 0 && pair[0] != 0).count();
    if little_endian * 10 > pairs.len() * 7 {
        Some(TextEncoding::Utf16Le)
    } else if big_endian * 10 > pairs.len() * 7 {
        Some(TextEncoding::Utf16Be)
    } else {
        None
    }
}

/// True if the bytes are UTF-8 with few errors: at most one per twenty valid characters that are not ASCII.
fn is_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut invalid) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        // A character cut off at the end of the bytes is no error.
        let is_at_end = chunk.valid().len() + chunk.invalid().len() == bytes.len() && chunk.invalid().len() < 4;
        invalid += usize::from(!(chunk.invalid().is_empty() || is_at_end && could_continue(chunk.invalid())));
    }
    invalid == 0 || invalid * 20 <= valid
}

/// True if the bytes are the beginning of a longer character.
fn could_continue(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}
