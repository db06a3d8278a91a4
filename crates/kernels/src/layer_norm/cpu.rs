//! Layer normalisation on the CPU: a pass over each row, forward and backward.

use burn_flex::{Flex, FlexTensor};
use pinhole_numerics::lanes::{LANES, load, store};
use wide::f32x8;

use super::{EPSILON, LayerNormGradients, LayerNormOps};
use crate::cpu::{Contiguous, contiguous};

impl LayerNormOps for Flex {
    fn add_and_normalise(input: FlexTensor, residual: FlexTensor, gamma: FlexTensor, beta: FlexTensor) -> FlexTensor {
        Self::normalise_and_save(input, residual, gamma, beta).0
    }
}

impl LayerNormGradients for Flex {
    fn normalise_and_save(
        input: FlexTensor,
        residual: FlexTensor,
        gamma: FlexTensor,
        beta: FlexTensor,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let [rows, width] = input.layout().shape().dims();
        let [input, residual, gamma, beta] = [input, residual, gamma, beta].map(contiguous);
        let (mut normalised, mut inverse_std) = (vec![0.0; rows * width], vec![0.0; rows]);
        let output = Contiguous::filled([rows, width], |output| {
            let result = ForwardResults { output, normalised: &mut normalised, inverse_std: &mut inverse_std };
            normalise([input.values(), residual.values()], [gamma.values(), beta.values()], result);
        });
        let normalised = Contiguous::from_values([rows, width], normalised);
        (output, normalised, Contiguous::from_values([rows], inverse_std))
    }

    fn layer_norm_gradients(
        gradient: FlexTensor,
        gamma: FlexTensor,
        normalised: FlexTensor,
        inverse_std: FlexTensor,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let [rows, width] = normalised.layout().shape().dims();
        let [gradient, gamma, normalised, inverse_std] = [gradient, gamma, normalised, inverse_std].map(contiguous);
        let (mut dgamma, mut dbeta) = (vec![0.0; width], vec![0.0; width]);
        let dx = Contiguous::filled([rows, width], |dx| {
            let rows = [gradient.values(), normalised.values()];
            layer_norm_gradients(rows, inverse_std.values(), gamma.values(), dx, [&mut dgamma, &mut dbeta]);
        });
        (dx, Contiguous::from_values([width], dgamma), Contiguous::from_values([width], dbeta))
    }
}

/// The results of the forward pass.
struct ForwardResults<'a> {
    /// y, [rows, width].
    pub output: &'a mut [f32],
    /// x^, [rows, width].
    pub normalised: &'a mut [f32],
    /// One over each row's standard deviation, `[rows]`.
    pub inverse_std: &'a mut [f32],
}

/// Writes the sums of two rows at a time, normalised to mean 0 and variance 1, then times `gamma` plus `beta`.
fn normalise([input, residual]: [&[f32]; 2], [gamma, beta]: [&[f32]; 2], result: ForwardResults) {
    let width = gamma.len();
    let rows = input.chunks_exact(width).zip(residual.chunks_exact(width));
    let results =
        result.output.chunks_exact_mut(width).zip(result.normalised.chunks_exact_mut(width)).zip(result.inverse_std);
    for ((input, residual), ((output, normalised), inverse_std)) in rows.zip(results) {
        let mut sum = f32x8::ZERO;
        for ((x, input), residual) in normalised.chunks_mut(LANES).zip(input.chunks(LANES)).zip(residual.chunks(LANES))
        {
            let lanes = load(input) + load(residual);
            store(lanes, x);
            sum += lanes;
        }
        let (mean, mut squares) = (f32x8::splat(sum.reduce_add() / width as f32), f32x8::ZERO);
        for x in normalised.chunks_mut(LANES) {
            store(load(x) - mean, x);
            // Loaded again, lanes beyond the row's end are 0.
            let lanes = load(x);
            squares += lanes * lanes;
        }
        let variance = squares.reduce_add() / width as f32;
        *inverse_std = (variance + EPSILON).sqrt().recip();
        let outputs = output.chunks_mut(LANES).zip(gamma.chunks(LANES)).zip(beta.chunks(LANES));
        for (x, ((output, gamma), beta)) in normalised.chunks_mut(LANES).zip(outputs) {
            let lanes = load(x) * f32x8::splat(*inverse_std);
            store(lanes, x);
            store(lanes * load(gamma) + load(beta), output);
        }
    }
}

/// Writes the gradient dx into `dx`, and adds those of gamma and beta to `dgamma` and `dbeta`, from the gradient dy of
/// the output, the normalised rows x^, and one over their standard deviations.
fn layer_norm_gradients(
    [dy, normalised]: [&[f32]; 2],
    inverse_std: &[f32],
    gamma: &[f32],
    dx: &mut [f32],
    [dgamma, dbeta]: [&mut [f32]; 2],
) {
    let width = gamma.len();
    let rows = dy.chunks_exact(width).zip(normalised.chunks_exact(width)).zip(dx.chunks_exact_mut(width));
    for (((dy, normalised), dx), &inverse_std) in rows.zip(inverse_std) {
        let lanes = dy.chunks(LANES).zip(normalised.chunks(LANES)).zip(gamma.chunks(LANES));
        let sums = dgamma.chunks_mut(LANES).zip(dbeta.chunks_mut(LANES));
        let (mut mean, mut projection) = (f32x8::ZERO, f32x8::ZERO);
        for (((dy, normalised), gamma), (dgamma, dbeta)) in lanes.clone().zip(sums) {
            let (dy, normalised) = (load(dy), load(normalised));
            store(load(dgamma) + dy * normalised, dgamma);
            store(load(dbeta) + dy, dbeta);
            let d_normalised = dy * load(gamma);
            mean += d_normalised;
            projection += d_normalised * normalised;
        }
        let [mean, projection] = [mean, projection].map(|sum| f32x8::splat(sum.reduce_add() / width as f32));
        for (((dy, normalised), gamma), dx) in lanes.zip(dx.chunks_mut(LANES)) {
            let correction = mean + load(normalised) * projection;
            store((load(dy) * load(gamma) - correction) * f32x8::splat(inverse_std), dx);
        }
    }
}
