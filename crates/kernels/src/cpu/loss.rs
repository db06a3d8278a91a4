//! Errors of a prediction, and their slopes.

use wide::f32x8;

use super::activation::Activation;
use super::lanes::{load, store};
use super::tile::WIDE;

/// Where Huber's square ends: pixels and standardised columns are rebuilt to within a few hundredths to tenths.
pub const HUBER_DELTA: f32 = 0.1;

/// Vectors that are added up in 32 bits before they go to 64: a few hundred numbers lose no digit that counts.
const RUN: usize = 64;

/// An error of one number, by the difference `d` of prediction and target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Loss {
    /// `d²`.
    Squared,
    /// `|d|`.
    Absolute,
    /// `d² / 2` up to [`HUBER_DELTA`], straight beyond (Huber 1964).
    Huber,
    /// Binary cross-entropy of the sigmoid of the prediction, in nats.
    CrossEntropyOfLogits,
}

impl Loss {
    /// Every loss.
    pub const ALL: [Self; 4] = [Self::Squared, Self::Absolute, Self::Huber, Self::CrossEntropyOfLogits];

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

    #[inline]
    fn slope(self, prediction: f32x8, target: f32x8) -> f32x8 {
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

/// From the logit it can neither overflow nor lose its slope, as the logarithm of a rounded sigmoid would.
#[inline(never)]
fn cross_entropy(logit: f32x8, target: f32x8) -> f32x8 {
    let above = logit.fast_max(f32x8::ZERO);
    above - logit * target + (f32x8::ONE + (-logit.abs()).exp()).ln()
}

/// 0 of 0.
#[inline]
fn sign(values: f32x8) -> f32x8 {
    let below = values.simd_lt(f32x8::ZERO).select(-f32x8::ONE, f32x8::ZERO);
    values.simd_gt(f32x8::ZERO).select(f32x8::ONE, below)
}

/// The mean of `loss` where the prediction is `activation(sums)`.
///
/// # Panics
///
/// If the slices differ in length.
pub fn mean_loss(activation: Activation, loss: Loss, sums: &[f32], target: &[f32]) -> f32 {
    assert_eq!(sums.len(), target.len(), "a target for each prediction");
    let value = |sums, target| loss.value(activation.forward(sums), target);
    let (wholes, sums_rest) = sums.as_chunks::<WIDE>();
    let (targets, target_rest) = target.as_chunks::<WIDE>();
    let run = |(sums, targets): (&[[f32; WIDE]], &[[f32; WIDE]])| {
        let pairs = sums.iter().zip(targets);
        let total =
            pairs.fold(f32x8::ZERO, |total, (sums, target)| total + value(f32x8::from(*sums), f32x8::from(*target)));
        f64::from(total.reduce_add())
    };
    let whole: f64 = wholes.chunks(RUN).zip(targets.chunks(RUN)).map(run).sum();
    // Lanes beyond the end may have a loss of their own: the cross-entropy of logit 0 is ln 2.
    let rest = value(load(sums_rest), load(target_rest)).to_array();
    let rest: f64 = rest[..sums_rest.len()].iter().copied().map(f64::from).sum();
    ((whole + rest) / sums.len() as f64) as f32
}

/// The gradient of the mean's sums into `slopes`, from that of the mean.
///
/// # Panics
///
/// If the slices differ in length.
pub fn loss_gradient(activation: Activation, loss: Loss, outer: f32, [sums, target]: [&[f32]; 2], slopes: &mut [f32]) {
    assert!(sums.len() == slopes.len() && target.len() == slopes.len(), "a slope for each prediction");
    let share = f32x8::splat(outer / slopes.len() as f32);
    let slope = |sums, target| {
        let prediction = activation.forward(sums);
        activation.slope(prediction, share * loss.slope(prediction, target))
    };
    let (sums, sums_rest) = sums.as_chunks::<WIDE>();
    let (targets, target_rest) = target.as_chunks::<WIDE>();
    let (wholes, rest) = slopes.as_chunks_mut::<WIDE>();
    for ((slopes, sums), target) in wholes.iter_mut().zip(sums).zip(targets) {
        *slopes = slope(f32x8::from(*sums), f32x8::from(*target)).to_array();
    }
    store(slope(load(sums_rest), load(target_rest)), rest);
}
