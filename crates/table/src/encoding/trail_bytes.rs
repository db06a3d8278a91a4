//! Trail bytes that look like ASCII.
//!
//! Cells are found among bytes, so no byte within a character may look like a delimiter, a quote or a line end. None of
//! any encoding looks like a line end, a tab, a space or one of `" ' # % , ; : !`, as these are below 0x30. But the second
//! byte of a character of Shift JIS, Big5 or GBK is any of 0x40 to 0x7E, and so may be `|`, `^`, `~` or a backslash
//! (「表」 of Shift JIS is 0x95 0x5C). Second and fourth bytes of GB18030's characters of four bytes are digits, and those
//! of EUC-KR letters, neither of which delimits; EUC-JP has none.
//!
//! If the syntax has such a character, the trail bytes that look like it are replaced by others that follow no lead
//! byte, until the cells are found.

use std::borrow::Cow;

use pinhole_protocol::table::TextEncoding;

/// ASCII characters that are trail bytes too.
const TRAIL_BYTES: std::ops::RangeInclusive<u8> = 0x40..=0x7e;

/// Bytes that follow no lead byte in any of these encodings, for as many characters of a syntax: delimiter, quote,
/// escape and comment.
const STAND_INS: [u8; 4] = [0x7f, 0xff, 0x02, 0x03];

/// Replacement of the trail bytes that look like characters of a syntax.
#[derive(Clone, Copy, Debug)]
pub struct TrailBytes {
    is_shift_jis: bool,
    /// Characters of the syntax; 0 where there is none.
    characters: [u8; STAND_INS.len()],
}

impl TrailBytes {
    /// The replacement for an encoding and the ASCII characters of a syntax; `None`: it is not necessary.
    pub fn new(encoding: TextEncoding, syntax: [Option<u8>; STAND_INS.len()]) -> Option<Self> {
        let has_such = matches!(encoding, TextEncoding::ShiftJis | TextEncoding::Big5 | TextEncoding::Gb18030);
        let characters = syntax.map(|character| character.filter(|byte| TRAIL_BYTES.contains(byte)).unwrap_or(0));
        let is_necessary = has_such && characters != [0; STAND_INS.len()];
        is_necessary.then_some(Self { is_shift_jis: encoding == TextEncoding::ShiftJis, characters })
    }

    /// Replaces trail bytes. `is_after_lead`: the byte before these is a lead byte; afterwards, their last one is.
    pub fn hide(self, bytes: &mut [u8], is_after_lead: &mut bool) {
        self.replace(bytes, is_after_lead, &self.characters, &STAND_INS);
    }

    /// The bytes of a cell as they are in the file.
    pub fn restore(self, cell: &[u8]) -> Cow<'_, [u8]> {
        if !cell.iter().any(|byte| STAND_INS.contains(byte)) {
            return Cow::Borrowed(cell);
        }
        let mut bytes = cell.to_vec();
        self.replace(&mut bytes, &mut false, &STAND_INS, &self.characters);
        Cow::Owned(bytes)
    }

    fn replace(self, bytes: &mut [u8], is_after_lead: &mut bool, from: &[u8], to: &[u8]) {
        for byte in bytes {
            if *is_after_lead {
                *is_after_lead = false;
                let replaced = from.iter().zip(to).find(|&(from, to)| *from == *byte && *from != 0 && *to != 0);
                if let Some((_, &to)) = replaced {
                    *byte = to;
                }
            } else {
                *is_after_lead = match *byte {
                    0xa0..=0xdf | 0xfd | 0xfe => !self.is_shift_jis,
                    0x81..=0xfc => true,
                    _ => false,
                };
            }
        }
    }
}
