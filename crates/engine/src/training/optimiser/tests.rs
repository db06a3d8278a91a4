//! Each optimiser against its paper's formulas, in 64-bit floats.

use burn::{
    module::{Module, Param},
    optim::GradientsParams,
    tensor::{Device, Tensor, TensorData},
};

use super::*;

const RATE: f64 = 0.01;
const STEPS: i32 = 12;
const START: [f64; 3] = [0.8, -0.6, 0.25];
const TARGET: [f64; 3] = [-0.1, 0.4, 0.3];
/// Curvatures of very different size, to tell optimisers that scale by them from those that do not.
const CURVATURE: [f64; 3] = [4.0, 1.0, 0.05];

/// Three parameters that are trained towards `TARGET`.
#[derive(Module, Debug)]
struct Weights {
    values: Param<Tensor<1>>,
}

fn vector(values: [f64; 3]) -> Tensor<1> {
    Tensor::from_data(TensorData::new(values.map(|value| value as f32).to_vec(), [3]), &Device::flex())
}

fn by_the_engine(schedule: &Schedule) -> Vec<f32> {
    let mut weights = Weights { values: Param::from_tensor(vector(START)) }.train();
    let mut optimiser = optimiser(schedule, &OptimiserStates::default());
    for _ in 0..STEPS {
        let loss = ((weights.values.val() - vector(TARGET)).square() * vector(CURVATURE)).sum().mul_scalar(0.5);
        let gradients = GradientsParams::from_grads(loss.backward(), &weights);
        weights = optimiser.step(RATE, weights, gradients);
    }
    weights.valid().values.val().into_data().iter::<f32>().collect()
}

/// An update rule: updates the weights and the optimiser's state by one step.
type Rule = fn(step: i32, weight: &mut [f64; 3], gradient: [f64; 3], state: &mut [[f64; 3]; 2], decay: f64);

fn by_the_paper(schedule: &Schedule, rule: Rule) -> [f64; 3] {
    let (mut weights, mut state) = (START, [[0.0; 3]; 2]);
    for step in 1..=STEPS {
        let gradient = std::array::from_fn(|index| CURVATURE[index] * (weights[index] - TARGET[index]));
        rule(step, &mut weights, gradient, &mut state, f64::from(schedule.weight_decay));
    }
    weights
}

/// Compares with and without weight decay.
fn assert_agrees(optimiser: Optimiser, rule: Rule) {
    for weight_decay in [0.0, 0.5] {
        let schedule = Schedule { optimiser, weight_decay, ..Schedule::default() };
        let expected = by_the_paper(&schedule, rule);
        for (found, expected) in by_the_engine(&schedule).into_iter().zip(expected) {
            let error = (f64::from(found) - expected).abs();
            assert!(error < 5e-6, "{optimiser:?}, decay {weight_decay}: {found} where the paper has {expected}");
        }
    }
}

/// Update of Adam (Kingma and Ba 2015), m^ / (sqrt(v^) + epsilon) with bias-corrected moments.
fn adaptive(step: i32, gradient: f64, [mean, square]: [&mut f64; 2], epsilon: f64) -> f64 {
    *mean = 0.9 * *mean + 0.1 * gradient;
    *square = 0.999 * *square + 0.001 * gradient * gradient;
    let deviation = (*square / (1.0 - 0.999_f64.powi(step))).sqrt();
    *mean / (1.0 - 0.9_f64.powi(step)) / (deviation + epsilon)
}

#[test]
fn adam_adds_its_weight_decay_to_the_gradient() {
    assert_agrees(Optimiser::Adam, |step, weights, gradient, [means, squares], decay| {
        for index in 0..3 {
            let gradient = gradient[index] + decay * weights[index];
            weights[index] -= RATE * adaptive(step, gradient, [&mut means[index], &mut squares[index]], 1e-8);
        }
    });
}

#[test]
fn adamw_decays_the_weights_apart_from_the_gradient() {
    assert_agrees(Optimiser::AdamW, |step, weights, gradient, [means, squares], decay| {
        for index in 0..3 {
            weights[index] *= 1.0 - RATE * decay;
            weights[index] -= RATE * adaptive(step, gradient[index], [&mut means[index], &mut squares[index]], 1e-8);
        }
    });
}

#[test]
fn sgd_accumulates_momentum_without_dampening() {
    assert_agrees(Optimiser::Sgd { momentum: 0.9 }, |_, weights, gradient, [velocity, _], decay| {
        for index in 0..3 {
            velocity[index] = 0.9 * velocity[index] + gradient[index] + decay * weights[index];
            weights[index] -= RATE * velocity[index];
        }
    });
    assert_agrees(Optimiser::Sgd { momentum: 0.0 }, |_, weights, gradient, _, decay| {
        for index in 0..3 {
            weights[index] -= RATE * (gradient[index] + decay * weights[index]);
        }
    });
}

#[test]
fn rmsprop_divides_by_a_running_root_mean_square() {
    assert_agrees(Optimiser::RmsProp, |_, weights, gradient, [squares, _], decay| {
        for index in 0..3 {
            let gradient = gradient[index] + decay * weights[index];
            squares[index] = 0.99 * squares[index] + 0.01 * gradient * gradient;
            weights[index] -= RATE * gradient / (squares[index].sqrt() + 1e-8);
        }
    });
}

#[test]
fn lamb_scales_each_tensors_step_to_its_norm() {
    assert_agrees(Optimiser::Lamb, |step, weights, gradient, [means, squares], decay| {
        let update: [f64; 3] = std::array::from_fn(|index| {
            let adapted = adaptive(step, gradient[index], [&mut means[index], &mut squares[index]], 1e-6);
            adapted + decay * weights[index]
        });
        let norm = |values: &[f64; 3]| values.iter().map(|value| value * value).sum::<f64>().sqrt();
        let trust = norm(weights) / norm(&update);
        for index in 0..3 {
            weights[index] -= RATE * trust * update[index];
        }
    });
}

#[test]
fn lion_steps_by_the_sign_of_its_momentum() {
    assert_agrees(Optimiser::Lion, |_, weights, gradient, [momentum, _], decay| {
        for index in 0..3 {
            let direction = (0.9 * momentum[index] + 0.1 * gradient[index]).signum();
            momentum[index] = 0.99 * momentum[index] + 0.01 * gradient[index];
            weights[index] = weights[index] * (1.0 - RATE * decay) - RATE * direction;
        }
    });
}
