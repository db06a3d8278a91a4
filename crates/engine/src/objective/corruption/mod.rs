//! Corruption of inputs, which a denoising autoencoder learns to undo: one file per kind.
//!
//! Noise is drawn on the host, so that every device trains on the same samples. A corruption hides values, adds to
//! them, or blends them with their neighbours; [`DrawnNoise`] applies it on the host or on a device.

mod block;
mod blur;
mod columns;
mod down_scaling;
mod filter;
mod gaussian;
mod masking;
mod noise_builder;
mod salt_and_pepper;
mod steps;

use burn::tensor::{Device, Tensor, TensorData};
use pinhole_numerics::random::{Stream, generator};
use pinhole_protocol::{Corruption, Noise};
use rand::RngExt;
use rand_pcg::Pcg32;

use self::{filter::Filters, noise_builder::NoiseBuilder};
use crate::data::SampleLayout;

/// Corrupted samples, and the values that are hidden in them.
#[derive(Clone, Debug, PartialEq)]
pub struct Corrupted<T> {
    /// Corrupted samples.
    pub input: T,
    /// 1 for a hidden value, else 0; `None` if the corruption hides none.
    pub hidden: Option<T>,
}

/// Noise drawn for some samples. The corrupted input is `filter(clean) * keep + add`, clipped to 0 to 1 for some kinds.
#[derive(Clone, Debug)]
pub struct DrawnNoise {
    keep: Option<Vec<f32>>,
    add: Option<Vec<f32>>,
    filters: Option<Filters>,
    clip: bool,
}

/// Appends the noise of one sample.
fn draw_sample(noise: Noise, level: f32, builder: &mut NoiseBuilder) {
    match noise {
        Noise::None => {}
        Noise::Gaussian | Noise::GaussianUnclipped => gaussian::draw(builder, level),
        Noise::SaltAndPepper => salt_and_pepper::draw(builder, level),
        Noise::Masking => masking::draw(builder, level),
        Noise::Block => block::draw(builder, level),
        Noise::Columns => columns::draw(builder, level),
        Noise::Steps => steps::draw(builder, level),
        Noise::Blur => blur::draw(builder, level),
        Noise::DownScaling => down_scaling::draw(builder, level),
    }
}

impl DrawnNoise {
    /// Noise for `samples` inputs of one layout; `None` if the corruption changes nothing.
    pub fn draw(corruption: Corruption, samples: usize, layout: SampleLayout<'_>, rng: &mut Pcg32) -> Option<Self> {
        if corruption.is_none() {
            return None;
        }
        let mut builder = NoiseBuilder { layout, rng, keep: Vec::new(), add: Vec::new(), filters: Vec::new() };
        for _ in 0..samples {
            let share = if corruption.varied { builder.rng.random::<f32>() } else { 1.0 };
            draw_sample(corruption.noise, corruption.level * share, &mut builder);
            if !corruption.varied && !builder.filters.is_empty() {
                // A filter is not random: one of the same level serves all samples.
                break;
            }
        }
        let NoiseBuilder { keep, add, filters, .. } = builder;
        Some(Self {
            keep: (!keep.is_empty()).then_some(keep),
            add: (!add.is_empty()).then_some(add),
            filters: (!filters.is_empty()).then(|| Filters::new(filters, layout.shape)),
            // Rows of a table have values beyond 0 and 1 without any noise.
            clip: corruption.noise == Noise::Gaussian && !layout.is_vector(),
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

/// Corrupts one sample or several consecutive ones at exactly the corruption's level, even if it is varied in training.
/// The noise depends on `noise_seed` and `index`; calls that share a seed differ by their index.
pub fn corrupt(
    clean: &[f32],
    layout: SampleLayout<'_>,
    corruption: Corruption,
    noise_seed: u64,
    index: u64,
) -> Corrupted<Vec<f32>> {
    let exact = Corruption { varied: false, ..corruption };
    let mut rng = generator(noise_seed, Stream::PictureNoise, index);
    let mut input = clean.to_vec();
    let samples = clean.len() / layout.shape.len();
    let Some(noise) = DrawnNoise::draw(exact, samples, layout, &mut rng) else {
        return Corrupted { input, hidden: None };
    };
    noise.apply_to(&mut input);
    Corrupted { input, hidden: noise.hidden() }
}

#[cfg(test)]
mod tests;
