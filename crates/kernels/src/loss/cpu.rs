//! A mean loss on the CPU: one pass forward, one backward.

use burn::backend::TensorMetadata;
use burn_flex::{Flex, FlexTensor};
use pinhole_numerics::lanes::{LANES, load, store};
use wide::f32x8;

use super::{HUBER_DELTA, Loss, LossGradients, LossOps};
use crate::{
    Activation,
    cpu::{Contiguous, contiguous},
};

/// Vectors that are added up in 32 bits before they go to 64: a few hundred numbers lose no digit that counts.
const SUMMED_AT_ONCE: usize = 64;

impl LossOps for Flex {
    fn mean_loss(z: FlexTensor, target: FlexTensor, activation: Activation, loss: Loss) -> FlexTensor {
        let (z, target) = (contiguous(z), contiguous(target));
        Contiguous::filled([1], |mean| mean[0] = mean_loss(activation, loss, z.values(), target.values()))
    }
}

impl LossGradients for Flex {
    fn mean_loss_gradient(
        gradient: FlexTensor,
        z: FlexTensor,
        target: FlexTensor,
        activation: Activation,
        loss: Loss,
    ) -> FlexTensor {
        let shape = z.shape();
        let [gradient, z, target] = [gradient, z, target].map(contiguous);
        let dl = gradient.values()[0];
        Contiguous::filled(shape, |dz| loss_gradient(activation, loss, dl, [z.values(), target.values()], dz))
    }
}

impl Loss {
    /// The loss l(y, t) of each lane.
    #[inline]
    fn value(self, prediction: f32x8, target: f32x8) -> f32x8 {
        let difference = prediction - target;
        match self {
            Self::Squared => difference * difference,
            Self::Absolute => difference.abs(),
            Self::Huber => {
                let distance = difference.abs();
                let capped = distance.fast_min(f32x8::splat(HUBER_DELTA));
                capped * (distance - capped * f32x8::splat(0.5))
            }
            Self::CrossEntropyOfLogits => cross_entropy(prediction, target),
        }
    }

    /// The gradient dl/dy of each lane.
    #[inline]
    fn gradient(self, prediction: f32x8, target: f32x8) -> f32x8 {
        let difference = prediction - target;
        match self {
            Self::Squared => difference + difference,
            Self::Absolute => sign(difference),
            Self::Huber => {
                let delta = f32x8::splat(HUBER_DELTA);
                difference.fast_max(-delta).fast_min(delta)
            }
            Self::CrossEntropyOfLogits => f32x8::ONE / (f32x8::ONE + (-prediction).exp()) - target,
        }
    }
}

/// Binary cross-entropy computed from the logit, which neither overflows nor loses its gradient, as the logarithm of a
/// rounded sigmoid would.
#[inline(never)]
fn cross_entropy(logit: f32x8, target: f32x8) -> f32x8 {
    let above = logit.fast_max(f32x8::ZERO);
    above - logit * target + (f32x8::ONE + (-logit.abs()).exp()).ln()
}

/// The sign of each lane, 0 of 0.
#[inline]
fn sign(values: f32x8) -> f32x8 {
    let below = values.simd_lt(f32x8::ZERO).select(-f32x8::ONE, f32x8::ZERO);
    values.simd_gt(f32x8::ZERO).select(f32x8::ONE, below)
}

/// The mean of `loss` of the predictions `activation(z)`.
///
/// # Panics
///
/// If the slices differ in length.
fn mean_loss(activation: Activation, loss: Loss, z: &[f32], target: &[f32]) -> f32 {
    assert_eq!(z.len(), target.len(), "a target for each prediction");
    let value = |z, target| loss.value(activation.forward(z), target);
    let (zs, z_rest) = z.as_chunks::<LANES>();
    let (targets, target_rest) = target.as_chunks::<LANES>();
    let partial_sum = |(z, targets): (&[[f32; LANES]], &[[f32; LANES]])| {
        let pairs = z.iter().zip(targets);
        let total = pairs.fold(f32x8::ZERO, |total, (z, target)| total + value(f32x8::from(*z), f32x8::from(*target)));
        f64::from(total.reduce_add())
    };
    let whole: f64 = zs.chunks(SUMMED_AT_ONCE).zip(targets.chunks(SUMMED_AT_ONCE)).map(partial_sum).sum();
    // Lanes beyond the end may have a loss of their own: the cross-entropy of logit 0 is ln 2.
    let rest = value(load(z_rest), load(target_rest)).to_array();
    let rest: f64 = rest[..z_rest.len()].iter().copied().map(f64::from).sum();
    ((whole + rest) / z.len() as f64) as f32
}

/// Writes dz from the gradient dL of the mean.
///
/// # Panics
///
/// If the slices differ in length.
fn loss_gradient(activation: Activation, loss: Loss, dl: f32, [z, target]: [&[f32]; 2], dz: &mut [f32]) {
    assert!(z.len() == dz.len() && target.len() == dz.len(), "a gradient for each prediction");
    let scale = f32x8::splat(dl / dz.len() as f32);
    let gradient = |z, target| {
        let y = activation.forward(z);
        activation.gradient(y, scale * loss.gradient(y, target))
    };
    let (zs, z_rest) = z.as_chunks::<LANES>();
    let (targets, target_rest) = target.as_chunks::<LANES>();
    let (dzs, dz_rest) = dz.as_chunks_mut::<LANES>();
    for ((dz, z), target) in dzs.iter_mut().zip(zs).zip(targets) {
        *dz = gradient(f32x8::from(*z), f32x8::from(*target)).to_array();
    }
    store(gradient(load(z_rest), load(target_rest)), dz_rest);
}
