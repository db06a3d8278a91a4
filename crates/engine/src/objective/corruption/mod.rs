//! Dirtying an input, so that the network learns to undo it: one file a kind.
//!
//! All of it is drawn on the host, so that every device trains on the same samples. A corruption hides values, adds to
//! them, or blends them with their neighbours; [`DrawnNoise`] applies what was drawn, on the host and on a device alike.

mod block;
mod blur;
mod columns;
mod down_scaling;
mod filter;
mod gaussian;
mod masking;
mod salt_and_pepper;
mod steps;

use burn::tensor::{Device, Tensor, TensorData};
use pinhole_numerics::random::{Stream, generator};
use pinhole_protocol::{Corruption, Noise};
use rand::{Rng, RngExt};
use rand_pcg::Pcg32;

use self::filter::{Filter, Filters};
use crate::data::Arrangement;

/// What a network sees instead of clean samples, and which values were hidden from it (1 there, else 0), if the
/// corruption hides any.
#[derive(Clone, Debug, PartialEq)]
pub struct Corrupted<T> {
    /// The corrupted samples.
    pub input: T,
    /// What is hidden.
    pub hidden: Option<T>,
}

/// Noise drawn for some samples. The corrupted input is `filter(input) * keep + add`, then clipped to 0 to 1 if the kind
/// says so.
#[derive(Clone, Debug)]
pub struct DrawnNoise {
    keep: Option<Vec<f32>>,
    add: Option<Vec<f32>>,
    filters: Option<Filters>,
    clip: bool,
}

/// What the kinds draw into, sample after sample.
struct Drawing<'a> {
    arrangement: Arrangement<'a>,
    random: &'a mut Pcg32,
    keep: Vec<f32>,
    add: Vec<f32>,
    filters: Vec<Filter>,
}

impl Drawing<'_> {
    /// Places that are hidden as one: the pixels of a picture, whatever its channels, or the values of a vector.
    const fn places(&self) -> usize {
        let shape = self.arrangement.shape;
        if self.arrangement.is_vector() { shape.channels } else { shape.height * shape.width }
    }

    /// Values at each place.
    const fn channels(&self) -> usize {
        if self.arrangement.is_vector() { 1 } else { self.arrangement.shape.channels }
    }

    /// Hides those places of a sample that `is_hidden`, in all channels.
    fn hide(&mut self, is_hidden: &[bool]) {
        for _ in 0..self.channels() {
            self.keep.extend(is_hidden.iter().map(|&hidden| if hidden { 0.0 } else { 1.0 }));
        }
    }

    /// One sample's share of the noise.
    fn draw(&mut self, noise: Noise, level: f32) {
        match noise {
            Noise::None => {}
            Noise::Gaussian | Noise::GaussianUnclipped => gaussian::draw(self, level),
            Noise::SaltAndPepper => salt_and_pepper::draw(self, level),
            Noise::Masking => masking::draw(self, level),
            Noise::Block => block::draw(self, level),
            Noise::Columns => columns::draw(self, level),
            Noise::Steps => steps::draw(self, level),
            Noise::Blur => blur::draw(self, level),
            Noise::DownScaling => down_scaling::draw(self, level),
        }
    }
}

impl DrawnNoise {
    /// Draws for `samples` inputs of one arrangement. `None` where the corruption changes nothing.
    pub fn draw(
        corruption: Corruption,
        samples: usize,
        arrangement: Arrangement<'_>,
        random: &mut Pcg32,
    ) -> Option<Self> {
        if corruption.is_none() {
            return None;
        }
        let mut drawing = Drawing { arrangement, random, keep: Vec::new(), add: Vec::new(), filters: Vec::new() };
        for _ in 0..samples {
            let share = if corruption.varied { drawing.random.random::<f32>() } else { 1.0 };
            drawing.draw(corruption.noise, corruption.level * share);
            if !corruption.varied && !drawing.filters.is_empty() {
                // A filter is not random: one of the same level serves all samples.
                break;
            }
        }
        let Drawing { keep, add, filters, .. } = drawing;
        Some(Self {
            keep: (!keep.is_empty()).then_some(keep),
            add: (!add.is_empty()).then_some(add),
            filters: (!filters.is_empty()).then(|| Filters::new(filters, arrangement.shape)),
            // The rows of a table are no pictures: they reach beyond 0 and 1 before any noise.
            clip: corruption.noise == Noise::Gaussian && !arrangement.is_vector(),
        })
    }

    /// Corrupts a batch [samples, values] on `device`.
    pub fn apply(self, clean: Tensor<2>, device: &Device) -> Corrupted<Tensor<2>> {
        let shape = clean.dims();
        let upload = |values: Vec<f32>| Tensor::<2>::from_data(TensorData::new(values, shape), device);
        let keep = self.keep.map(upload);
        let filtered = match &self.filters {
            Some(filters) => filters.apply(clean, device),
            None => clean,
        };
        let kept = match &keep {
            Some(keep) => filtered * keep.clone(),
            None => filtered,
        };
        let noisy = match self.add {
            Some(add) => kept + upload(add),
            None => kept,
        };
        let input = if self.clip { noisy.clamp(0.0, 1.0) } else { noisy };
        Corrupted { input, hidden: keep.map(|keep| keep.neg() + 1.0) }
    }

    /// Corrupts samples on the host.
    pub fn apply_to(&self, values: &mut [f32]) {
        if let Some(filters) = &self.filters {
            filters.apply_to(values);
        }
        if let Some(keep) = &self.keep {
            values.iter_mut().zip(keep).for_each(|(value, keep)| *value *= keep);
        }
        if let Some(add) = &self.add {
            values.iter_mut().zip(add).for_each(|(value, add)| *value += add);
        }
        if self.clip {
            for value in values {
                *value = value.clamp(0.0, 1.0);
            }
        }
    }

    fn hidden(&self) -> Option<Vec<f32>> {
        self.keep.as_ref().map(|keep| keep.iter().map(|keep| 1.0 - keep).collect())
    }
}

/// One sample or several that follow each other, at exactly the corruption's level, varied or not. The noise depends on
/// `noise_seed` and on `index`, which tells apart what shares a seed.
pub fn corrupt(
    clean: &[f32],
    arrangement: Arrangement<'_>,
    corruption: Corruption,
    noise_seed: u64,
    index: u64,
) -> Corrupted<Vec<f32>> {
    let exact = Corruption { varied: false, ..corruption };
    let mut random = generator(noise_seed, Stream::PictureNoise, index);
    let mut input = clean.to_vec();
    let samples = clean.len() / arrangement.shape.len();
    let Some(noise) = DrawnNoise::draw(exact, samples, arrangement, &mut random) else {
        return Corrupted { input, hidden: None };
    };
    noise.apply_to(&mut input);
    Corrupted { input, hidden: noise.hidden() }
}

/// `count` different ones of `0..all`, evenly drawn.
fn choose(count: usize, all: usize, random: &mut impl Rng) -> Vec<bool> {
    let mut is_chosen = vec![false; all];
    let mut left = count.min(all);
    // Knuth's selection sampling: each is taken with the share of those still wanted among those still to come.
    for (place, chosen) in is_chosen.iter_mut().enumerate() {
        if random.random_range(0..all - place) < left {
            *chosen = true;
            left -= 1;
        }
    }
    is_chosen
}

/// How many of `all` a share stands for: at least one, as a corruption that hides nothing teaches nothing.
fn share_of(level: f32, all: usize) -> usize {
    ((level * all as f32).round() as usize).clamp(1, all.max(1))
}

#[cfg(test)]
mod tests;
