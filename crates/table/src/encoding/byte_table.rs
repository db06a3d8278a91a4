//! Characters of the bytes of an encoding in which each byte is one.

use pinhole_protocol::table::TextEncoding;

/// First byte that is not ASCII.
const FIRST_BYTE: u8 = 0x80;

/// Characters of the bytes 0x80 to 0xFF; U+FFFD for those that have none.
#[derive(Clone, Debug)]
pub struct ByteTable(Vec<char>);

impl ByteTable {
    /// The table of an encoding of single bytes.
    pub fn new(encoding: TextEncoding) -> Self {
        let bytes: Vec<u8> = (FIRST_BYTE..=u8::MAX).collect();
        Self(super::decode(encoding, &bytes).chars().collect())
    }

    /// Decodes bytes.
    pub fn decode(&self, bytes: &[u8]) -> String {
        let special = |byte: u8| byte.checked_sub(FIRST_BYTE).and_then(|index| self.0.get(usize::from(index)));
        bytes.iter().map(|&byte| special(byte).copied().unwrap_or(char::from(byte))).collect()
    }
}
