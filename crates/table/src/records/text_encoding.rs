//! Text encodings of a file: byte order marks, lengths, and UTF-16 to UTF-8.
//!
//! Cells are found among bytes, as every encoding except UTF-16 keeps ASCII as it is; UTF-16 is converted to UTF-8
//! first.

use pinhole_protocol::table::TextEncoding;

/// Length in bytes of the byte order mark at the beginning of `start`; 0 if there is none of this encoding.
pub fn byte_order_mark_bytes(encoding: TextEncoding, start: &[u8]) -> u64 {
    let mark: &[u8] = match encoding {
        TextEncoding::Utf8 => &[0xef, 0xbb, 0xbf],
        TextEncoding::Utf16Le => &[0xff, 0xfe],
        TextEncoding::Utf16Be => &[0xfe, 0xff],
        TextEncoding::Windows1252 => return 0,
    };
    if start.starts_with(mark) { mark.len() as u64 } else { 0 }
}

/// Length in bytes that `text` has in the file. `text` is UTF-8 from [`Utf16Decoder`], or the file's own bytes.
pub(super) fn encoded_bytes(encoding: TextEncoding, text: &[u8]) -> u64 {
    match encoding {
        TextEncoding::Utf8 | TextEncoding::Windows1252 => text.len() as u64,
        // One code unit per character, two for characters of four bytes in UTF-8.
        TextEncoding::Utf16Le | TextEncoding::Utf16Be => {
            2 * text.iter().map(|&byte| u64::from(byte & 0xc0 != 0x80) + u64::from(byte >= 0xf0)).sum::<u64>()
        }
    }
}

/// Converts UTF-16 to UTF-8, piece by piece. Each unpaired surrogate becomes one U+FFFD, so that [`encoded_bytes`]
/// stays exact.
#[derive(Clone, Debug, Default)]
pub struct Utf16Decoder {
    /// Bytes of a character that continues in the next piece.
    carry: Vec<u8>,
}

impl Utf16Decoder {
    /// Appends the characters of `bytes` to `text`. `is_last`: the file ends here, and nothing is carried over.
    pub fn decode(&mut self, is_big_endian: bool, bytes: &[u8], is_last: bool, text: &mut Vec<u8>) {
        self.carry.extend_from_slice(bytes);
        let (pairs, half_unit) = self.carry.as_chunks::<2>();
        let unit = |pair: [u8; 2]| if is_big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
        let is_high_surrogate = |pair: &[u8; 2]| (0xd800..0xdc00).contains(&unit(*pair));
        let whole =
            if is_last { pairs.len() } else { pairs.len() - usize::from(pairs.last().is_some_and(is_high_surrogate)) };
        let mut utf8 = [0; 4];
        for character in char::decode_utf16(pairs[..whole].iter().map(|&pair| unit(pair))) {
            let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
            text.extend_from_slice(character.encode_utf8(&mut utf8).as_bytes());
        }
        if is_last && !half_unit.is_empty() {
            text.extend_from_slice(char::REPLACEMENT_CHARACTER.encode_utf8(&mut utf8).as_bytes());
        }
        if is_last {
            self.carry.clear();
        } else {
            self.carry.drain(..2 * whole);
        }
    }
}
