//! Products, sums and activations against their definitions in 64 bits, for any shape.

use pinhole_numerics::matmul::Matrix;
use proptest::prelude::*;

use super::{BiasActivation, channel_sums, column_sums, matmul};
use crate::Activation;

/// Numbers in -1 to 1, the same for the same seed.
pub(crate) fn numbers(seed: u32, count: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

/// The memory layout of a matrix.
#[derive(Clone, Copy, Debug)]
enum Layout {
    RowMajor,
    ColumnMajor,
    /// Every third number, with a gap between rows.
    Sparse,
}

fn layout() -> impl Strategy<Value = Layout> {
    prop_oneof![Just(Layout::RowMajor), Just(Layout::ColumnMajor), Just(Layout::Sparse)]
}

impl Layout {
    const fn strides(self, [rows, columns]: [usize; 2]) -> [usize; 2] {
        match self {
            Self::RowMajor => [columns, 1],
            Self::ColumnMajor => [1, rows],
            Self::Sparse => [3 * columns + 5, 3],
        }
    }

    fn numbers(self, seed: u32, shape: [usize; 2]) -> Vec<f32> {
        let [down, along] = self.strides(shape);
        numbers(seed, shape[0] * down + shape[1] * along)
    }
}

/// Lengths of each kind: single, ragged, whole tiles.
fn length() -> impl Strategy<Value = usize> {
    prop_oneof![1..10_usize, 10..40_usize, Just(64), Just(200)]
}

/// Lengths of the inner dimension, more than one part of it too.
fn depth() -> impl Strategy<Value = usize> {
    prop_oneof![0..10_usize, 10..80_usize, Just(512), 513..1100_usize]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_product_is_the_sum_of_products(
        rows in length(), columns in length(), depth in depth(), layouts in (layout(), layout()), seed: u32,
    ) {
        let (a, b) = (layouts.0.numbers(seed, [rows, depth]), layouts.1.numbers(seed ^ 1, [depth, columns]));
        let [lhs_strides, rhs_strides] = [layouts.0.strides([rows, depth]), layouts.1.strides([depth, columns])];
        let bias = numbers(seed ^ 2, columns);
        let mut out = vec![f32::NAN; rows * columns];
        matmul(
            Matrix::strided(&a, [rows, depth], lhs_strides),
            Matrix::strided(&b, [depth, columns], rhs_strides),
            BiasActivation { bias: &bias, activation: Activation::LeakyRelu },
            &mut out,
        );
        for (index, &value) in out.iter().enumerate() {
            let (row, column) = (index / columns, index % columns);
            let sum: f64 = (0..depth)
                .map(|step| {
                    let lhs = a[row * lhs_strides[0] + step * lhs_strides[1]];
                    f64::from(lhs) * f64::from(b[step * rhs_strides[0] + column * rhs_strides[1]])
                })
                .sum();
            let sum = sum + f64::from(bias[column]);
            let expected = if sum > 0.0 { sum } else { sum * 0.01 };
            let error = (f64::from(value) - expected).abs();
            prop_assert!(error < 1e-6 * (depth as f64 + 4.0), "row {row}, column {column}: {value}, not {expected}");
        }
    }

    #[test]
    fn column_sums_are_sums_of_columns(rows in 0..30_usize, columns in 1..30_usize, seed: u32) {
        let values = numbers(seed, rows * columns);
        let mut sums = vec![f32::NAN; columns];
        column_sums(&values, &mut sums);
        for (column, &sum) in sums.iter().enumerate() {
            let expected: f64 = values.iter().skip(column).step_by(columns).map(|&value| f64::from(value)).sum();
            prop_assert!((f64::from(sum) - expected).abs() < 1e-5, "{column}: {sum}, not {expected}");
        }
    }

    #[test]
    fn channel_sums_are_sums_of_channels(
        samples in 0..5_usize, channels in 1..6_usize, area in 1..30_usize, seed: u32,
    ) {
        let maps = numbers(seed, samples * channels * area);
        let mut sums = vec![f32::NAN; channels];
        channel_sums(&maps, area, &mut sums);
        for (channel, &sum) in sums.iter().enumerate() {
            let maps = maps.chunks_exact(area).skip(channel).step_by(channels);
            let expected: f64 = maps.flatten().map(|&value| f64::from(value)).sum();
            prop_assert!((f64::from(sum) - expected).abs() < 1e-5, "{channel}: {sum}, not {expected}");
        }
    }
}

#[test]
fn many_rows_are_multiplied_in_several_blocks() {
    let (rows, depth, columns) = (2_500, 300, 3);
    let (a, b) = (numbers(1, rows * depth), numbers(2, depth * columns));
    let mut out = vec![0.0; rows * columns];
    matmul(Matrix::new(&a, [rows, depth]), Matrix::new(&b, [depth, columns]), BiasActivation::default(), &mut out);
    for row in [0, 1_000, rows - 1] {
        let sum: f32 = (0..depth).map(|step| a[row * depth + step] * b[step * columns]).sum();
        assert!((out[row * columns] - sum).abs() < 1e-4, "row {row}");
    }
}

/// NaN stays NaN through every activation: training must not hide it.
#[test]
fn nan_and_infinity_are_not_hidden() {
    for activation in Activation::ALL {
        // Infinity times 0 is NaN too.
        for bad in [f32::NAN, f32::INFINITY] {
            let mut a = [1.0; 5 * 6];
            a[2 * 6 + 3] = bad;
            let mut out = [0.0; 5 * 9];
            let epilogue = BiasActivation { bias: &[], activation };
            matmul(Matrix::new(&a, [5, 6]), Matrix::new(&[0.0; 6 * 9], [6, 9]), epilogue, &mut out);
            for (row, values) in out.chunks_exact(9).enumerate() {
                assert!(values.iter().all(|value| value.is_nan() == (row == 2)), "{activation:?}, {bad}: {values:?}");
            }
        }
        let mut gradient = [0.0; 3];
        activation.backward(&[f32::NAN, 1.0, 1.0], &[0.5, 0.5, 0.5], &mut gradient);
        assert!(gradient[0].is_nan() && gradient[1].is_finite(), "{activation:?}: {gradient:?}");
    }
}

fn activated(activation: Activation, z: &[f32]) -> Vec<f32> {
    let mut out = vec![0.0; z.len()];
    matmul(
        Matrix::new(z, [z.len(), 1]),
        Matrix::new(&[1.0], [1, 1]),
        BiasActivation { bias: &[], activation },
        &mut out,
    );
    out
}

#[test]
fn activations_are_their_formulas() {
    let inputs: Vec<f32> = (-2000..=2000).map(|index| index as f32 / 20.0).chain([1e-6, -1e-6, 1e30, -1e30]).collect();
    for activation in Activation::ALL {
        for (&z, value) in inputs.iter().zip(activated(activation, &inputs)) {
            let x = f64::from(z);
            let expected = match activation {
                Activation::Linear => x,
                Activation::Relu => x.max(0.0),
                Activation::LeakyRelu => x.max(0.01 * x),
                Activation::Elu => x.max(x.min(0.0).exp_m1()),
                Activation::Tanh => x.tanh(),
                Activation::Sigmoid => 1.0 / (1.0 + (-x).exp()),
            };
            let error = (f64::from(value) - expected).abs() / expected.abs().max(1e-30);
            assert!(error < 1e-6, "{activation:?} of {z}: {value}, not {expected}");
        }
    }
}

#[test]
fn gradients_of_activations_are_those_of_finite_differences() {
    const NUDGE: f32 = 1e-2;
    let inputs: Vec<f32> = (-30..30).map(|index| index as f32 / 10.0 + 0.05).collect();
    for activation in Activation::ALL {
        let nudged = |by: f32| activated(activation, &inputs.iter().map(|z| z + by).collect::<Vec<_>>());
        let dy = numbers(7, inputs.len());
        let mut dz = vec![0.0; inputs.len()];
        activation.backward(&dy, &activated(activation, &inputs), &mut dz);
        for (index, (up, down)) in nudged(NUDGE).into_iter().zip(nudged(-NUDGE)).enumerate() {
            let slope = dy[index] * (up - down) / (2.0 * NUDGE);
            assert!((slope - dz[index]).abs() < 1e-4, "{activation:?} at {}: {slope}, {}", inputs[index], dz[index]);
        }
    }
}
