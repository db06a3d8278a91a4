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
