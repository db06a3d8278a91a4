//! Text that grows piece by piece, as a file.

use super::byte_source::ByteSource;
use crate::TableError;

/// A file in memory that is written piece by piece. Pieces are never copied to a larger place: that would take twice
/// the memory.
#[derive(Debug, Default)]
pub struct TextPieces {
    name: String,
    /// No piece is empty.
    pieces: Vec<Vec<u8>>,
    /// Offset of each piece.
    starts: Vec<u64>,
    len_bytes: u64,
}

impl TextPieces {
    /// A file without content.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Appends bytes.
    pub fn push(&mut self, piece: Vec<u8>) {
        if !piece.is_empty() {
            self.starts.push(self.len_bytes);
            self.len_bytes += piece.len() as u64;
            self.pieces.push(piece);
        }
    }
}

impl ByteSource for TextPieces {
    fn name(&self) -> &str {
        &self.name
    }

    fn len_bytes(&self) -> u64 {
        self.len_bytes
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, TableError> {
        let mut index = self.starts.partition_point(|&start| start <= offset).saturating_sub(1);
        let mut count = 0;
        while count < buffer.len() && index < self.pieces.len() {
            let from = (offset + count as u64 - self.starts[index]) as usize;
            let Some(rest) = self.pieces[index].get(from..) else { break };
            let more = rest.len().min(buffer.len() - count);
            buffer[count..count + more].copy_from_slice(&rest[..more]);
            count += more;
            index += 1;
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_read_as_one_file_from_any_offset() {
        let mut file = TextPieces::new("t");
        for piece in ["ab", "", "cde", "f"] {
            file.push(piece.into());
        }
        for offset in 0..8 {
            let mut buffer = [0; 4];
            let count = file.read_at(offset as u64, &mut buffer).expect("in memory");
            assert_eq!(&buffer[..count], "abcdef".as_bytes().get(offset..6.min(offset + 4)).unwrap_or_default());
        }
    }
}
