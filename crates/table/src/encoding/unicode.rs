//! UTF-8 and UTF-16: byte order marks, lengths, and UTF-16 to UTF-8.

use pinhole_protocol::table::TextEncoding;

/// Length in bytes of the byte order mark at the beginning of `start`; 0 if there is none of this encoding.
pub fn byte_order_mark_bytes(encoding: TextEncoding, start: &[u8]) -> u64 {
    let mark: &[u8] = match encoding {
        TextEncoding::Utf8 => &[0xef, 0xbb, 0xbf],
        TextEncoding::Utf16Le => &[0xff, 0xfe],
        TextEncoding::Utf16Be => &[0xfe, 0xff],
        _ => return 0,
    };
    if start.starts_with(mark) { mark.len() as u64 } else { 0 }
}

/// Length in bytes that `text` has in the file. `text` is UTF-8 from [`Utf16Decoder`], or the file's own bytes.
pub fn encoded_bytes(encoding: TextEncoding, text: &[u8]) -> u64 {
    match encoding {
        // One code unit per character, two for characters of four bytes in UTF-8.
        TextEncoding::Utf16Le | TextEncoding::Utf16Be => {
            2 * text.iter().map(|&byte| u64::from(byte & 0xc0 != 0x80) + u64::from(byte >= 0xf0)).sum::<u64>()
        }
        _ => text.len() as u64,
    }
}

/// True for UTF-16 of either order.
pub const fn is_utf16(encoding: TextEncoding) -> bool {
    matches!(encoding, TextEncoding::Utf16Le | TextEncoding::Utf16Be)
}

/// UTF-16 without a byte order mark, by its zero bytes: delimiters, digits, line ends and Latin letters have one in each
/// code unit, always the upper one. Other text has hardly any zero bytes, and those of binary data are on both sides.
pub fn utf16_by_zeros(start: &[u8]) -> Option<TextEncoding> {
    /// Share of code units with a zero byte in a table that is mostly ASCII, in percent.
    const ASCII_PERCENT: usize = 70;
    /// Least share of code units with a zero byte, in percent: a table of Chinese text has 10 and more.
    const MIN_ZEROS_PERCENT: usize = 5;
    /// Of a hundred zero bytes, how many may be on the other side, as those of U+4E00 and U+3000 are.
    const MAX_OTHER_PERCENT: usize = 20;
    /// Least share of the other code units with a byte that is not ASCII: pairs of letters beside NULs have none, those of
    /// Hiragana a third.
    const MIN_OUTSIDE_PERCENT: usize = 25;
    let pairs = start.as_chunks::<2>().0;
    let count = |is_such: fn(&[u8; 2]) -> bool| pairs.iter().filter(|pair| is_such(pair)).count();
    let little_endian = count(|pair| pair[1] == 0 && pair[0] != 0);
    let big_endian = count(|pair| pair[0] == 0 && pair[1] != 0);
    let (zeros, others) = (little_endian.max(big_endian), little_endian.min(big_endian));
    if zeros < 2 || zeros * 100 < pairs.len() * MIN_ZEROS_PERCENT || others * 100 > zeros * MAX_OTHER_PERCENT {
        return None;
    }
    let full = count(|pair| pair[0] != 0 && pair[1] != 0);
    let outside = count(|pair| !pair.contains(&0) && pair.iter().any(|byte| !matches!(byte, b' '..=b'~')));
    let is_other_script = zeros + others + full == pairs.len() && outside * 100 >= full * MIN_OUTSIDE_PERCENT;
    if zeros * 100 <= pairs.len() * ASCII_PERCENT && !is_other_script {
        return None;
    }
    Some(if little_endian > big_endian { TextEncoding::Utf16Le } else { TextEncoding::Utf16Be })
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
