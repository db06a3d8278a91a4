//! Contraction: `|∂code/∂x|²`, the squared Frobenius norm of the encoder's Jacobian, averaged over samples.
//!
//! Rifai, Vincent, Muller, Glorot and Bengio, "Contractive Auto-Encoders: Explicit Invariance During Feature
//! Extraction", ICML 2011. For deeper encoders the norm is estimated along random directions: Hutchinson, "A Stochastic
//! Estimator of the Trace of the Influence Matrix", Communications in Statistics 1990.

use std::f32::consts::{FRAC_1_SQRT_2, TAU};

use burn::tensor::{Tensor, activation};
use pinhole_protocol::{Activation, LayerKind, Normalisation};

use crate::network::{Autoencoder, Layer, Mode, StepRng};

/// Length of the step of a difference quotient. The error grows with its square times the curvature; with a tenth of
/// it, rounding of 32-bit floats would prevail.
const STEP_LENGTH: f32 = 1e-2;

/// Contraction of a network's encoder, [1]: exact if the encoder is a single dense layer, else estimated. In inference
/// the directions are the same for every batch, so that validation losses are comparable.
pub(super) fn contractive(network: &Autoencoder, input: Tensor<2>, mode: &mut Mode) -> Tensor<1> {
    if let Some((layer, weight)) = single_dense_layer(network) {
        return contraction(layer.pre_activation(input, None), weight, layer.plan().activation);
    }
    let directions = match mode {
        Mode::Training(rng) => rng.normal(input.dims(), &input.device()),
        Mode::Inference => StepRng::new(0, 0).normal(input.dims(), &input.device()),
    };
    contraction_estimate(|input| network.encode(input), input, directions)
}

/// The encoder's layer and its weight [inputs, units], if the encoder is one dense layer.
fn single_dense_layer(network: &Autoencoder) -> Option<(&Layer, Tensor<2>)> {
    let mut layers = network.encoder().layers().iter().chain(network.bottleneck().layers());
    let (Some(layer), None) = (layers.next(), layers.next()) else { return None };
    let weight = layer.dense_weight()?;
    let is_plain = layer.plan().kind == LayerKind::Dense && layer.plan().normalisation == Normalisation::None;
    (is_plain && network.bottleneck().is_identity_in_inference()).then_some((layer, weight))
}

/// Squared Frobenius norm of the Jacobian of one dense layer: the mean over samples of `Σ_u act'(a_u)² |w_u|²`, with
/// `w_u` the weights of unit u.
///
/// `pre_activation` [samples, units] is `a`; `weight` is [inputs, units].
pub fn contraction(pre_activation: Tensor<2>, weight: Tensor<2>, activation: Activation) -> Tensor<1> {
    let norms = weight.square().sum_dim(0);
    (derivative(activation, pre_activation).square() * norms).sum_dim(1).mean()
}

/// The same norm of any encoder, estimated: the mean over samples of `d |J v|²`, with J the Jacobian, v a random unit
/// direction and d the number of input values.
///
/// `J v` is a difference quotient, so that its gradient needs no second derivatives. `directions` [samples, values] are
/// standard normal numbers. `encode` must be deterministic and treat every sample alike, or the difference is no
/// derivative.
pub fn contraction_estimate(
    encode: impl Fn(Tensor<2>) -> Tensor<2>,
    input: Tensor<2>,
    directions: Tensor<2>,
) -> Tensor<1> {
    let [samples, values] = input.dims();
    let lengths = directions.clone().square().sum_dim(1).sqrt();
    let moved = input.clone() + directions / lengths * STEP_LENGTH;
    // One forward pass over both, which is faster than two.
    let codes = encode(Tensor::cat(vec![input, moved], 0));
    let derivatives = (codes.clone().narrow(0, samples, samples) - codes.narrow(0, 0, samples)).div_scalar(STEP_LENGTH);
    derivatives.square().sum_dim(1).mean().mul_scalar(values as f32)
}

/// Derivative of an activation at `a`, itself differentiable.
fn derivative(activation: Activation, a: Tensor<2>) -> Tensor<2> {
    let is_positive = || a.clone().greater_elem(0.0).float();
    let one_minus = |values: Tensor<2>| values.neg().add_scalar(1.0);
    match activation {
        Activation::Linear => a.ones_like(),
        Activation::Relu => is_positive(),
        Activation::LeakyRelu => is_positive().mul_scalar(0.99).add_scalar(0.01),
        Activation::Gelu => {
            let cdf = a.clone().mul_scalar(FRAC_1_SQRT_2).erf().add_scalar(1.0).mul_scalar(0.5);
            let density = a.clone().square().mul_scalar(-0.5).exp().mul_scalar(TAU.sqrt().recip());
            cdf + a * density
        }
        Activation::Silu => {
            let gate = activation::sigmoid(a.clone());
            gate.clone() * (a * one_minus(gate)).add_scalar(1.0)
        }
        Activation::Elu => a.clamp_max(0.0).exp(),
        Activation::Tanh => one_minus(activation::tanh(a).square()),
        Activation::Sigmoid => {
            let probability = activation::sigmoid(a);
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
    fn contraction_equals_the_norm_by_finite_differences() {
        const DELTA: f32 = 1e-3;
        let (input, weight) = (uniform([5, INPUTS], 1), normal([INPUTS, UNITS], 2));
        for activation in Activation::ALL {
            let exact = number(contraction(input.clone().matmul(weight.clone()), weight.clone(), activation));
            let shifted = |input_index: usize, by: f32| {
                let step = Tensor::<2>::eye(INPUTS, &input.device()).narrow(0, input_index, 1).mul_scalar(by);
                floats(encode(activation, input.clone() + step, &weight))
            };
            let squared = |input_index: usize| -> f64 {
                let both = shifted(input_index, DELTA).into_iter().zip(shifted(input_index, -DELTA));
                both.map(|(up, down)| (f64::from(up - down) / f64::from(2.0 * DELTA)).powi(2)).sum()
            };
            let norm: f64 = (0..INPUTS).map(squared).sum::<f64>() / 5.0;
            assert!((exact - norm).abs() < 1e-3 * norm, "{activation:?}: {exact}, by differences {norm}");
        }
    }

    #[test]
    fn the_estimate_averages_to_the_exact_norm() {
        const SAMPLES: usize = 4_000;
        let (input, weight) = (uniform([1, INPUTS], 1).repeat_dim(0, SAMPLES), normal([INPUTS, UNITS], 2));
        for activation in [Activation::Sigmoid, Activation::Relu, Activation::Gelu] {
            let exact = number(contraction(input.clone().matmul(weight.clone()), weight.clone(), activation));
            let encode = |input| encode(activation, input, &weight);
            let estimate = number(contraction_estimate(encode, input.clone(), normal([SAMPLES, INPUTS], 3)));
            assert!((estimate - exact).abs() < 0.05 * exact, "{activation:?}: {estimate} for {exact}");
        }
    }

    #[test]
    fn the_estimate_over_an_orthonormal_basis_is_exact_for_a_linear_encoder() {
        // The squared derivatives along an orthonormal basis add up to the norm.
        let (input, weight) = (uniform([1, INPUTS], 1).repeat_dim(0, INPUTS), normal([INPUTS, UNITS], 2));
        let basis = Tensor::eye(INPUTS, &input.device());
        let estimate = number(contraction_estimate(|input| input.matmul(weight.clone()), input.clone(), basis));
        let exact = number(weight.clone().square().sum());
        assert!((estimate - exact).abs() < 1e-3 * exact, "{estimate} for {exact}");
    }

    #[test]
    fn gradients_equal_finite_differences() {
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
