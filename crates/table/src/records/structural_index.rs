//! Structural index: positions of delimiters and line ends in a text, found 64 bytes at a time.
//!
//! Each block of 64 bytes becomes a 64-bit mask with one bit per byte (Langdale and Lemire 2019, "Parsing gigabytes of
//! JSON per second"), so that the work per cell does not grow with its length.

/// Bytes per mask.
const BLOCK_BYTES: usize = 64;

/// Cursor over the structural characters of a text: delimiters, line feeds and carriage returns.
///
/// It does not hold the text; each call is given the same one.
#[derive(Debug)]
pub(super) struct StructuralIndex {
    delimiter: u8,
    /// Position of the current block.
    block_start: usize,
    /// Structural characters of the block that are still ahead, one bit per byte.
    mask: u64,
}

impl StructuralIndex {
    pub(super) const fn new(delimiter: u8) -> Self {
        Self { delimiter, block_start: 0, mask: 0 }
    }

    /// Moves the cursor to `at`, forwards or backwards.
    pub(super) fn seek(&mut self, text: &[u8], at: usize) {
        self.block_start = at;
        self.mask = mask_at(text, at, self.delimiter);
    }

    /// Position of the next structural character, which is passed; the length of `text` if there is none.
    #[inline]
    pub(super) fn next(&mut self, text: &[u8]) -> usize {
        while self.mask == 0 {
            if self.block_start >= text.len() {
                return text.len();
            }
            self.block_start += BLOCK_BYTES;
            self.mask = mask_at(text, self.block_start, self.delimiter);
        }
        let at = self.block_start + self.mask.trailing_zeros() as usize;
        self.mask &= self.mask - 1;
        at
    }
}

/// The mask of the block at `at`; beyond the end of the text its bits are 0.
#[inline]
fn mask_at(text: &[u8], at: usize, delimiter: u8) -> u64 {
    let Some(rest) = text.get(at..) else { return 0 };
    if let Some(block) = rest.first_chunk::<BLOCK_BYTES>() {
        return structural_mask(block, delimiter);
    }
    // A delimiter is never NUL (see `CsvSyntax`), so the padding cannot match.
    let mut block = [0; BLOCK_BYTES];
    block[..rest.len()].copy_from_slice(rest);
    structural_mask(&block, delimiter)
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline]
fn structural_mask(block: &[u8; BLOCK_BYTES], delimiter: u8) -> u64 {
    use std::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_splat, u64x2, v128_or};
    let (delimiter, line_feed, carriage_return) = (u8x16_splat(delimiter), u8x16_splat(b'\n'), u8x16_splat(b'\r'));
    let (lanes, _) = block.as_chunks::<8>();
    let mut mask = 0;
    for (lane, pair) in lanes.as_chunks::<2>().0.iter().enumerate() {
        let bytes = u64x2(u64::from_le_bytes(pair[0]), u64::from_le_bytes(pair[1]));
        let ends = v128_or(u8x16_eq(bytes, line_feed), u8x16_eq(bytes, carriage_return));
        mask |= u64::from(u8x16_bitmask(v128_or(ends, u8x16_eq(bytes, delimiter)))) << (16 * lane);
    }
    mask
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[inline]
fn structural_mask(block: &[u8; BLOCK_BYTES], delimiter: u8) -> u64 {
    let mut mask = 0;
    for (index, lane) in block.as_chunks::<8>().0.iter().enumerate() {
        let bytes = u64::from_le_bytes(*lane);
        let hits = zero_bytes(bytes ^ repeat(delimiter))
            | zero_bytes(bytes ^ repeat(b'\n'))
            | zero_bytes(bytes ^ repeat(b'\r'));
        // Moves the high bit of each byte into the top byte: no two of the eight partial products share a bit.
        mask |= ((hits >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * index);
    }
    mask
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
const fn repeat(byte: u8) -> u64 {
    byte as u64 * 0x0101_0101_0101_0101
}

/// High bit set in each byte that is zero. Exact, unlike the shorter form that borrows from the neighbouring byte.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
const fn zero_bytes(bytes: u64) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    !(((bytes & LOW) + LOW) | bytes | LOW)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn agrees_with_a_scalar_loop(text in proptest::collection::vec(any::<u8>(), 0..300), start in 0_usize..300) {
            let expected: Vec<usize> =
                (start..text.len()).filter(|&at| matches!(text[at], b',' | b'\n' | b'\r')).collect();
            let mut index = StructuralIndex::new(b',');
            index.seek(&text, start);
            let found: Vec<usize> =
                std::iter::from_fn(|| Some(index.next(&text)).filter(|&at| at < text.len())).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
