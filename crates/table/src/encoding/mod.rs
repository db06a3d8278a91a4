//! Text encodings of a file: byte order marks, lengths, and characters from bytes and back.
//!
//! Cells are found among bytes, as every encoding except UTF-16 keeps ASCII as it is; UTF-16 is converted to UTF-8
//! first. Then the cells are decoded.

mod byte_table;
mod cell_decoder;
mod cell_encoder;
mod platform;
mod trail_bytes;
mod unicode;
mod windows_1252;

use pinhole_protocol::table::TextEncoding;

pub use cell_decoder::{CellDecoder, JoinedCells};
pub use cell_encoder::CellEncoder;
pub use trail_bytes::TrailBytes;
pub use unicode::{Utf16Decoder, byte_order_mark_bytes, encoded_bytes, is_utf16, utf16_by_zeros};

/// How characters are made of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    /// UTF-8 and UTF-16.
    Unicode,
    /// Each byte is a character.
    SingleByte,
    /// A byte that is not ASCII begins a character of two bytes or more.
    MultiByte,
}

const fn family(encoding: TextEncoding) -> Family {
    use TextEncoding as E;
    match encoding {
        E::Utf8 | E::Utf16Le | E::Utf16Be => Family::Unicode,
        E::ShiftJis | E::EucJp | E::Gb18030 | E::Big5 | E::EucKr => Family::MultiByte,
        _ => Family::SingleByte,
    }
}

/// True if each byte is a character.
pub const fn has_single_bytes(encoding: TextEncoding) -> bool {
    matches!(family(encoding), Family::SingleByte)
}

/// Decodes bytes of an encoding that is not Unicode.
pub fn decode(encoding: TextEncoding, bytes: &[u8]) -> String {
    if encoding == TextEncoding::Windows1252 { windows_1252::decode(bytes) } else { platform::decode(encoding, bytes) }
}

/// Decodes the start of a file, without its byte order mark. Unless it `is_whole`, an incomplete last character of
/// UTF-8 is dropped.
pub fn decode_text(encoding: TextEncoding, bytes: &[u8], is_whole: bool) -> String {
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
        _ => decode(encoding, bytes),
    }
}

fn utf_16(bytes: &[u8], is_big_endian: bool) -> String {
    let mut text = Vec::new();
    Utf16Decoder::default().decode(is_big_endian, bytes, true, &mut text);
    String::from_utf8(text).expect("the decoder writes whole characters")
}
