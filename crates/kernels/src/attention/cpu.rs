//! Attention on the CPU, one head of a sample at a time: its numbers stay in the nearest cache.

use std::ops::Range;

use burn_flex::{Flex, FlexTensor};
use pinhole_numerics::lanes::LANES;
use wide::f32x8;

use super::{AttentionGradients, AttentionOps, Sizes};
use crate::cpu::{Contiguous, contiguous, exp_of_negative};

impl AttentionOps for Flex {
    fn attend(qkv: FlexTensor, heads: usize) -> FlexTensor {
        Self::attend_and_save(qkv, heads).0
    }
}

impl AttentionGradients for Flex {
    fn attend_and_save(qkv: FlexTensor, heads: usize) -> (FlexTensor, FlexTensor) {
        let sizes = Sizes::new(qkv.layout().shape().dims(), heads);
        let qkv = contiguous(qkv);
        let mut weights = vec![0.0; sizes.weights_shape().iter().product()];
        let output =
            Contiguous::filled(sizes.output_shape(), |output| attend(sizes, qkv.values(), &mut weights, output));
        (output, Contiguous::from_values(sizes.weights_shape(), weights))
    }

    fn attention_gradient(gradient: FlexTensor, qkv: FlexTensor, weights: FlexTensor) -> FlexTensor {
        let [_, heads, _, _] = weights.layout().shape().dims();
        let sizes = Sizes::new(qkv.layout().shape().dims(), heads);
        let [doutput, qkv, weights] = [gradient, qkv, weights].map(contiguous);
        Contiguous::filled(sizes.qkv_shape(), |dqkv| {
            attention_gradient(sizes, doutput.values(), qkv.values(), weights.values(), dqkv);
        })
    }
}

/// Writes the output, [samples, steps, width], and the attention weights, [samples, heads, steps, steps].
fn attend(sizes: Sizes, qkv: &[f32], weights: &mut [f32], output: &mut [f32]) {
    let Sizes { steps, .. } = sizes;
    let mut scores = vec![0.0; padded(steps)];
    let mut output_row = vec![0.0; padded(sizes.head_size())];
    for (head, weights) in heads(sizes).zip(weights.chunks_exact_mut(steps * steps)) {
        let k = transposed(sizes, |step| &qkv[head.qkv(step, Part::Keys)]);
        let v = packed(sizes, |step| &qkv[head.qkv(step, Part::Values)]);
        for (step, weights) in weights.chunks_exact_mut(steps).enumerate() {
            let q = &qkv[head.qkv(step, Part::Queries)];
            weighted_sum(&q.iter().map(|q| q * sizes.scale()), &k, &mut scores);
            softmax(&mut scores, steps);
            weights.copy_from_slice(&scores[..steps]);
            weighted_sum(&weights.iter().copied(), &v, &mut output_row);
            output[head.output(step)].copy_from_slice(&output_row[..sizes.head_size()]);
        }
    }
}

/// Writes the gradient of queries, keys and values, [samples, steps, 3 x width], from that of the output.
fn attention_gradient(sizes: Sizes, doutput: &[f32], qkv: &[f32], weights: &[f32], dqkv: &mut [f32]) {
    let Sizes { steps, .. } = sizes;
    let stride = padded(steps);
    let mut dscores = vec![0.0; steps * stride];
    let mut sums = vec![0.0; padded(sizes.head_size())];
    for (head, weights) in heads(sizes).zip(weights.chunks_exact(steps * steps)) {
        let of = |part| move |step| &qkv[head.qkv(step, part)];
        let [q, k] = [Part::Queries, Part::Keys].map(|part| packed(sizes, of(part)));
        let v = transposed(sizes, of(Part::Values));
        let head_doutput = packed(sizes, |step| &doutput[head.output(step)]);
        for (step, (dscores, weights)) in dscores.chunks_exact_mut(stride).zip(weights.chunks_exact(steps)).enumerate()
        {
            weighted_sum(&doutput[head.output(step)].iter().copied(), &v, dscores);
            softmax_gradient(weights, sizes.scale(), dscores);
        }
        for step in 0..steps {
            let dscores_row = dscores[step * stride..][..steps].iter().copied();
            let dscores_column = dscores[step..].iter().step_by(stride).copied();
            let weights_column = weights[step..].iter().step_by(steps).copied();
            let mut store = |part, sums: &[f32]| dqkv[head.qkv(step, part)].copy_from_slice(&sums[..sizes.head_size()]);
            weighted_sum(&dscores_row, &k, &mut sums);
            store(Part::Queries, &sums);
            weighted_sum(&dscores_column, &q, &mut sums);
            store(Part::Keys, &sums);
            weighted_sum(&weights_column, &head_doutput, &mut sums);
            store(Part::Values, &sums);
        }
    }
}

/// Queries, keys or values of `qkv`.
#[derive(Clone, Copy)]
enum Part {
    Queries,
    Keys,
    Values,
}

/// A head of a sample.
#[derive(Clone, Copy)]
struct Head {
    sizes: Sizes,
    sample: usize,
    index: usize,
}

/// All heads, in the order of their weights.
fn heads(sizes: Sizes) -> impl Iterator<Item = Head> {
    (0..sizes.samples).flat_map(move |sample| (0..sizes.heads).map(move |index| Head { sizes, sample, index }))
}

impl Head {
    /// Range of a step in [samples, steps, width].
    const fn output(self, step: usize) -> Range<usize> {
        let Self { sizes, sample, index } = self;
        let start = (sample * sizes.steps + step) * sizes.width + index * sizes.head_size();
        start..start + sizes.head_size()
    }

    /// Range of a part of a step in [samples, steps, 3 x width].
    const fn qkv(self, step: usize, part: Part) -> Range<usize> {
        let Self { sizes, sample, index } = self;
        let part = (sample * sizes.steps + step) * 3 + part as usize;
        let start = part * sizes.width + index * sizes.head_size();
        start..start + sizes.head_size()
    }
}

/// The length, rounded up to whole vectors.
const fn padded(length: usize) -> usize {
    length.next_multiple_of(LANES)
}

/// A head's values of all steps, [steps, padded head size].
fn packed<'a>(sizes: Sizes, of_step: impl Fn(usize) -> &'a [f32]) -> Vec<f32> {
    let mut packed = vec![0.0; sizes.steps * padded(sizes.head_size())];
    for (step, row) in packed.chunks_exact_mut(padded(sizes.head_size())).enumerate() {
        row[..sizes.head_size()].copy_from_slice(of_step(step));
    }
    packed
}

/// As [`packed`], transposed: [head size, padded steps].
fn transposed<'a>(sizes: Sizes, of_step: impl Fn(usize) -> &'a [f32]) -> Vec<f32> {
    let stride = padded(sizes.steps);
    let mut transposed = vec![0.0; sizes.head_size() * stride];
    for step in 0..sizes.steps {
        let column = transposed[step..].iter_mut().step_by(stride);
        column.zip(of_step(step)).for_each(|(entry, value)| *entry = *value);
    }
    transposed
}

/// Writes the sum of `rows`, each times its factor, into `sum`; both are whole vectors.
#[inline]
fn weighted_sum(factors: &(impl Iterator<Item = f32> + Clone), rows: &[f32], sum: &mut [f32]) {
    let (rows, (sum, _)) = (rows.as_chunks::<LANES>().0, sum.as_chunks_mut::<LANES>());
    let width = sum.len();
    for (column, sum) in sum.iter_mut().enumerate() {
        let column = rows[column..].iter().step_by(width);
        let products = factors.clone().zip(column).map(|(factor, row)| f32x8::splat(factor) * f32x8::from(*row));
        *sum = products.fold(f32x8::ZERO, |sum, product| sum + product).to_array();
    }
}

/// Replaces the first `count` scores of a row by their softmax, and the padding by almost 0.
fn softmax(row: &mut [f32], count: usize) {
    row[count..].fill(f32::MIN);
    let (row, _) = row.as_chunks_mut::<LANES>();
    // A NaN makes every weight NaN, whichever score is taken for the largest.
    let largest = row.iter().map(|lanes| f32x8::from(*lanes)).fold(f32x8::splat(f32::MIN), f32x8::fast_max);
    let largest = f32x8::splat(largest.to_array().into_iter().fold(f32::MIN, f32::max));
    let mut sum = f32x8::ZERO;
    for lanes in row.iter_mut() {
        let weights = exp_of_negative(f32x8::from(*lanes) - largest);
        sum += weights;
        *lanes = weights.to_array();
    }
    let inverse_sum = f32x8::splat(sum.reduce_add().recip());
    for lanes in row {
        *lanes = (f32x8::from(*lanes) * inverse_sum).to_array();
    }
}

/// Replaces the gradient of a row of weights by that of `Q K^T`, which is the gradient of the scores times their scale.
fn softmax_gradient(weights: &[f32], scale: f32, gradient: &mut [f32]) {
    let weighted_sum: f32 = weights.iter().zip(&*gradient).map(|(weight, gradient)| weight * gradient).sum();
    for (gradient, weight) in gradient.iter_mut().zip(weights) {
        *gradient = weight * (*gradient - weighted_sum) * scale;
    }
}
