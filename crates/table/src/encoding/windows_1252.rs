//! Windows-1252 as in the Encoding Standard: Latin-1, but for 0x80 to 0x9F.
//!
//! `encoding_rs` has it too, with the tables of all encodings of East Asia: 140 kB of the page's engine after
//! compression, a tenth of the one without WebGPU, so this one has a table of its own. The tests compare the two.

/// Characters of the bytes 0x80 to 0x9F. The five that Windows leaves undefined are control characters.
const CHARACTERS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', //
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Byte of the first of [`CHARACTERS`].
const FIRST_BYTE: u8 = 0x80;

/// Decodes bytes; every byte is a character.
pub fn decode(bytes: &[u8]) -> String {
    let special = |byte: u8| CHARACTERS.get(usize::from(byte.wrapping_sub(FIRST_BYTE))).copied();
    bytes.iter().map(|&byte| special(byte).unwrap_or(char::from(byte))).collect()
}

#[cfg(test)]
mod tests {
    use encoding_rs::WINDOWS_1252;

    use super::*;

    #[test]
    fn every_byte_is_decoded_as_in_the_encoding_standard() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(decode(&bytes), WINDOWS_1252.decode_without_bom_handling(&bytes).0);
    }
}
