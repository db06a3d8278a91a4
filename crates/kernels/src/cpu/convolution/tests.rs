//! Convolutions against their definition in 64 bits, for every stride, kernel and rest.

use proptest::prelude::*;

use super::Convolution;
use crate::cpu::tests::numbers;
use crate::cpu::{Activation, Finish, channel_sums};

/// Axes of kernel, stride, padding and coarse places, and how many fine places lie beyond the last window.
fn axis() -> impl Strategy<Value = [usize; 5]> {
    (1..5_usize, 1..4_usize, 0..3_usize, 1..7_usize, 0..3_usize)
        .prop_map(|(kernel, stride, padding, coarse, rest)| {
            [kernel, stride, padding.min(kernel), coarse, rest % stride]
        })
        .prop_filter("a map has places", |[kernel, stride, padding, coarse, rest]| {
            (coarse - 1) * stride + kernel + rest > 2 * padding
        })
}

fn convolution() -> impl Strategy<Value = Convolution> {
    (axis(), axis(), 1..4_usize, [1..12_usize, 1..12_usize]).prop_map(|(rows, columns, samples, [fine, coarse])| {
        let both = |index: usize| [rows[index], columns[index]];
        let ([kernel, stride, padding, places, rest], axes) = ([0, 1, 2, 3, 4].map(both), [0, 1]);
        let room = axes.map(|axis| (places[axis] - 1) * stride[axis] + kernel[axis] + rest[axis] - 2 * padding[axis]);
        let (fine, coarse) = ([fine, room[0], room[1]], [coarse, places[0], places[1]]);
        Convolution { samples, fine, coarse, kernel, stride, padding }
    })
}

/// Where the numbers of a product lie: fine place, weight, coarse place.
type Product = (usize, usize, usize);

/// Every product that the definition sums.
fn products(of: &Convolution) -> Vec<Product> {
    let ([fines, rows, columns], [coarses, coarse_rows, coarse_columns]) = (of.fine, of.coarse);
    let mut products = Vec::new();
    for (sample, coarse, fine) in triples(of.samples, coarses, fines) {
        for (row, column, (down, along)) in triples(coarse_rows, coarse_columns, of.area())
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
    fn each_way_is_its_definition(convolution in convolution(), seed: u32) {
        let count = |[channels, rows, columns]: [usize; 3]| convolution.samples * channels * rows * columns;
        let counts = [count(convolution.fine), convolution.coarse[0] * convolution.fine[0] * convolution.area(),
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
        convolution.up(&coarse, &weight, Finish::default(), &mut out[0]);
        convolution.weight_gradient(&fine, &coarse, &mut out[1]);
        convolution.down(&fine, &weight, Finish::default(), &mut out[2]);
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
fn the_finish_comes_once_and_after_all_channels() {
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
    convolution.down(&fine, &weight, Finish { bias: &bias, activation: Activation::Relu }, &mut coarse);
    assert_near(&coarse, &sums).expect("as defined");
}

/// A place that no window sees is its bias: 1x1 at stride 2 leaves out three of four.
#[test]
fn unseen_places_are_the_bias() {
    let convolution =
        Convolution { samples: 1, fine: [1, 4, 4], coarse: [1, 2, 2], kernel: [1; 2], stride: [2; 2], padding: [0; 2] };
    let mut fine = [f32::NAN; 16];
    convolution.up(&[1.0; 4], &[2.0], Finish { bias: &[0.5], activation: Activation::Linear }, &mut fine);
    for (index, value) in fine.into_iter().enumerate() {
        let expected = if index / 4 % 2 == 0 && index % 2 == 0 { 2.5 } else { 0.5 };
        assert!((value - expected).abs() < 1e-6, "{index}: {value}");
    }
}

/// A small denoiser: down with ELU, up with the logistic function. What its outputs sum to, each times its own factor,
/// and the gradient of that by kernels and biases.
struct Denoiser {
    convolution: Convolution,
    images: Vec<f32>,
    factors: Vec<f32>,
}

impl Denoiser {
    fn run(&self, [first, first_bias, second, second_bias]: &[Vec<f32>; 4]) -> (f64, [Vec<f32>; 4]) {
        let Self { convolution, images, factors } = self;
        let [[fines, rows, columns], [coarses, coarse_rows, coarse_columns]] = [convolution.fine, convolution.coarse];
        let mut code = vec![0.0; convolution.samples * coarses * coarse_rows * coarse_columns];
        convolution.down(images, first, Finish { bias: first_bias, activation: Activation::Elu }, &mut code);
        let mut out = vec![0.0; images.len()];
        convolution.up(&code, second, Finish { bias: second_bias, activation: Activation::Sigmoid }, &mut out);
        let sum = out.iter().zip(factors).map(|(&value, &factor)| f64::from(value) * f64::from(factor)).sum();

        let mut gradients = [first, first_bias, second, second_bias].map(|values| vec![0.0; values.len()]);
        let mut outer = vec![0.0; out.len()];
        Activation::Sigmoid.backward(factors, &out, &mut outer);
        convolution.weight_gradient(&outer, &code, &mut gradients[2]);
        channel_sums(&outer, rows * columns, &mut gradients[3]);
        let (mut inner, mut by_code) = (vec![0.0; code.len()], vec![0.0; code.len()]);
        convolution.down(&outer, second, Finish::default(), &mut by_code);
        Activation::Elu.backward(&by_code, &code, &mut inner);
        convolution.weight_gradient(images, &inner, &mut gradients[0]);
        channel_sums(&inner, coarse_rows * coarse_columns, &mut gradients[1]);
        assert_eq!(gradients[3].len(), fines);
        (sum, gradients)
    }
}

#[test]
fn gradients_are_what_the_sum_does_when_a_weight_moves() {
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
fn maps_that_are_summed_in_several_parts_are_whole() {
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
    convolution.up(&coarse, &weight, Finish::default(), &mut fine);
    assert_near(&fine, &sums).expect("as defined");
}
