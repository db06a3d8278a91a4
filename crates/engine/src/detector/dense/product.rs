//! Products of small matrices on the CPU, the one loop that training and scoring spend their time in.
//!
//! Burn Flex hands every operation of a network to a general product and walks the activations once more for each of
//! bias, activation and mask. For networks of some 20,000 weights that costs more than the arithmetic; here both
//! operands lie as the inner loop reads them, so that it has no bounds to check and no remainder. The lanes are said
//! outright ([`wide`]), as the page's build leaves automatic vectorising off.

use wide::f32x8;

/// Rows of a tile: one number of each is spread over all lanes.
pub(in crate::detector) const TALL: usize = 4;
/// Columns of a tile: the lanes.
pub(in crate::detector) const WIDE: usize = 8;

/// `start` plus the product of `TALL` rows and `WIDE` columns, one entry of each slice a step along the inner dimension.
/// Always the same order and never a fused multiply-add: every machine gets the same bits.
#[inline]
pub(in crate::detector) fn tile(rows: &[[f32; TALL]], columns: &[[f32; WIDE]], start: [f32x8; TALL]) -> [f32x8; TALL] {
    let [mut a, mut b, mut c, mut d] = start;
    for (row, column) in rows.iter().zip(columns) {
        let column = f32x8::from(*column);
        a += f32x8::splat(row[0]) * column;
        b += f32x8::splat(row[1]) * column;
        c += f32x8::splat(row[2]) * column;
        d += f32x8::splat(row[3]) * column;
    }
    [a, b, c, d]
}

/// A matrix in strips of `N` rows or columns, each strip one entry of `N` numbers a step along the other dimension.
#[derive(Clone, Debug, Default)]
pub(in crate::detector) struct Strips<const N: usize> {
    entries: Vec<[f32; N]>,
    depth: usize,
}

impl<const N: usize> Strips<N> {
    /// Strips of `N` rows of a row-major matrix with rows of `width`; rows that are missing from the last are 0.
    pub fn of_rows(&mut self, matrix: &[f32], width: usize) {
        self.entries.clear();
        self.depth = width;
        for strip in matrix.chunks(N * width) {
            let start = self.entries.len();
            self.entries.resize(start + width, [0.0; N]);
            for (lane, row) in strip.chunks_exact(width).enumerate() {
                for (entry, &value) in self.entries[start..].iter_mut().zip(row) {
                    entry[lane] = value;
                }
            }
        }
    }

    /// Strips of `N` columns of a row-major matrix with rows of `width`, a multiple of `N`.
    pub fn of_columns(&mut self, matrix: &[f32], width: usize) {
        self.entries.clear();
        self.depth = matrix.len() / width;
        for first in (0..width).step_by(N) {
            self.entries.extend(matrix.chunks_exact(width).map(|row| {
                let mut entry = [0.0; N];
                entry.copy_from_slice(&row[first..first + N]);
                entry
            }));
        }
    }

    /// The strips, in order.
    pub fn iter(&self) -> std::slice::ChunksExact<'_, [f32; N]> {
        self.entries.chunks_exact(self.depth)
    }
}

/// The product of `rows` and `columns` plus `bias` (one number a column, or none), row-major into `out`. Strips of rows
/// that lie beyond the end of `out` are left out.
pub(in crate::detector) fn multiply(
    rows: &Strips<TALL>,
    columns: &Strips<WIDE>,
    bias: &[f32],
    out: &mut [f32],
    width: usize,
) {
    for (strip, column) in columns.iter().enumerate() {
        let at = strip * WIDE;
        let start = bias.get(at..at + WIDE).map_or(f32x8::splat(0.0), f32x8::from);
        for (block, row) in out.chunks_mut(TALL * width).zip(rows.iter()) {
            let sums = tile(row, column, [start; TALL]);
            for (line, sum) in block.chunks_exact_mut(width).zip(sums) {
                line[at..at + WIDE].copy_from_slice(&sum.to_array());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_definition_whatever_the_rows() {
        for (rows, depth, width) in [(1, 3, 8), (4, 8, 16), (7, 5, 24)] {
            let a: Vec<f32> = (0..rows * depth).map(|index| (index % 7) as f32 - 3.0).collect();
            let b: Vec<f32> = (0..depth * width).map(|index| (index % 5) as f32 - 2.0).collect();
            let bias: Vec<f32> = (0..width).map(|index| index as f32).collect();
            let (mut left, mut right) = (Strips::default(), Strips::default());
            left.of_rows(&a, depth);
            right.of_columns(&b, width);
            let mut out = vec![0.0; rows * width];
            multiply(&left, &right, &bias, &mut out, width);
            for row in 0..rows {
                for column in 0..width {
                    let sum: f32 = (0..depth).map(|k| a[row * depth + k] * b[k * width + column]).sum();
                    let error = out[row * width + column] - sum - bias[column];
                    assert!(error.abs() < 1e-6, "row {row}, column {column}: {error}");
                }
            }
        }
    }
}
