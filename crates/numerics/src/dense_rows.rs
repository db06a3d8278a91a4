//! Dense networks over a table's rows, on plain slices: forward by blocks of rows, products and Adam for training,
//! errors and distances.
//!
//! Burn Flex hands every operation of a network to a general product and walks the activations once more for each of
//! bias, activation and mask. For networks of some 20,000 weights that costs more than the arithmetic; here both
//! operands lie as the inner loop reads them, so that it has no bounds to check and no remainder.

use wide::f32x8;

use crate::{
    adam::{AdamScalars, adam_step},
    lanes::{load, store},
    matmul::{DepthPart, Output, matmul, tile},
};
pub use crate::{
    lanes::LANES,
    matmul::{Matrix, TILE_ROWS},
};

/// Squares summed in 32 bits before the sum goes on in 64.
const SUMMED_AT_ONCE: usize = 16;
/// Rows that a row is compared with at once, one per lane: 16 floats are four vectors of 128 bits.
pub const COMPARED: usize = 16;
const BETA_1: f32 = 0.9;
const BETA_2: f32 = 0.999;
const EPSILON: f32 = 1e-8;

/// A matrix in strips of `N` rows: each strip has one entry of `N` numbers per column.
#[derive(Clone, Debug, Default)]
pub struct Strips<const N: usize> {
    entries: Vec<[f32; N]>,
    depth: usize,
}

impl<const N: usize> Strips<N> {
    /// Packs a row-major matrix with rows of `width`; rows that are missing from the last strip are 0.
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

    /// The strips, in order.
    pub fn strips(&self) -> std::slice::ChunksExact<'_, [f32; N]> {
        self.entries.chunks_exact(self.depth)
    }
}

/// Writes `lhs rhs + bias`, row-major, into `out` [rows of `lhs`, columns of `rhs`]; `bias` has one number per column,
/// or none.
///
/// # Panics
///
/// If the shapes do not fit.
pub fn multiply(lhs: Matrix, rhs: Matrix, bias: &[f32], out: &mut [f32]) {
    let ([rows, _], [_, columns]) = (lhs.shape(), rhs.shape());
    assert_eq!(out.len(), rows * columns, "numbers of a product");
    matmul(&lhs, &rhs.transposed(), &mut BiasFirst { out, columns, bias, lanes: f32x8::ZERO });
}

/// A row-major output whose sums begin with the bias and go on, part by part, from what is stored. A layer of
/// `pinhole-kernels` adds the bias and the sums of parts at the end instead; the two round differently, and both keep
/// the bits that their models were trained with.
struct BiasFirst<'a> {
    out: &'a mut [f32],
    columns: usize,
    bias: &'a [f32],
    /// Bias of the current columns.
    lanes: f32x8,
}

impl Output for BiasFirst<'_> {
    fn begin_columns(&mut self, column: usize) {
        self.lanes = load(self.bias.get(column..).unwrap_or_default());
    }

    #[inline]
    fn start(&self, row: usize, column: usize, part: DepthPart) -> [f32x8; TILE_ROWS] {
        if part.is_first {
            return [self.lanes; TILE_ROWS];
        }
        std::array::from_fn(|index| load(self.out.get((row + index) * self.columns + column..).unwrap_or_default()))
    }

    #[inline]
    fn store(&mut self, row: usize, column: usize, sums: &[f32x8; TILE_ROWS], _part: DepthPart) {
        let lines = &mut self.out[row * self.columns..];
        if column + LANES <= self.columns {
            for (line, sum) in lines.chunks_exact_mut(self.columns).zip(sums) {
                line[column..column + LANES].copy_from_slice(&sum.to_array());
            }
        } else {
            for (line, &sum) in lines.chunks_exact_mut(self.columns).zip(sums) {
                store(sum, &mut line[column..]);
            }
        }
    }
}

/// A dense layer over a block of [`LANES`] rows, one per lane: `max(floor, weight input + bias)`, with `weight` [out,
/// in] and `bias` `[out]` in strips of outputs.
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
        let sums = tile(strip, input, || bias.map(f32x8::splat));
        for (out, sum) in out.iter_mut().zip(sums) {
            *out = sum.max(floor).to_array();
        }
    }
}

/// Sum of squared differences of each lane, over entries of one value each.
pub fn squared_errors(input: &[[f32; LANES]], reconstruction: &[[f32; LANES]]) -> [f64; LANES] {
    let mut sums = [0.0; LANES];
    for (input, reconstruction) in input.chunks(SUMMED_AT_ONCE).zip(reconstruction.chunks(SUMMED_AT_ONCE)) {
        let mut partial = f32x8::splat(0.0);
        for (input, reconstruction) in input.iter().zip(reconstruction) {
            let error = f32x8::from(*input) - f32x8::from(*reconstruction);
            partial += error * error;
        }
        for (sum, partial) in sums.iter_mut().zip(partial.to_array()) {
            *sum += f64::from(partial);
        }
    }
    sums
}

/// Squared distance of `row` to each lane of `references`, which has one entry per value.
pub fn squared_distances(references: &[[f32; COMPARED]], row: &[f32]) -> [f32; COMPARED] {
    let mut squares = [0.0_f32; COMPARED];
    for (references, &value) in references.iter().zip(row) {
        for (sum, reference) in squares.iter_mut().zip(references) {
            *sum += (value - reference) * (value - reference);
        }
    }
    squares
}

/// A parameter of a network, a multiple of [`LANES`] long, with its gradient and Adam's moments.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The values.
    pub values: Vec<f32>,
    /// Gradient of the loss with respect to the values.
    pub gradient: Vec<f32>,
    m: Vec<f32>,
    v: Vec<f32>,
}

impl Parameter {
    /// A parameter before its first step.
    pub fn new(values: Vec<f32>) -> Self {
        let zeros = vec![0.0; values.len()];
        Self { values, gradient: zeros.clone(), m: zeros.clone(), v: zeros }
    }

    /// Takes step number `steps` of Adam (Kingma & Ba 2015), with PyTorch's constants.
    pub fn adam(&mut self, learning_rate: f32, steps: i32) {
        // From constants rounded to 32 bits, unlike `pinhole-kernels`: a detector keeps the bits that it has always
        // had.
        let [correction_1, correction_2] = [BETA_1, BETA_2].map(|beta| 1.0 - f64::from(beta).powi(steps));
        let scalars = AdamScalars {
            step_size: (f64::from(learning_rate) / correction_1) as f32,
            v_correction: (1.0 / correction_2.sqrt()) as f32,
            weight_scale: 1.0,
            l2: 0.0,
            betas: [BETA_1, BETA_2],
            epsilon: EPSILON,
        };
        adam_step(scalars, &mut self.values, &self.gradient, &mut self.m, &mut self.v);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sums as they are defined: the bias, then each product in its order, in 32 bits.
    #[test]
    fn a_product_has_the_bits_of_running_sums_for_any_shape() {
        for (rows, depth, columns) in [(1, 3, 8), (4, 8, 16), (7, 5, 24), (9, 1_100, 8), (33, 20, 13)] {
            let a: Vec<f32> = (0..rows * depth).map(|index| (index % 7) as f32 / 3.0 - 1.0).collect();
            let b: Vec<f32> = (0..depth * columns).map(|index| (index % 5) as f32 / 3.0 - 0.7).collect();
            let bias: Vec<f32> = (0..columns).map(|index| index as f32 / 9.0).collect();
            let turned: Vec<f32> = (0..rows * depth).map(|index| a[index % rows * depth + index / rows]).collect();
            let mut out = vec![f32::NAN; rows * columns];
            for lhs in [Matrix::new(&a, [rows, depth]), Matrix::new(&turned, [depth, rows]).transposed()] {
                multiply(lhs, Matrix::new(&b, [depth, columns]), &bias, &mut out);
                for (index, value) in out.iter().enumerate() {
                    let (row, column) = (index / columns, index % columns);
                    let sum =
                        (0..depth).fold(bias[column], |sum, k| sum + a[row * depth + k] * b[k * columns + column]);
                    assert_eq!(value.to_bits(), sum.to_bits(), "row {row}, column {column} of depth {depth}");
                }
            }
        }
    }

    #[test]
    fn a_layer_has_the_bits_of_running_sums() {
        let (inputs, outputs) = (21, 10);
        let weight: Vec<f32> = (0..inputs * outputs).map(|index| (index % 11) as f32 / 7.0 - 0.8).collect();
        let mut strips = Strips::default();
        strips.of_rows(&weight, inputs);
        let mut bias = vec![[0.0; TILE_ROWS]; outputs.div_ceil(TILE_ROWS)];
        (0..outputs).for_each(|output| bias[output / TILE_ROWS][output % TILE_ROWS] = output as f32 / 3.0);
        let input: Vec<[f32; LANES]> = (0..inputs).map(|index| [index as f32 / 10.0 - 1.0; LANES]).collect();
        let mut output = vec![[0.0; LANES]; outputs.next_multiple_of(TILE_ROWS)];
        run_layer(&strips, &bias, 0.0, &input, &mut output);
        for (index, lanes) in output[..outputs].iter().enumerate() {
            let sum = (0..inputs).fold(index as f32 / 3.0, |sum, k| sum + weight[index * inputs + k] * input[k][0]);
            assert_eq!(lanes.map(f32::to_bits), [sum.max(0.0).to_bits(); LANES], "output {index}");
        }
    }

    /// The step of Adam without weight decay, written out: no term of decay may change a bit.
    #[test]
    fn adam_has_the_bits_of_its_formula() {
        let mut parameter = Parameter::new((0..24).map(|index| index as f32 / 7.0 - 1.5).collect());
        let (mut w, mut m, mut v) = (parameter.values.clone(), [0.0_f32; 24], [0.0_f32; 24]);
        for steps in 1..50 {
            for (index, gradient) in parameter.gradient.iter_mut().enumerate() {
                *gradient = ((index * 13 + steps as usize * 7) % 17) as f32 / 5.0 - 1.6;
            }
            parameter.adam(1e-2, steps);
            let step_size = (f64::from(1e-2_f32) / (1.0 - f64::from(BETA_1).powi(steps))) as f32;
            let correction = (1.0 / (1.0 - f64::from(BETA_2).powi(steps)).sqrt()) as f32;
            for index in 0..24 {
                let g = parameter.gradient[index];
                m[index] = m[index] * BETA_1 + g * (1.0 - BETA_1);
                v[index] = v[index] * BETA_2 + g * g * (1.0 - BETA_2);
                w[index] -= step_size * m[index] / (v[index].sqrt() * correction + EPSILON);
            }
            let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&parameter.values), bits(&w), "step {steps}");
        }
    }
}
