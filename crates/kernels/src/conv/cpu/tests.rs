//! Convolutions of slices against their definition in 64 bits, for every stride, kernel and rest.

use proptest::prelude::*;

use crate::{
    Activation,
    conv::Convolution,
    cpu::{BiasActivation, channel_sums, tests::numbers},
};

/// Kernel, stride, padding and coarse positions along an axis, and the number of fine positions beyond the last patch.
fn axis() -> impl Strategy<Value = [usize; 5]> {
    (1..5_usize, 1..4_usize, 0..3_usize, 1..7_usize, 0..3_usize)
        .prop_map(|(kernel, stride, padding, coarse, rest)| {
            [kernel, stride, padding.min(kernel), coarse, rest % stride]
        })
        .prop_filter("a map has positions", |[kernel, stride, padding, coarse, rest]| {
            (coarse - 1) * stride + kernel + rest > 2 * padding
        })
}

fn convolution() -> impl Strategy<Value = Convolution> {
    (axis(), axis(), 1..4_usize, [1..12_usize, 1..12_usize]).prop_map(|(rows, columns, samples, [fine, coarse])| {
        let both = |index: usize| [rows[index], columns[index]];
        let ([kernel, stride, padding, positions, rest], axes) = ([0, 1, 2, 3, 4].map(both), [0, 1]);
        let room =
            axes.map(|axis| (positions[axis] - 1) * stride[axis] + kernel[axis] + rest[axis] - 2 * padding[axis]);
        let (fine, coarse) = ([fine, room[0], room[1]], [coarse, positions[0], positions[1]]);
        Convolution { samples, fine, coarse, kernel, stride, padding }
    })
}

/// Indices of a product's numbers: of the fine value, of the weight and of the coarse value.
type Product = (usize, usize, usize);

/// Every product that the definition sums.
fn products(of: &Convolution) -> Vec<Product> {
    let ([fines, rows, columns], [coarses, coarse_rows, coarse_columns]) = (of.fine, of.coarse);
    let mut products = Vec::new();
    for (sample, coarse, fine) in triples(of.samples, coarses, fines) {
        for (row, column, (down, along)) in triples(coarse_rows, coarse_columns, of.taps())
            .map(|(row, column, index)| (row, column, (index / of.kernel[1], index % of.kernel[1])))
        {
            let fine_row = (row * of.stride[0] + down).wrapping_sub(of.padding[0]);
            let fine_column = (column * of.stride[1] + along).wrapping_sub(of.padding[1]);
            if fine_row < rows && fine_column < columns {
                products.push((
                    ((sample * fines + fine) * rows + fine_row) * columns + fine_column,
                    ((coarse * fines + fine) * of.kernel[0] + down) * of.kernel[1] + along,
                    ((sample * coarses + coarse) * coarse_rows + row) * coarse_columns + column,
                ));
            }
        }
    }
    products
}

/// Indices of three nested loops.
fn triples(first: usize, second: usize, third: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    (0..first * second * third).map(move |index| (index / third / second, index / third % second, index % third))
}

fn assert_near(values: &[f32], expected: &[f64]) -> Result<(), TestCaseError> {
    for (index, (&value, expected)) in values.iter().zip(expected).enumerate() {
        prop_assert!((f64::from(value) - expected).abs() < 1e-4, "{index}: {value}, not {expected}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_direction_agrees_with_its_definition(convolution in convolution(), seed: u32) {
        let count = |[channels, rows, columns]: [usize; 3]| convolution.samples * channels * rows * columns;
        let counts = [count(convolution.fine), convolution.coarse[0] * convolution.fine[0] * convolution.taps(),
            count(convolution.coarse)];
        let [fine, weight, coarse] = [0, 1, 2].map(|index| numbers(seed ^ index as u32, counts[index]));
        let mut sums = counts.map(|count| vec![0.0; count]);
        for (a, w, b) in products(&convolution) {
            let [x, k, y] = [fine[a], weight[w], coarse[b]].map(f64::from);
            sums[0][a] += k * y;
            sums[1][w] += x * y;
            sums[2][b] += x * k;
        }
        let mut out = counts.map(|count| vec![f32::NAN; count]);
        convolution.up(&coarse, &weight, BiasActivation::default(), &mut out[0]);
        convolution.weight_gradient(&fine, &coarse, &mut out[1]);
        convolution.down(&fine, &weight, BiasActivation::default(), &mut out[2]);
        for (values, expected) in out.iter().zip(&sums) {
            assert_near(values, expected)?;
        }
    }
}

/// 3x3, stride 2, padding 1, enough channels for more than one part of the inner dimension.
fn deep() -> Convolution {
    Convolution { samples: 2, fine: [70, 8, 8], coarse: [66, 4, 4], kernel: [3; 2], stride: [2; 2], padding: [1; 2] }
}

#[test]
fn bias_and_activation_are_applied_once_after_all_channels() {
    let convolution = deep();
    let (fine, weight) = (numbers(1, 2 * 70 * 64), numbers(2, 66 * 70 * 9));
    let mut sums = vec![0.0; 2 * 66 * 16];
    for (a, w, b) in products(&convolution) {
        sums[b] += f64::from(fine[a]) * f64::from(weight[w]);
    }
    let bias = numbers(3, 66);
    for (index, sum) in sums.iter_mut().enumerate() {
        *sum = (*sum + f64::from(bias[index / 16 % 66])).max(0.0);
    }
    let mut coarse = vec![f32::NAN; sums.len()];
    convolution.down(&fine, &weight, BiasActivation { bias: &bias, activation: Activation::Relu }, &mut coarse);
    assert_near(&coarse, &sums).expect("as defined");
}

/// A position in no patch is its bias: 1x1 at stride 2 leaves out three of four.
#[test]
fn positions_in_no_patch_are_the_bias() {
    let convolution =
        Convolution { samples: 1, fine: [1, 4, 4], coarse: [1, 2, 2], kernel: [1; 2], stride: [2; 2], padding: [0; 2] };
    let mut fine = [f32::NAN; 16];
    convolution.up(&[1.0; 4], &[2.0], BiasActivation { bias: &[0.5], activation: Activation::Linear }, &mut fine);
    for (index, value) in fine.into_iter().enumerate() {
        let expected = if index / 4 % 2 == 0 && index % 2 == 0 { 2.5 } else { 0.5 };
        assert!((value - expected).abs() < 1e-6, "{index}: {value}");
    }
}

/// A small denoiser: down with ELU, up with the logistic function. Its loss is the sum of its outputs, each times its
/// own factor.
struct Denoiser {
    convolution: Convolution,
    images: Vec<f32>,
    factors: Vec<f32>,
}

impl Denoiser {
    /// The loss, and its gradients of kernels and biases.
    fn run(&self, [first, first_bias, second, second_bias]: &[Vec<f32>; 4]) -> (f64, [Vec<f32>; 4]) {
        let Self { convolution, images, factors } = self;
        let [[fines, rows, columns], [coarses, coarse_rows, coarse_columns]] = [convolution.fine, convolution.coarse];
        let mut code = vec![0.0; convolution.samples * coarses * coarse_rows * coarse_columns];
        convolution.down(images, first, BiasActivation { bias: first_bias, activation: Activation::Elu }, &mut code);
        let mut out = vec![0.0; images.len()];
        convolution.up(&code, second, BiasActivation { bias: second_bias, activation: Activation::Sigmoid }, &mut out);
        let sum = out.iter().zip(factors).map(|(&value, &factor)| f64::from(value) * f64::from(factor)).sum();

        let mut gradients = [first, first_bias, second, second_bias].map(|values| vec![0.0; values.len()]);
        let mut out_gradient = vec![0.0; out.len()];
        Activation::Sigmoid.backward(factors, &out, &mut out_gradient);
        convolution.weight_gradient(&out_gradient, &code, &mut gradients[2]);
        channel_sums(&out_gradient, rows * columns, &mut gradients[3]);
        let (mut dz, mut code_gradient) = (vec![0.0; code.len()], vec![0.0; code.len()]);
        convolution.down(&out_gradient, second, BiasActivation::default(), &mut code_gradient);
        Activation::Elu.backward(&code_gradient, &code, &mut dz);
        convolution.weight_gradient(images, &dz, &mut gradients[0]);
        channel_sums(&dz, coarse_rows * coarse_columns, &mut gradients[1]);
        assert_eq!(gradients[3].len(), fines);
        (sum, gradients)
    }
}

#[test]
fn gradients_are_those_of_finite_differences() {
    const NUDGE: f32 = 1e-2;
    let convolution =
        Convolution { samples: 3, fine: [2, 7, 6], coarse: [5, 4, 3], kernel: [3; 2], stride: [2; 2], padding: [1; 2] };
    let denoiser = Denoiser { convolution, images: numbers(1, 3 * 2 * 42), factors: numbers(2, 3 * 2 * 42) };
    let weights = [numbers(3, 5 * 2 * 9), numbers(4, 5), numbers(5, 5 * 2 * 9), numbers(6, 2)];
    let (_, gradients) = denoiser.run(&weights);
    for (tensor, gradient) in gradients.iter().enumerate() {
        for (index, &gradient) in gradient.iter().enumerate() {
            let nudged = |by| {
                let mut weights = weights.clone();
                weights[tensor][index] += by;
                denoiser.run(&weights).0
            };
            let slope = (nudged(NUDGE) - nudged(-NUDGE)) / f64::from(2.0 * NUDGE);
            assert!((slope - f64::from(gradient)).abs() < 2e-3, "tensor {tensor}, {index}: {slope}, {gradient}");
        }
    }
}

#[test]
fn maps_that_are_summed_in_several_parts_are_complete() {
    let convolution = Convolution {
        samples: 3,
        fine: [64, 30, 30],
        coarse: [2, 15, 15],
        kernel: [3; 2],
        stride: [2; 2],
        padding: [1; 2],
    };
    let (coarse, weight) = (numbers(1, 3 * 2 * 225), numbers(2, 2 * 64 * 9));
    let mut sums = vec![0.0; 3 * 64 * 900];
    for (a, w, b) in products(&convolution) {
        sums[a] += f64::from(coarse[b]) * f64::from(weight[w]);
    }
    let mut fine = vec![f32::NAN; sums.len()];
    convolution.up(&coarse, &weight, BiasActivation::default(), &mut fine);
    assert_near(&fine, &sums).expect("as defined");
}
