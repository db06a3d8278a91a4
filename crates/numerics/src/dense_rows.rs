//! What networks over a table's rows spend their time in, on plain slices: products of small matrices, a step of Adam,
//! errors and distances.
//!
//! Burn Flex hands every operation of a network to a general product and walks the activations once more for each of
//! bias, activation and mask. For networks of some 20,000 weights that costs more than the arithmetic; here both
//! operands lie as the inner loop reads them, so that it has no bounds to check and no remainder. The lanes are said
//! outright ([`wide`]), as the page's build leaves automatic vectorising off.

use wide::f32x8;

/// Rows of a tile: one number of each is spread over all lanes.
pub const TILE_ROWS: usize = 4;
/// Columns of a tile: the lanes.
pub const LANES: usize = 8;
/// Squares summed in 32 bits before the sum goes on in 64.
const SUMMED_AT_ONCE: usize = 16;
/// Rows that a row is compared with at once, one a lane: 16 floats are four vectors of 128 bits.
pub const COMPARED: usize = 16;
const BETA_1: f32 = 0.9;
const BETA_2: f32 = 0.999;
const EPSILON: f32 = 1e-8;

/// `start` plus the product of `TILE_ROWS` rows and `LANES` columns, one entry of each slice a step along the inner dimension.
/// Always the same order and never a fused multiply-add: every machine gets the same bits.
#[inline]
fn tile(rows: &[[f32; TILE_ROWS]], columns: &[[f32; LANES]], start: [f32x8; TILE_ROWS]) -> [f32x8; TILE_ROWS] {
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
pub struct Strips<const N: usize> {
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
    pub fn strips(&self) -> std::slice::ChunksExact<'_, [f32; N]> {
        self.entries.chunks_exact(self.depth)
    }
}

/// The product of `rows` and `columns` plus `bias` (one number a column, or none), row-major into `out`. Strips of rows
/// that lie beyond the end of `out` are left out.
pub fn multiply(rows: &Strips<TILE_ROWS>, columns: &Strips<LANES>, bias: &[f32], out: &mut [f32], width: usize) {
    for (strip, column) in columns.strips().enumerate() {
        let at = strip * LANES;
        let start = bias.get(at..at + LANES).map_or(f32x8::splat(0.0), f32x8::from);
        for (block, row) in out.chunks_mut(TILE_ROWS * width).zip(rows.strips()) {
            let sums = tile(row, column, [start; TILE_ROWS]);
            for (line, sum) in block.chunks_exact_mut(width).zip(sums) {
                line[at..at + LANES].copy_from_slice(&sum.to_array());
            }
        }
    }
}

/// A dense layer over a block of [`LANES`] rows, one a lane: `weight` in strips of outputs, `bias` likewise, and nothing
/// below `floor`.
pub fn run_layer(
    weight: &Strips<TILE_ROWS>,
    bias: &[[f32; TILE_ROWS]],
    floor: f32,
    input: &[[f32; LANES]],
    output: &mut [[f32; LANES]],
) {
    let floor = f32x8::splat(floor);
    let (outputs, _) = output.as_chunks_mut::<TILE_ROWS>();
    for ((strip, bias), out) in weight.strips().zip(bias).zip(outputs) {
        let sums = tile(strip, input, bias.map(f32x8::splat));
        for (out, sum) in out.iter_mut().zip(sums) {
            *out = sum.max(floor).to_array();
        }
    }
}

/// Sum of squared differences of each lane.
pub fn squared_errors(seen: &[[f32; LANES]], rebuilt: &[[f32; LANES]]) -> [f64; LANES] {
    let mut sums = [0.0; LANES];
    for (seen, rebuilt) in seen.chunks(SUMMED_AT_ONCE).zip(rebuilt.chunks(SUMMED_AT_ONCE)) {
        let mut some = f32x8::splat(0.0);
        for (seen, rebuilt) in seen.iter().zip(rebuilt) {
            let error = f32x8::from(*seen) - f32x8::from(*rebuilt);
            some += error * error;
        }
        for (sum, some) in sums.iter_mut().zip(some.to_array()) {
            *sum += f64::from(some);
        }
    }
    sums
}

/// Squared distance of `row` to each lane of `references`, one entry a value.
pub fn squared_distances(references: &[[f32; COMPARED]], row: &[f32]) -> [f32; COMPARED] {
    let mut squares = [0.0_f32; COMPARED];
    for (references, &value) in references.iter().zip(row) {
        for (sum, reference) in squares.iter_mut().zip(references) {
            *sum += (value - reference) * (value - reference);
        }
    }
    squares
}

/// Numbers that are learnt, a multiple of [`LANES`], with their gradient and Adam's moments.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The numbers.
    pub values: Vec<f32>,
    /// The loss's slope along each.
    pub gradient: Vec<f32>,
    mean: Vec<f32>,
    variance: Vec<f32>,
}

impl Parameter {
    /// Numbers that no step has moved yet.
    pub fn new(values: Vec<f32>) -> Self {
        let zeros = vec![0.0; values.len()];
        Self { values, gradient: zeros.clone(), mean: zeros.clone(), variance: zeros }
    }

    /// Step number `steps` of Adam (Kingma and Ba 2015), with PyTorch's constants.
    pub fn adam(&mut self, rate: f32, steps: i32) {
        let correction = (1.0 - f64::from(BETA_2).powi(steps)).sqrt();
        let rate = f32x8::splat((f64::from(rate) / (1.0 - f64::from(BETA_1).powi(steps))) as f32);
        let correction = f32x8::splat((1.0 / correction) as f32);
        let places = self.values.as_chunks_mut::<LANES>().0.iter_mut().zip(self.gradient.as_chunks::<LANES>().0);
        let moments = self.mean.as_chunks_mut::<LANES>().0.iter_mut().zip(self.variance.as_chunks_mut::<LANES>().0);
        for ((value, gradient), (mean, variance)) in places.zip(moments) {
            let gradient = f32x8::from(*gradient);
            let m = f32x8::from(*mean) * f32x8::splat(BETA_1) + gradient * f32x8::splat(1.0 - BETA_1);
            let v = f32x8::from(*variance) * f32x8::splat(BETA_2) + gradient * gradient * f32x8::splat(1.0 - BETA_2);
            let step = rate * m / (v.sqrt() * correction + f32x8::splat(EPSILON));
            *value = (f32x8::from(*value) - step).to_array();
            *mean = m.to_array();
            *variance = v.to_array();
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
