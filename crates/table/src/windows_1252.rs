//! Windows-1252 as the Encoding Standard has it: Latin-1 with signs of its own from 0x80 to 0x9F.
//!
//! `encoding_rs` says the same, but brings the tables of every encoding of East Asia along: 140 kB of the page's engine
//! after compression, a tenth of the one without WebGPU. The tests hold this against it.

/// The characters of bytes 0x80 to 0x9F. The five that Windows leaves undefined are control characters.
const SIGNS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', //
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];
const FIRST_SIGN: u8 = 0x80;

/// The text that the bytes say; every byte says something.
pub fn decode(bytes: &[u8]) -> String {
    let sign = |byte: u8| SIGNS.get(usize::from(byte.wrapping_sub(FIRST_SIGN))).copied();
    bytes.iter().map(|&byte| sign(byte).unwrap_or(char::from(byte))).collect()
}

/// The byte that says a character, if there is one.
pub fn encode(character: char) -> Option<u8> {
    match SIGNS.iter().position(|&sign| sign == character) {
        Some(place) => Some(FIRST_SIGN + place as u8),
        // Latin-1; the places of the signs are taken by them.
        None if ('\u{80}'..'\u{a0}').contains(&character) => None,
        None => u8::try_from(character).ok(),
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::WINDOWS_1252;

    use super::*;

    #[test]
    fn every_byte_is_read_as_the_encoding_standard_says() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(decode(&bytes), WINDOWS_1252.decode_without_bom_handling(&bytes).0);
    }

    #[test]
    fn every_character_is_written_as_the_encoding_standard_says() {
        for character in ('\0'..'\u{3000}').chain(['中', '😀']) {
            let mut utf8 = [0; 4];
            let (bytes, _, is_unknown) = WINDOWS_1252.encode(character.encode_utf8(&mut utf8));
            assert_eq!(encode(character), (!is_unknown).then(|| bytes[0]), "{character:?}");
        }
    }
}
