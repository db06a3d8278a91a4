//! Against Burn's own Adam and AdamW, on every device.

use burn::{
    optim::{AdamConfig, AdamWConfig, Optimizer, decay::WeightDecayConfig},
    tensor::{Distribution, Tensor},
};

use super::{Step, WeightDecay, step};
use crate::tests::{assert_close, on_every_device};

const RATE: f64 = 0.05;

fn compare(decay: WeightDecay, burns: &impl Optimizer) {
    // More than a workgroup's share and no multiple of it, nor of a vector; and whole vectors.
    for sizes in [[37, 11], [37, 44]] {
        compare_at(sizes, decay, burns);
    }
}

fn compare_at(sizes: [usize; 2], decay: WeightDecay, burns: &impl Optimizer) {
    on_every_device(|name, device| {
        let start = Tensor::<2>::random(sizes, Distribution::Uniform(-1.0, 1.0), &device);
        let zeros = Tensor::<2>::zeros(sizes, &device);
        let (mut ours, mut moments) = (start.clone(), [zeros.clone(), zeros]);
        let (mut theirs, mut state) = (start.clone(), None);
        for count in 1..=4 {
            let gradient = Tensor::<2>::random(sizes, Distribution::Uniform(-1.0, 1.0), &device);
            let what = Step { learning_rate: RATE, count, betas: [0.9, 0.999], epsilon: 1e-8, weight_decay: decay };
            (ours, moments) = step(ours, gradient.clone(), moments, what.scalars(&device));
            (theirs, state) = burns.step(RATE, theirs, gradient, state);
            assert_close(&ours, &theirs, &format!("{name}, {decay:?}, step {count}"));
        }
        assert!((ours - start).abs().max().into_scalar::<f32>() > RATE as f32, "{name}: it moved");
    });
}

#[test]
fn adam_is_burns() {
    let config = AdamConfig::new().with_epsilon(1e-8);
    compare(WeightDecay::InGradient(0.0), &config.build());
    let config = config.with_weight_decay(Some(WeightDecayConfig { penalty: 0.1 }));
    compare(WeightDecay::InGradient(f64::from(0.1_f32)), &config.build());
}

#[test]
fn adam_w_is_burns() {
    let config = AdamWConfig::new().with_epsilon(1e-8).with_weight_decay(0.1);
    compare(WeightDecay::Decoupled(f64::from(0.1_f32)), &config.build());
}

#[test]
fn what_somebody_else_holds_stays() {
    on_every_device(|name, device| {
        let held = Tensor::<1>::ones([100], &device);
        let zeros = Tensor::<1>::zeros([100], &device);
        let what = Step {
            learning_rate: RATE,
            count: 1,
            betas: [0.9, 0.999],
            epsilon: 1e-8,
            weight_decay: WeightDecay::InGradient(0.0),
        };
        let gradient = Tensor::<1>::ones([100], &device);
        let (after, _) = step(held.clone(), gradient, [zeros.clone(), zeros.clone()], what.scalars(&device));
        assert_close(&after, &(held.clone() - RATE as f32), name);
        assert_close(&held, &Tensor::ones([100], &device), name);
        assert_close(&zeros, &Tensor::zeros([100], &device), name);
    });
}
