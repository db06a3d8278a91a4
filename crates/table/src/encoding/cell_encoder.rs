//! Encoder of the cells that are added to a table.

use pinhole_protocol::table::TextEncoding;

use super::{Family, family};

/// Byte of a character that the encoding lacks.
const REPLACEMENT: u8 = b'?';

/// Bytes of the longest sequence: GB18030 has characters of four.
const MAX_SEQUENCE_BYTES: usize = 4;

/// Encoder of text; characters that the encoding lacks become `?`.
///
/// No platform but `encoding_rs` encodes, so the characters are found by decoding every sequence of bytes once, when the
/// first one that is not ASCII must be written.
#[derive(Clone, Debug)]
pub struct CellEncoder {
    encoding: TextEncoding,
    /// Sequence of each character, by ascending character.
    sequences: Option<Vec<(char, Sequence)>>,
}

/// Bytes of a character, and their number.
type Sequence = ([u8; MAX_SEQUENCE_BYTES], usize);

impl CellEncoder {
    /// An encoder of a file's encoding.
    pub const fn new(encoding: TextEncoding) -> Self {
        Self { encoding, sequences: None }
    }

    /// Appends a text in the encoding.
    pub fn append(&mut self, text: &str, bytes: &mut Vec<u8>) {
        match self.encoding {
            TextEncoding::Utf16Le => bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes)),
            TextEncoding::Utf16Be => bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes)),
            _ if text.is_ascii() || self.encoding == TextEncoding::Utf8 => bytes.extend_from_slice(text.as_bytes()),
            _ => text.chars().for_each(|character| self.append_character(character, bytes)),
        }
    }

    fn append_character(&mut self, character: char, bytes: &mut Vec<u8>) {
        if character.is_ascii() {
            bytes.push(character as u8);
            return;
        }
        let sequences = self.sequences.get_or_insert_with(|| sequences(self.encoding));
        match sequences.binary_search_by_key(&character, |&(known, _)| known) {
            Ok(index) => {
                let (sequence, length) = sequences[index].1;
                bytes.extend_from_slice(&sequence[..length]);
            }
            Err(_) => bytes.push(REPLACEMENT),
        }
    }
}

/// The sequence of every character that an encoding has, except ASCII.
fn sequences(encoding: TextEncoding) -> Vec<(char, Sequence)> {
    let mut candidates = candidates(encoding);
    // Of several sequences of a character, the one that other programs know: the others are extensions of Hong Kong and
    // copies of NEC's.
    candidates.sort_by_key(|sequence| match (encoding, sequence[0]) {
        (TextEncoding::Big5, ..0xa1) | (TextEncoding::ShiftJis, 0xed | 0xee) => 1,
        _ => 0,
    });
    // Line feeds separate them, as none is part of a character.
    let text = super::decode(encoding, &candidates.join(&b'\n'));
    let mut known: Vec<(char, Sequence)> = Vec::new();
    for (decoded, sequence) in text.split('\n').zip(&candidates) {
        let mut characters = decoded.chars();
        if let (Some(character), None) = (characters.next(), characters.next())
            && character != char::REPLACEMENT_CHARACTER
            && !character.is_ascii()
        {
            let mut bytes = [0; MAX_SEQUENCE_BYTES];
            bytes[..sequence.len()].copy_from_slice(sequence);
            known.push((character, (bytes, sequence.len())));
        }
    }
    // Stable: of equal characters the first candidate stays.
    known.sort_by_key(|&(character, _)| character);
    known.dedup_by_key(|&mut (character, _)| character);
    known
}

/// All sequences of bytes that can be a character, and others.
fn candidates(encoding: TextEncoding) -> Vec<Vec<u8>> {
    const LEADS: std::ops::RangeInclusive<u8> = 0x81..=0xfe;
    const TRAILS: std::ops::RangeInclusive<u8> = 0x40..=0xfe;
    const DIGITS: std::ops::RangeInclusive<u8> = 0x30..=0x39;
    // What GB18030 has of the characters below U+10000.
    const FOUR_BYTE_LEADS: std::ops::RangeInclusive<u8> = 0x81..=0x84;
    /// Lead byte of JIS X 0212, of three bytes.
    const EUC_JP_LEAD: u8 = 0x8f;
    let mut candidates: Vec<Vec<u8>> = (0x80..=0xff).map(|byte| vec![byte]).collect();
    if family(encoding) != Family::MultiByte {
        return candidates;
    }
    let pairs: Vec<[u8; 2]> = LEADS.flat_map(|lead| TRAILS.map(move |trail| [lead, trail])).collect();
    candidates.extend(pairs.iter().map(|pair| pair.to_vec()));
    if encoding == TextEncoding::EucJp {
        candidates.extend(pairs.iter().map(|&[lead, trail]| vec![EUC_JP_LEAD, lead, trail]));
    }
    if encoding == TextEncoding::Gb18030 {
        let halves: Vec<[u8; 2]> = LEADS.flat_map(|lead| DIGITS.map(move |digit| [lead, digit])).collect();
        let begins = halves.iter().filter(|half| FOUR_BYTE_LEADS.contains(&half[0]));
        candidates.extend(begins.flat_map(|begin| halves.iter().map(move |end| [*begin, *end].concat())));
    }
    candidates
}
