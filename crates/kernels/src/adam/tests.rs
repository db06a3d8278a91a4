//! Adam and AdamW against Burn's own on every device, and against the papers' formulas.

use burn::{
    optim::{AdamConfig, AdamWConfig, Optimizer, decay::WeightDecayConfig},
    tensor::Tensor,
};
use pinhole_numerics::adam::adam_step;
use proptest::prelude::*;

use super::{Step, WeightDecay, step};
use crate::{
    cpu::tests::numbers,
    tests::{assert_close, on_every_device, uniform},
};

const LEARNING_RATE: f64 = 0.05;

fn compare(decay: WeightDecay, burn: &impl Optimizer) {
    // More than a workgroup's weights and no multiple of them, nor of a vector; and whole vectors.
    for sizes in [[37, 11], [37, 44]] {
        compare_at(sizes, decay, burn);
    }
}

fn compare_at(sizes: [usize; 2], decay: WeightDecay, burn: &impl Optimizer) {
    on_every_device(|name, device| {
        let start = uniform(sizes, -1.0..1.0, &device);
        let zeros = Tensor::<2>::zeros(sizes, &device);
        let (mut ours, mut moments) = (start.clone(), [zeros.clone(), zeros]);
        let (mut expected, mut state) = (start.clone(), None);
        for count in 1..=4 {
            let gradient = uniform(sizes, -1.0..1.0, &device);
            let hyperparameters =
                Step { learning_rate: LEARNING_RATE, count, betas: [0.9, 0.999], epsilon: 1e-8, weight_decay: decay };
            (ours, moments) = step(ours, gradient.clone(), moments, hyperparameters.scalars(&device));
            (expected, state) = burn.step(LEARNING_RATE, expected, gradient, state);
            assert_close(&ours, &expected, &format!("{name}, {decay:?}, step {count}"));
        }
        assert!((ours - start).abs().max().into_scalar::<f32>() > LEARNING_RATE as f32, "{name}: it moved");
    });
}

#[test]
fn adam_agrees_with_burn() {
    let config = AdamConfig::new().with_epsilon(1e-8);
    compare(WeightDecay::InGradient(0.0), &config.build());
    let config = config.with_weight_decay(Some(WeightDecayConfig { penalty: 0.1 }));
    compare(WeightDecay::InGradient(f64::from(0.1_f32)), &config.build());
}

#[test]
fn adam_w_agrees_with_burn() {
    let config = AdamWConfig::new().with_epsilon(1e-8).with_weight_decay(0.1);
    compare(WeightDecay::Decoupled(f64::from(0.1_f32)), &config.build());
}

#[test]
fn tensors_that_are_shared_are_not_overwritten() {
    on_every_device(|name, device| {
        let shared = Tensor::<1>::ones([100], &device);
        let zeros = Tensor::<1>::zeros([100], &device);
        let hyperparameters = Step {
            learning_rate: LEARNING_RATE,
            count: 1,
            betas: [0.9, 0.999],
            epsilon: 1e-8,
            weight_decay: WeightDecay::InGradient(0.0),
        };
        let gradient = Tensor::<1>::ones([100], &device);
        let (after, _) =
            step(shared.clone(), gradient, [zeros.clone(), zeros.clone()], hyperparameters.scalars(&device));
        assert_close(&after, &(shared.clone() - LEARNING_RATE as f32), name);
        assert_close(&shared, &Tensor::ones([100], &device), name);
        assert_close(&zeros, &Tensor::zeros([100], &device), name);
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_step_is_the_formula_of_the_paper(count in 1..40_usize, step in 1..2000_i32, seed: u32, kind in 0..2) {
        let weight_decay = [WeightDecay::InGradient(0.1), WeightDecay::Decoupled(0.1)][kind as usize];
        let hyperparameters =
            Step { learning_rate: 1e-2, count: step as usize, betas: [0.9, 0.999], epsilon: 1e-8, weight_decay };
        let scalars = hyperparameters.adam_scalars();
        let (weights, gradients) = (numbers(seed, count), numbers(seed ^ 1, count));
        let m = numbers(seed ^ 2, count);
        let v: Vec<f32> = numbers(seed ^ 3, count).into_iter().map(f32::abs).collect();
        let (mut new_weights, mut new_m, mut new_v) = (weights.clone(), m.clone(), v.clone());
        adam_step(scalars, &mut new_weights, &gradients, &mut new_m, &mut new_v);
        for index in 0..count {
            let [weight, gradient, m, v] =
                [&weights, &gradients, &m, &v].map(|values| f64::from(values[index]));
            let (gradient, weight) = match weight_decay {
                WeightDecay::InGradient(decay) => (gradient + decay * weight, weight),
                WeightDecay::Decoupled(decay) => (gradient, weight * (1.0 - 1e-2 * decay)),
            };
            let m = 0.9 * m + 0.1 * gradient;
            let v = 0.999 * v + 0.001 * gradient * gradient;
            let corrected = [m / (1.0 - 0.9_f64.powi(step)), v / (1.0 - 0.999_f64.powi(step))];
            let expected = weight - 1e-2 * corrected[0] / (corrected[1].sqrt() + 1e-8);
            for (got, expected) in [(new_weights[index], expected), (new_m[index], m), (new_v[index], v)] {
                let error = (f64::from(got) - expected).abs() / expected.abs().max(1.0);
                prop_assert!(error < 1e-5, "{index}: {got}, not {expected}");
            }
        }
    }
}
