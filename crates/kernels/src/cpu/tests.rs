//! Products against their definition in 64 bits, whatever the shape.

use proptest::prelude::*;

use super::{Activation, Finish, Matrix, adam_step, channel_sums, column_sums, product};
use crate::adam::{Step, WeightDecay};

/// Numbers in -1 to 1, the same for the same seed.
pub(super) fn numbers(seed: u32, count: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

/// How a matrix lies in memory.
#[derive(Clone, Copy, Debug)]
enum Lay {
    RowMajor,
    ColumnMajor,
    /// Every third number, with a gap between rows.
    Sparse,
}

fn lay() -> impl Strategy<Value = Lay> {
    prop_oneof![Just(Lay::RowMajor), Just(Lay::ColumnMajor), Just(Lay::Sparse)]
}

impl Lay {
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

/// Some lengths of each kind: single, ragged, whole tiles, more than one part of the inner dimension.
fn length() -> impl Strategy<Value = usize> {
    prop_oneof![1..10_usize, 10..40_usize, Just(64), Just(200)]
}

fn depth() -> impl Strategy<Value = usize> {
    prop_oneof![0..10_usize, 10..80_usize, Just(512), 513..1100_usize]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_product_is_the_sum_of_products(
        rows in length(), columns in length(), depth in depth(), lays in (lay(), lay()), seed: u32,
    ) {
        let (a, b) = (lays.0.numbers(seed, [rows, depth]), lays.1.numbers(seed ^ 1, [depth, columns]));
        let [left_strides, right_strides] = [lays.0.strides([rows, depth]), lays.1.strides([depth, columns])];
        let bias = numbers(seed ^ 2, columns);
        let mut out = vec![f32::NAN; rows * columns];
        product(
            Matrix::strided(&a, [rows, depth], left_strides),
            Matrix::strided(&b, [depth, columns], right_strides),
            Finish { bias: &bias, activation: Activation::LeakyRelu },
            &mut out,
        );
        for (index, &value) in out.iter().enumerate() {
            let (row, column) = (index / columns, index % columns);
            let sum: f64 = (0..depth)
                .map(|step| {
                    let left = a[row * left_strides[0] + step * left_strides[1]];
                    f64::from(left) * f64::from(b[step * right_strides[0] + column * right_strides[1]])
                })
                .sum();
            let sum = sum + f64::from(bias[column]);
            let expected = if sum > 0.0 { sum } else { sum * 0.01 };
            let error = (f64::from(value) - expected).abs();
            prop_assert!(error < 1e-6 * (depth as f64 + 4.0), "row {row}, column {column}: {value}, not {expected}");
        }
    }

    #[test]
    fn adam_is_the_formula_of_the_paper(count in 1..40_usize, step in 1..2000_i32, seed: u32, kind in 0..2) {
        let weight_decay = [WeightDecay::InGradient(0.1), WeightDecay::Decoupled(0.1)][kind as usize];
        let scalars =
            Step { learning_rate: 1e-2, count: step as usize, betas: [0.9, 0.999], epsilon: 1e-8, weight_decay }.values();
        let (before, gradient) = (numbers(seed, count), numbers(seed ^ 1, count));
        let mean = numbers(seed ^ 2, count);
        let variance: Vec<f32> = numbers(seed ^ 3, count).into_iter().map(f32::abs).collect();
        let (mut after, mut new_mean, mut new_variance) = (before.clone(), mean.clone(), variance.clone());
        adam_step(scalars, &mut after, &gradient, &mut new_mean, &mut new_variance);
        for index in 0..count {
            let [weight, gradient, mean, variance] =
                [&before, &gradient, &mean, &variance].map(|values| f64::from(values[index]));
            let (gradient, weight) = match weight_decay {
                WeightDecay::InGradient(share) => (gradient + share * weight, weight),
                WeightDecay::Decoupled(share) => (gradient, weight * (1.0 - 1e-2 * share)),
            };
            let mean = 0.9 * mean + 0.1 * gradient;
            let variance = 0.999 * variance + 0.001 * gradient * gradient;
            let corrected = [mean / (1.0 - 0.9_f64.powi(step)), variance / (1.0 - 0.999_f64.powi(step))];
            let expected = weight - 1e-2 * corrected[0] / (corrected[1].sqrt() + 1e-8);
            for (got, expected) in [(after[index], expected), (new_mean[index], mean), (new_variance[index], variance)] {
                let error = (f64::from(got) - expected).abs() / expected.abs().max(1.0);
                prop_assert!(error < 1e-5, "{index}: {got}, not {expected}");
            }
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
    fn channel_sums_are_sums_of_channels(samples in 0..5_usize, channels in 1..6_usize, area in 1..30_usize, seed: u32) {
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
fn many_rows_go_in_several_blocks() {
    let (rows, depth, columns) = (2_500, 300, 3);
    let (a, b) = (numbers(1, rows * depth), numbers(2, depth * columns));
    let mut out = vec![0.0; rows * columns];
    product(Matrix::new(&a, [rows, depth]), Matrix::new(&b, [depth, columns]), Finish::default(), &mut out);
    for row in [0, 1_000, rows - 1] {
        let sum: f32 = (0..depth).map(|step| a[row * depth + step] * b[step * columns]).sum();
        assert!((out[row * columns] - sum).abs() < 1e-4, "row {row}");
    }
}

/// The values that training must not hide: what is not a number stays so, through every activation.
#[test]
fn what_is_no_number_is_seen() {
    for activation in Activation::ALL {
        // Infinity times 0 is no number either.
        for bad in [f32::NAN, f32::INFINITY] {
            let mut a = [1.0; 5 * 6];
            a[2 * 6 + 3] = bad;
            let mut out = [0.0; 5 * 9];
            let finish = Finish { bias: &[], activation };
            product(Matrix::new(&a, [5, 6]), Matrix::new(&[0.0; 6 * 9], [6, 9]), finish, &mut out);
            for (row, values) in out.chunks_exact(9).enumerate() {
                assert!(values.iter().all(|value| value.is_nan() == (row == 2)), "{activation:?}, {bad}: {values:?}");
            }
        }
        let mut gradient = [0.0; 3];
        activation.backward(&[f32::NAN, 1.0, 1.0], &[0.5, 0.5, 0.5], &mut gradient);
        assert!(gradient[0].is_nan() && gradient[1].is_finite(), "{activation:?}: {gradient:?}");
    }
}

fn activated(activation: Activation, sums: &[f32]) -> Vec<f32> {
    let mut out = vec![0.0; sums.len()];
    product(
        Matrix::new(sums, [sums.len(), 1]),
        Matrix::new(&[1.0], [1, 1]),
        Finish { bias: &[], activation },
        &mut out,
    );
    out
}

#[test]
fn activations_are_their_formulas() {
    let sums: Vec<f32> = (-2000..=2000).map(|index| index as f32 / 20.0).chain([1e-6, -1e-6, 1e30, -1e30]).collect();
    for activation in Activation::ALL {
        for (&sum, value) in sums.iter().zip(activated(activation, &sums)) {
            let x = f64::from(sum);
            let expected = match activation {
                Activation::Linear => x,
                Activation::Relu => x.max(0.0),
                Activation::LeakyRelu => x.max(0.01 * x),
                Activation::Elu => x.max(x.min(0.0).exp_m1()),
                Activation::Tanh => x.tanh(),
                Activation::Sigmoid => 1.0 / (1.0 + (-x).exp()),
            };
            let error = (f64::from(value) - expected).abs() / expected.abs().max(1e-30);
            assert!(error < 1e-6, "{activation:?} of {sum}: {value}, not {expected}");
        }
    }
}

#[test]
fn slopes_are_what_the_activation_does_when_its_input_moves() {
    const NUDGE: f32 = 1e-2;
    let sums: Vec<f32> = (-30..30).map(|index| index as f32 / 10.0 + 0.05).collect();
    for activation in Activation::ALL {
        let nudged = |by: f32| activated(activation, &sums.iter().map(|sum| sum + by).collect::<Vec<_>>());
        let outer = numbers(7, sums.len());
        let mut inner = vec![0.0; sums.len()];
        activation.backward(&outer, &activated(activation, &sums), &mut inner);
        for (index, (up, down)) in nudged(NUDGE).into_iter().zip(nudged(-NUDGE)).enumerate() {
            let slope = outer[index] * (up - down) / (2.0 * NUDGE);
            assert!(
                (slope - inner[index]).abs() < 1e-4,
                "{activation:?} at {}: {slope}, {}",
                sums[index],
                inner[index]
            );
        }
    }
}
