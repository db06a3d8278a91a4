//! The inner loop of every product: a tile of sums that stays in registers.

use wide::f32x8;

use crate::lanes::LANES;

/// Rows of a tile: one number of each is broadcast to all lanes.
///
/// In wasm on a Zen 5 core (Chromium 156) the tile of 4x8 reaches 63 GFLOP/s, as does 2x16; 8x4 reaches 55. Five rows
/// or 12 columns no longer fit the 15 registers that V8 leaves: 27 to 36. A fused multiply-add (relaxed SIMD) reaches
/// 65. Registers of eight lanes want eight rows, as each sum waits for its last addition.
pub const TILE_ROWS: usize = if cfg!(target_family = "wasm") { 4 } else { 8 };

/// `start` plus the product of [`TILE_ROWS`] rows of `lhs` and [`LANES`] columns of `rhs`: one entry of each per step
/// along the inner dimension k.
///
/// The steps are added in their order and never by a fused multiply-add: every machine gets the same bits.
#[inline]
pub(crate) fn tile(
    lhs: &[[f32; TILE_ROWS]],
    rhs: &[[f32; LANES]],
    start: impl Fn() -> [f32x8; TILE_ROWS],
) -> [f32x8; TILE_ROWS] {
    #[cfg(target_arch = "x86_64")]
    if let Some(sums) = avx::tile(lhs, rhs, &start) {
        return sums;
    }
    portable(lhs, rhs, start)
}

#[inline]
fn portable(
    lhs: &[[f32; TILE_ROWS]],
    rhs: &[[f32; LANES]],
    start: impl Fn() -> [f32x8; TILE_ROWS],
) -> [f32x8; TILE_ROWS] {
    let mut sums = start();
    for (row, column) in lhs.iter().zip(rhs) {
        let column = f32x8::from(*column);
        for (sum, &value) in sums.iter_mut().zip(row) {
            *sum += f32x8::splat(value) * column;
        }
    }
    sums
}

/// The tile for processors with AVX: a build for any x86-64 has registers of four lanes, these have eight, at twice the
/// speed.
#[cfg(target_arch = "x86_64")]
mod avx {
    use std::arch::x86_64::{__m256, _mm256_add_ps, _mm256_mul_ps, _mm256_set1_ps};

    use super::{LANES, TILE_ROWS, f32x8};

    /// As [`tile`](super::tile); none on a processor without AVX.
    #[inline]
    #[expect(unsafe_code, reason = "a function for some processors is called where it was detected that this is one")]
    pub fn tile(
        lhs: &[[f32; TILE_ROWS]],
        rhs: &[[f32; LANES]],
        start: impl Fn() -> [f32x8; TILE_ROWS],
    ) -> Option<[f32x8; TILE_ROWS]> {
        // SAFETY: AVX, the one thing that the function needs, is there.
        std::arch::is_x86_feature_detected!("avx").then(|| unsafe { sums(lhs, rhs, start) })
    }

    #[target_feature(enable = "avx")]
    fn sums(
        lhs: &[[f32; TILE_ROWS]],
        rhs: &[[f32; LANES]],
        start: impl Fn() -> [f32x8; TILE_ROWS],
    ) -> [f32x8; TILE_ROWS] {
        let mut sums: [__m256; TILE_ROWS] = bytemuck::cast(start());
        for (row, column) in lhs.iter().zip(rhs) {
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

    #[test]
    fn every_processor_gets_the_same_bits() {
        let numbers = |count, seed| (0..count).map(move |index| ((index * 37 + seed) % 101) as f32 / 50.5 - 1.0);
        let lhs: Vec<f32> = numbers(100 * TILE_ROWS, 1).collect();
        let rhs: Vec<f32> = numbers(100 * LANES, 2).collect();
        let (lhs, rhs) = (lhs.as_chunks().0, rhs.as_chunks().0);
        let start = || std::array::from_fn(|row| f32x8::splat(row as f32 / 3.0));
        let bits = |sums: [f32x8; TILE_ROWS]| sums.map(|sum| sum.to_array().map(f32::to_bits));
        assert_eq!(bits(tile(lhs, rhs, start)), bits(portable(lhs, rhs, start)));
    }
}
