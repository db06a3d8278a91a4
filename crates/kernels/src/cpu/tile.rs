//! The inner loop of every product: a tile of sums that stays in registers.

use wide::f32x8;

/// Rows of a tile: one number of each is spread over all lanes.
///
/// In wasm on a Zen 5 core (Chromium 156) the tile of 4x8 reaches 63 GFLOP/s, as does 2x16; 8x4 reaches 55. Five rows or
/// 12 columns no longer fit the 15 registers that V8 leaves: 27 to 36. A fused multiply-add (relaxed SIMD) reaches 65.
/// Registers of eight lanes want eight rows, as each sum waits for its last addition.
pub(super) const TALL: usize = if cfg!(target_family = "wasm") { 4 } else { 8 };
/// Columns of a tile: the lanes.
pub(super) const WIDE: usize = 8;

/// The product of `TALL` rows and `WIDE` columns, one entry of each slice a step along the inner dimension.
/// The order is always the same, and nothing is fused: every machine gets the same bits.
#[inline]
pub(super) fn tile(rows: &[[f32; TALL]], columns: &[[f32; WIDE]]) -> [f32x8; TALL] {
    #[cfg(target_arch = "x86_64")]
    if let Some(sums) = avx::tile(rows, columns) {
        return sums;
    }
    portable(rows, columns)
}

#[inline]
fn portable(rows: &[[f32; TALL]], columns: &[[f32; WIDE]]) -> [f32x8; TALL] {
    let mut sums = [f32x8::ZERO; TALL];
    for (row, column) in rows.iter().zip(columns) {
        let column = f32x8::from(*column);
        for (sum, &value) in sums.iter_mut().zip(row) {
            *sum += f32x8::splat(value) * column;
        }
    }
    sums
}

/// A build for any x86-64 has registers of four lanes; these have eight, and twice the speed.
#[cfg(target_arch = "x86_64")]
mod avx {
    use std::arch::x86_64::{__m256, _mm256_add_ps, _mm256_mul_ps, _mm256_set1_ps};

    use super::{TALL, WIDE, f32x8};

    /// As [`tile`](super::tile), on a processor that has AVX.
    #[inline]
    #[expect(unsafe_code, reason = "a function for some processors is called where it was detected that this is one")]
    pub fn tile(rows: &[[f32; TALL]], columns: &[[f32; WIDE]]) -> Option<[f32x8; TALL]> {
        // SAFETY: AVX, the one thing that the function needs, is there.
        std::arch::is_x86_feature_detected!("avx").then(|| unsafe { lanes(rows, columns) })
    }

    #[target_feature(enable = "avx")]
    fn lanes(rows: &[[f32; TALL]], columns: &[[f32; WIDE]]) -> [f32x8; TALL] {
        let mut sums = [_mm256_set1_ps(0.0); TALL];
        for (row, column) in rows.iter().zip(columns) {
            let column: __m256 = bytemuck::cast(*column);
            for (sum, &value) in sums.iter_mut().zip(row) {
                *sum = _mm256_add_ps(*sum, _mm256_mul_ps(_mm256_set1_ps(value), column));
            }
        }
        bytemuck::cast(sums)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::tests::numbers;

    #[test]
    fn every_processor_gets_the_same_bits() {
        let (rows, columns) = (numbers(1, 100 * TALL), numbers(2, 100 * WIDE));
        let (rows, columns) = (rows.as_chunks().0, columns.as_chunks().0);
        let bits = |sums: [f32x8; TALL]| sums.map(|sum| sum.to_array().map(f32::to_bits));
        assert_eq!(bits(tile(rows, columns)), bits(portable(rows, columns)));
    }
}
