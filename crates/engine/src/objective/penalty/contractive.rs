//! Contraction: the code shall hardly move when the input does.
//!
//! Rifai, Vincent, Muller, Glorot and Bengio, "Contractive Auto-Encoders: Explicit Invariance During Feature Extraction",
//! ICML 2011. For deeper encoders the norm is estimated along random directions, after Hutchinson, "A Stochastic
//! Estimator of the Trace of the Influence Matrix", Communications in Statistics 1990.

use std::f32::consts::{FRAC_1_SQRT_2, TAU};

use burn::tensor::{Tensor, activation};
use pinhole_protocol::{Activation, LayerKind, Normalisation};

use crate::network::{Autoencoder, Chance, Layer, Mode};

/// Length of the step along a direction. The estimate is off by its square times the curvature; a step ten times as small
/// would drown in the rounding of 32-bit floats.
const STEP: f32 = 1e-2;

/// How much the code of `network` moves with its input: exactly where a single dense layer makes it, else estimated. In
/// inference the directions are the same for every batch, so that validation losses compare.
pub(super) fn contractive(network: &Autoencoder, input: Tensor<2>, mode: &mut Mode) -> Tensor<1> {
    if let Some((layer, weight)) = single_dense_layer(network) {
        return contraction(layer.weigh(input, None), weight, layer.plan().activation);
    }
    let directions = match mode {
        Mode::Training(chance) => chance.normal(input.dims(), &input.device()),
        Mode::Inference => Chance::of_step(0, 0).normal(input.dims(), &input.device()),
    };
    contraction_estimate(|input| network.encode(input), input, directions)
}

/// The layer that makes the code, and its weight [inputs, units], if it is dense and there is nothing else.
fn single_dense_layer(network: &Autoencoder) -> Option<(&Layer, Tensor<2>)> {
    let mut layers = network.encoder().layers().iter().chain(network.bottleneck().layers());
    let (Some(layer), None) = (layers.next(), layers.next()) else { return None };
    let weight = layer.dense_weight()?;
    let is_plain = layer.plan().kind == LayerKind::Dense && layer.plan().normalisation == Normalisation::None;
    (is_plain && network.bottleneck().passes_all()).then_some((layer, weight))
}

/// The squared Frobenius norm of the Jacobian of one dense layer, exactly: the mean over samples of
/// `Σ act'(z)² |w|²`, with `w` the weights of a unit.
///
/// `weighed` [samples, units] is `z`, the layer's output before its activation; `weight` is [inputs, units].
pub fn contraction(weighed: Tensor<2>, weight: Tensor<2>, activation: Activation) -> Tensor<1> {
    let norms = weight.square().sum_dim(0);
    (slope(activation, weighed).square() * norms).sum_dim(1).mean()
}

/// The same norm of any encoder, estimated: `d` times the mean over samples of the squared rate at which the code changes
/// along a random unit direction, `d` being the number of input values.
///
/// The rate is a difference quotient, so that its gradient needs no second derivatives. `directions` [samples, values] are
/// standard normal numbers. `encode` must treat every sample alike and draw nothing, or the difference is no derivative.
pub fn contraction_estimate(
    encode: impl Fn(Tensor<2>) -> Tensor<2>,
    input: Tensor<2>,
    directions: Tensor<2>,
) -> Tensor<1> {
    let [samples, values] = input.dims();
    let lengths = directions.clone().square().sum_dim(1).sqrt();
    let moved = input.clone() + directions / lengths * STEP;
    // One pass over both, which a batched device does faster than two.
    let codes = encode(Tensor::cat(vec![input, moved], 0));
    let rates = (codes.clone().narrow(0, samples, samples) - codes.narrow(0, 0, samples)).div_scalar(STEP);
    rates.square().sum_dim(1).mean().mul_scalar(values as f32)
}

/// The derivative of an activation, differentiable once more.
fn slope(activation: Activation, weighed: Tensor<2>) -> Tensor<2> {
    let is_positive = || weighed.clone().greater_elem(0.0).float();
    let one_minus = |values: Tensor<2>| values.neg().add_scalar(1.0);
    match activation {
        Activation::Linear => weighed.ones_like(),
        Activation::Relu => is_positive(),
        Activation::LeakyRelu => is_positive().mul_scalar(0.99).add_scalar(0.01),
        Activation::Gelu => {
            let share = weighed.clone().mul_scalar(FRAC_1_SQRT_2).erf().add_scalar(1.0).mul_scalar(0.5);
            let density = weighed.clone().square().mul_scalar(-0.5).exp().mul_scalar(TAU.sqrt().recip());
            share + weighed * density
        }
        Activation::Silu => {
            let gate = activation::sigmoid(weighed.clone());
            gate.clone() * (weighed * one_minus(gate)).add_scalar(1.0)
        }
        Activation::Elu => weighed.clamp_max(0.0).exp(),
        Activation::Tanh => one_minus(activation::tanh(weighed).square()),
        Activation::Sigmoid => {
            let probability = activation::sigmoid(weighed);
            probability.clone() * one_minus(probability)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        network::activate,
        objective::tests::{assert_gradient, floats, normal, number, tensor, uniform},
    };

    const INPUTS: usize = 6;
    const UNITS: usize = 4;

    fn encode(activation: Activation, input: Tensor<2>, weight: &Tensor<2>) -> Tensor<2> {
        activate(activation, input.matmul(weight.clone()))
    }

    #[test]
    fn exactly_what_each_input_does_to_the_code() {
        const NUDGE: f32 = 1e-3;
        let (input, weight) = (uniform([5, INPUTS], 1), normal([INPUTS, UNITS], 2));
        for activation in Activation::ALL {
            let exact = number(contraction(input.clone().matmul(weight.clone()), weight.clone(), activation));
            let nudged = |place: usize, by: f32| {
                let step = Tensor::<2>::eye(INPUTS, &input.device()).narrow(0, place, 1).mul_scalar(by);
                floats(encode(activation, input.clone() + step, &weight))
            };
            let squared = |place: usize| -> f64 {
                let both = nudged(place, NUDGE).into_iter().zip(nudged(place, -NUDGE));
                both.map(|(up, down)| (f64::from(up - down) / f64::from(2.0 * NUDGE)).powi(2)).sum()
            };
            let norm: f64 = (0..INPUTS).map(squared).sum::<f64>() / 5.0;
            assert!((exact - norm).abs() < 1e-3 * norm, "{activation:?}: {exact}, by differences {norm}");
        }
    }

    #[test]
    fn the_estimate_is_right_on_average() {
        const DRAWS: usize = 4_000;
        let (input, weight) = (uniform([1, INPUTS], 1).repeat_dim(0, DRAWS), normal([INPUTS, UNITS], 2));
        for activation in [Activation::Sigmoid, Activation::Relu, Activation::Gelu] {
            let exact = number(contraction(input.clone().matmul(weight.clone()), weight.clone(), activation));
            let encode = |input| encode(activation, input, &weight);
            let estimate = number(contraction_estimate(encode, input.clone(), normal([DRAWS, INPUTS], 3)));
            assert!((estimate - exact).abs() < 0.05 * exact, "{activation:?}: {estimate} for {exact}");
        }
    }

    #[test]
    fn all_directions_together_are_exact_for_a_linear_encoder() {
        // The squared rates along an orthonormal basis add up to the norm.
        let (input, weight) = (uniform([1, INPUTS], 1).repeat_dim(0, INPUTS), normal([INPUTS, UNITS], 2));
        let basis = Tensor::eye(INPUTS, &input.device());
        let estimate = number(contraction_estimate(|input| input.matmul(weight.clone()), input.clone(), basis));
        let exact = number(weight.clone().square().sum());
        assert!((estimate - exact).abs() < 1e-3 * exact, "{estimate} for {exact}");
    }

    #[test]
    fn the_gradients_are_slopes() {
        let input = uniform([5, INPUTS], 1);
        // Biases that keep every unit away from the kink of the rectifiers.
        let bias = tensor([[2.0, -2.0, 1.5, -1.5]]);
        for activation in Activation::ALL {
            assert_gradient(normal([INPUTS, UNITS], 2).mul_scalar(0.3), |weight| {
                contraction(input.clone().matmul(weight.clone()) + bias.clone(), weight, activation)
            });
        }
        assert_gradient(normal([INPUTS, UNITS], 2), |weight| {
            let encode = |input| encode(Activation::Tanh, input, &weight);
            contraction_estimate(encode, input.clone(), normal([5, INPUTS], 3))
        });
    }
}
