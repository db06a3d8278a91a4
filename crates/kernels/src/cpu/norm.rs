//! Layer normalisation, a row at a time.

use wide::f32x8;

use super::lanes::{load, store};
use super::tile::WIDE;

/// What comes of rows that are normalised.
pub struct Normalised<'a> {
    /// With gamma and beta, [rows, width].
    pub output: &'a mut [f32],
    /// Before them, [rows, width].
    pub normal: &'a mut [f32],
    /// One over each row's deviation.
    pub scales: &'a mut [f32],
}

/// The sums of two rows at a time, with a mean of 0 and a variance of 1, then times `gamma` plus `beta`.
pub fn normalise([input, added]: [&[f32]; 2], [gamma, beta]: [&[f32]; 2], epsilon: f32, result: Normalised) {
    let width = gamma.len();
    let rows = input.chunks_exact(width).zip(added.chunks_exact(width));
    let results = result.output.chunks_exact_mut(width).zip(result.normal.chunks_exact_mut(width)).zip(result.scales);
    for ((input, added), ((output, normal), scale)) in rows.zip(results) {
        let mut sum = f32x8::ZERO;
        for ((normal, input), added) in normal.chunks_mut(WIDE).zip(input.chunks(WIDE)).zip(added.chunks(WIDE)) {
            let lanes = load(input) + load(added);
            store(lanes, normal);
            sum += lanes;
        }
        let (mean, mut squares) = (f32x8::splat(sum.reduce_add() / width as f32), f32x8::ZERO);
        for normal in normal.chunks_mut(WIDE) {
            store(load(normal) - mean, normal);
            // Loaded again, lanes beyond the row's end are 0.
            let lanes = load(normal);
            squares += lanes * lanes;
        }
        *scale = (squares.reduce_add() / width as f32 + epsilon).sqrt().recip();
        let outputs = output.chunks_mut(WIDE).zip(gamma.chunks(WIDE)).zip(beta.chunks(WIDE));
        for (normal, ((output, gamma), beta)) in normal.chunks_mut(WIDE).zip(outputs) {
            let lanes = load(normal) * f32x8::splat(*scale);
            store(lanes, normal);
            store(lanes * load(gamma) + load(beta), output);
        }
    }
}

/// Gradients of the sums into `sum`, and of gamma and beta into two sums that are 0 before, from the gradient of the
/// output, the rows before gamma, and one over their deviations.
pub fn normalisation_gradients(
    [gradient, normal]: [&[f32]; 2],
    scales: &[f32],
    gamma: &[f32],
    sum: &mut [f32],
    [of_gamma, of_beta]: [&mut [f32]; 2],
) {
    let width = gamma.len();
    let rows = gradient.chunks_exact(width).zip(normal.chunks_exact(width)).zip(sum.chunks_exact_mut(width));
    for (((gradient, normal), sum), &scale) in rows.zip(scales) {
        let lanes = gradient.chunks(WIDE).zip(normal.chunks(WIDE)).zip(gamma.chunks(WIDE));
        let sums = of_gamma.chunks_mut(WIDE).zip(of_beta.chunks_mut(WIDE));
        let (mut along_mean, mut along_normal) = (f32x8::ZERO, f32x8::ZERO);
        for (((gradient, normal), gamma), (of_gamma, of_beta)) in lanes.clone().zip(sums) {
            let (gradient, normal) = (load(gradient), load(normal));
            store(load(of_gamma) + gradient * normal, of_gamma);
            store(load(of_beta) + gradient, of_beta);
            let before_gamma = gradient * load(gamma);
            along_mean += before_gamma;
            along_normal += before_gamma * normal;
        }
        let [along_mean, along_normal] =
            [along_mean, along_normal].map(|sum| f32x8::splat(sum.reduce_add() / width as f32));
        for (((gradient, normal), gamma), sum) in lanes.zip(sum.chunks_mut(WIDE)) {
            let moved = along_mean + load(normal) * along_normal;
            store((load(gradient) * load(gamma) - moved) * f32x8::splat(scale), sum);
        }
    }
}
