//! Attention within short sequences, a head of a sample at a time: its numbers stay in the nearest cache.

use std::ops::Range;

use wide::f32x8;

use super::exponential::exp_of_negative;
use super::tile::WIDE;
use crate::attention::Sizes;

/// What every step gathers of the values into `result`, [samples, steps, width], by the share that every query takes of
/// every key: into `shares`, [samples, heads, steps, steps].
pub fn attend(sizes: Sizes, projected: &[f32], shares: &mut [f32], result: &mut [f32]) {
    let Sizes { steps, .. } = sizes;
    let mut row = vec![0.0; padded(steps)];
    let mut gathered = vec![0.0; padded(sizes.per_head())];
    for (head, shares) in heads(sizes).zip(shares.chunks_exact_mut(steps * steps)) {
        let keys = turned(sizes, |step| &projected[head.projected(step, Part::Keys)]);
        let values = packed(sizes, |step| &projected[head.projected(step, Part::Values)]);
        for (step, shares) in shares.chunks_exact_mut(steps).enumerate() {
            let query = &projected[head.projected(step, Part::Queries)];
            combine(&query.iter().map(|query| query * sizes.scale()), &keys, &mut row);
            softmax(&mut row, steps);
            shares.copy_from_slice(&row[..steps]);
            combine(&shares.iter().copied(), &values, &mut gathered);
            result[head.gathered(step)].copy_from_slice(&gathered[..sizes.per_head()]);
        }
    }
}

/// The gradient of queries, keys and values from that of what was gathered, into `result`, [samples, steps, 3 x width].
pub fn attention_gradient(sizes: Sizes, gradient: &[f32], projected: &[f32], shares: &[f32], result: &mut [f32]) {
    let Sizes { steps, .. } = sizes;
    let stride = padded(steps);
    let mut fits = vec![0.0; steps * stride];
    let mut sums = vec![0.0; padded(sizes.per_head())];
    for (head, shares) in heads(sizes).zip(shares.chunks_exact(steps * steps)) {
        let of = |part| move |step| &projected[head.projected(step, part)];
        let [queries, keys] = [Part::Queries, Part::Keys].map(|part| packed(sizes, of(part)));
        let values = turned(sizes, of(Part::Values));
        let gathered = packed(sizes, |step| &gradient[head.gathered(step)]);
        for (step, (fits, shares)) in fits.chunks_exact_mut(stride).zip(shares.chunks_exact(steps)).enumerate() {
            combine(&gradient[head.gathered(step)].iter().copied(), &values, fits);
            softmax_gradient(shares, sizes.scale(), fits);
        }
        for step in 0..steps {
            let of_queries = fits[step * stride..][..steps].iter().copied();
            let of_keys = fits[step..].iter().step_by(stride).copied();
            let of_values = shares[step..].iter().step_by(steps).copied();
            let mut put =
                |part, sums: &[f32]| result[head.projected(step, part)].copy_from_slice(&sums[..sizes.per_head()]);
            combine(&of_queries, &keys, &mut sums);
            put(Part::Queries, &sums);
            combine(&of_keys, &queries, &mut sums);
            put(Part::Keys, &sums);
            combine(&of_values, &gathered, &mut sums);
            put(Part::Values, &sums);
        }
    }
}

/// Queries, keys or values.
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

/// All heads, in the order of their shares.
fn heads(sizes: Sizes) -> impl Iterator<Item = Head> {
    (0..sizes.samples).flat_map(move |sample| (0..sizes.heads).map(move |index| Head { sizes, sample, index }))
}

impl Head {
    /// Its numbers of a step, of [samples, steps, width].
    const fn gathered(self, step: usize) -> Range<usize> {
        let Self { sizes, sample, index } = self;
        let start = (sample * sizes.steps + step) * sizes.width + index * sizes.per_head();
        start..start + sizes.per_head()
    }

    /// Its numbers of a step, of [samples, steps, 3 x width].
    const fn projected(self, step: usize, part: Part) -> Range<usize> {
        let Self { sizes, sample, index } = self;
        let part = (sample * sizes.steps + step) * 3 + part as usize;
        let start = part * sizes.width + index * sizes.per_head();
        start..start + sizes.per_head()
    }
}

/// A length in whole lanes.
const fn padded(length: usize) -> usize {
    length.next_multiple_of(WIDE)
}

/// A head's numbers of all steps, [steps, padded numbers].
fn packed<'a>(sizes: Sizes, of_step: impl Fn(usize) -> &'a [f32]) -> Vec<f32> {
    let mut packed = vec![0.0; sizes.steps * padded(sizes.per_head())];
    for (step, row) in packed.chunks_exact_mut(padded(sizes.per_head())).enumerate() {
        row[..sizes.per_head()].copy_from_slice(of_step(step));
    }
    packed
}

/// As [`packed`], turned over: [numbers, padded steps].
fn turned<'a>(sizes: Sizes, of_step: impl Fn(usize) -> &'a [f32]) -> Vec<f32> {
    let stride = padded(sizes.steps);
    let mut turned = vec![0.0; sizes.per_head() * stride];
    for step in 0..sizes.steps {
        let places = turned[step..].iter_mut().step_by(stride);
        places.zip(of_step(step)).for_each(|(place, value)| *place = *value);
    }
    turned
}

/// The sum of `rows`, each times its factor, into `sum`, which is whole lanes.
#[inline]
fn combine(factors: &(impl Iterator<Item = f32> + Clone), rows: &[f32], sum: &mut [f32]) {
    let (rows, (sum, _)) = (rows.as_chunks::<WIDE>().0, sum.as_chunks_mut::<WIDE>());
    let width = sum.len();
    for (column, sum) in sum.iter_mut().enumerate() {
        let column = rows[column..].iter().step_by(width);
        let products = factors.clone().zip(column).map(|(factor, row)| f32x8::splat(factor) * f32x8::from(*row));
        *sum = products.fold(f32x8::ZERO, |sum, product| sum + product).to_array();
    }
}

/// Shares of 1, from how well each of the first `count` fits; as good as 0 for what pads them.
fn softmax(row: &mut [f32], count: usize) {
    row[count..].fill(f32::MIN);
    let (row, _) = row.as_chunks_mut::<WIDE>();
    // What is not a number makes every share so, whichever is taken for the largest.
    let largest = row.iter().map(|lanes| f32x8::from(*lanes)).fold(f32x8::splat(f32::MIN), f32x8::fast_max);
    let largest = f32x8::splat(largest.to_array().into_iter().fold(f32::MIN, f32::max));
    let mut whole = f32x8::ZERO;
    for lanes in row.iter_mut() {
        let share = exp_of_negative(f32x8::from(*lanes) - largest);
        whole += share;
        *lanes = share.to_array();
    }
    let whole = f32x8::splat(whole.reduce_add().recip());
    for lanes in row {
        *lanes = (f32x8::from(*lanes) * whole).to_array();
    }
}

/// The gradient of queries times keys, in the place of that of the shares.
fn softmax_gradient(shares: &[f32], scale: f32, gradient: &mut [f32]) {
    let taken: f32 = shares.iter().zip(&*gradient).map(|(share, gradient)| share * gradient).sum();
    for (gradient, share) in gradient.iter_mut().zip(shares) {
        *gradient = share * (*gradient - taken) * scale;
    }
}
