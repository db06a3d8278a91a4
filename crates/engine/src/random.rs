//! Random numbers that depend on nothing but the experiment's seed.
//!
//! Weights, shuffling and noise are drawn on the host, so that CPU, GPU, page and terminal all begin with the same
//! numbers. Each use has its own stream: drawing more noise does not change the shuffling.

use rand_pcg::Pcg32;

/// What the numbers are for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stream {
    /// Initial weights.
    Weights,
    /// The order of an epoch's images.
    Shuffle,
    /// The corruption of an epoch's training images.
    TrainingNoise,
    /// The corruption of the validation images: the same in every epoch, so that losses compare.
    ValidationNoise,
    /// The corruption of pictures that are looked at, and of those that a model is measured on.
    PictureNoise,
    /// Which held-out sample to show.
    Sample,
    /// Which rows of a table train.
    TableRows,
    /// What dropout drops.
    Dropout,
    /// Which rows of a table are kept, in a training sample or to replay.
    Rows,
    /// What a model is measured by: noise, directions, codes.
    Measure,
    /// How an epoch's training pictures are moved.
    Augmentation,
}

/// The generator of `stream`; `index` tells apart its parts, such as epochs.
pub(crate) fn generator(seed: u64, stream: Stream, index: u64) -> Pcg32 {
    Pcg32::new(mix(seed ^ mix(index)), stream as u64)
}

/// A seed of its own for each step of a run.
pub(crate) const fn step_seed(seed: u64, step: usize) -> u64 {
    mix(seed ^ mix(step as u64))
}

/// SplitMix64's finaliser (Steele et al. 2014): neighbouring seeds give unrelated states.
const fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}
