//! Noise under construction: the kinds of corruption append to it, sample after sample.

use rand::{Rng, RngExt};
use rand_pcg::Pcg32;

use super::filter::Filter;
use crate::data::SampleLayout;

/// Noise under construction: the kinds of corruption append to it, sample after sample.
pub(super) struct NoiseBuilder<'a> {
    pub layout: SampleLayout<'a>,
    pub rng: &'a mut Pcg32,
    /// 0 for a hidden value, else 1.
    pub keep: Vec<f32>,
    /// Summand of each value.
    pub add: Vec<f32>,
    pub filters: Vec<Filter>,
}

impl NoiseBuilder<'_> {
    /// Number of positions that are hidden as one: the pixels of a picture, in all channels, or the values of a vector.
    pub const fn positions(&self) -> usize {
        let shape = self.layout.shape;
        if self.layout.is_vector() { shape.channels } else { shape.height * shape.width }
    }

    /// Number of values per position.
    pub const fn channels(&self) -> usize {
        if self.layout.is_vector() { 1 } else { self.layout.shape.channels }
    }

    /// Hides the positions of one sample where `is_hidden`, in all channels.
    pub fn hide(&mut self, is_hidden: &[bool]) {
        for _ in 0..self.channels() {
            self.keep.extend(is_hidden.iter().map(|&hidden| if hidden { 0.0 } else { 1.0 }));
        }
    }
}

/// A uniformly random subset of `count` of `0..all`: true for its members.
pub(super) fn random_subset(count: usize, all: usize, rng: &mut impl Rng) -> Vec<bool> {
    let mut is_chosen = vec![false; all];
    let mut left = count.min(all);
    // Knuth's selection sampling: each index is taken with probability (still wanted) / (still to come).
    for (index, chosen) in is_chosen.iter_mut().enumerate() {
        if rng.random_range(0..all - index) < left {
            *chosen = true;
            left -= 1;
        }
    }
    is_chosen
}

/// A share `level` of `all`, rounded, and at least one: a corruption that hides nothing teaches nothing.
pub(super) fn count_of_share(level: f32, all: usize) -> usize {
    ((level * all as f32).round() as usize).clamp(1, all.max(1))
}
