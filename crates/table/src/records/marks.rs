//! Finds delimiters and line ends, 64 bytes at a time.
//!
//! Each block becomes a 64-bit mask with one bit a byte (Langdale and Lemire 2019, "Parsing gigabytes of JSON per
//! second"), so that the work per cell does not grow with its length.

const BLOCK: usize = 64;

/// A walk over the delimiters and line ends of a text.
#[derive(Debug)]
pub(super) struct Marks {
    delimiter: u8,
    block: usize,
    mask: u64,
}

impl Marks {
    pub(super) const fn new(delimiter: u8) -> Self {
        Self { delimiter, block: 0, mask: 0 }
    }

    /// Goes on from `at`, which may lie before or behind.
    pub(super) fn seek(&mut self, text: &[u8], at: usize) {
        self.block = at;
        self.mask = mask_from(text, at, self.delimiter);
    }

    /// Where the next one is; the text's length when there is none.
    #[inline]
    pub(super) fn next(&mut self, text: &[u8]) -> usize {
        while self.mask == 0 {
            if self.block >= text.len() {
                return text.len();
            }
            self.block += BLOCK;
            self.mask = mask_from(text, self.block, self.delimiter);
        }
        let at = self.block + self.mask.trailing_zeros() as usize;
        self.mask &= self.mask - 1;
        at
    }
}

#[inline]
fn mask_from(text: &[u8], at: usize, delimiter: u8) -> u64 {
    let Some(rest) = text.get(at..) else { return 0 };
    if let Some(block) = rest.first_chunk::<BLOCK>() {
        return mask_of(block, delimiter);
    }
    // A delimiter is never NUL (see `Rules`), so what is filled up cannot match.
    let mut block = [0; BLOCK];
    block[..rest.len()].copy_from_slice(rest);
    mask_of(&block, delimiter)
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline]
fn mask_of(block: &[u8; BLOCK], delimiter: u8) -> u64 {
    use std::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_splat, u64x2, v128_or};
    let (delimiter, line_feed, carriage_return) = (u8x16_splat(delimiter), u8x16_splat(b'\n'), u8x16_splat(b'\r'));
    let (lanes, _) = block.as_chunks::<8>();
    let mut mask = 0;
    for (index, pair) in lanes.as_chunks::<2>().0.iter().enumerate() {
        let bytes = u64x2(u64::from_le_bytes(pair[0]), u64::from_le_bytes(pair[1]));
        let ends = v128_or(u8x16_eq(bytes, line_feed), u8x16_eq(bytes, carriage_return));
        mask |= u64::from(u8x16_bitmask(v128_or(ends, u8x16_eq(bytes, delimiter)))) << (16 * index);
    }
    mask
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[inline]
fn mask_of(block: &[u8; BLOCK], delimiter: u8) -> u64 {
    let mut mask = 0;
    for (index, lane) in block.as_chunks::<8>().0.iter().enumerate() {
        let bytes = u64::from_le_bytes(*lane);
        let hits = zero_bytes(bytes ^ repeat(delimiter))
            | zero_bytes(bytes ^ repeat(b'\n'))
            | zero_bytes(bytes ^ repeat(b'\r'));
        // Gathers the high bit of each byte in the top byte: no two of the eight products fall on the same bit.
        mask |= ((hits >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * index);
    }
    mask
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
const fn repeat(byte: u8) -> u64 {
    byte as u64 * 0x0101_0101_0101_0101
}

/// The high bit of each byte that is zero; exact, unlike the shorter form that borrows from its neighbour.
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
        fn finds_what_a_plain_loop_finds(text in proptest::collection::vec(any::<u8>(), 0..300), start in 0_usize..300) {
            let expected: Vec<usize> =
                (start..text.len()).filter(|&at| matches!(text[at], b',' | b'\n' | b'\r')).collect();
            let mut marks = Marks::new(b',');
            marks.seek(&text, start);
            let found: Vec<usize> =
                std::iter::from_fn(|| Some(marks.next(&text)).filter(|&at| at < text.len())).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
