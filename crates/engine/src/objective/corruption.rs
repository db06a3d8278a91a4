//! Dirtying an input, so that the network learns to undo it.
//!
//! Vincent et al., "Extracting and Composing Robust Features with Denoising Autoencoders", ICML 2008 (masking);
//! "Stacked Denoising Autoencoders", JMLR 2010 (Gaussian, salt-and-pepper).

use burn::tensor::{Device, Tensor, TensorData};
use pinhole_protocol::{Corruption, Noise};
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

use crate::random::{Stream, generator};

/// Noise drawn for a batch. The corrupted input is `input * keep + add`, then clipped to 0 to 1 if the kind says so.
///
/// It is drawn on the host, so that every device trains on the same pictures.
#[derive(Clone, Debug)]
pub struct DrawnNoise {
    keep: Option<Vec<f32>>,
    add: Option<Vec<f32>>,
    clip: bool,
}

impl DrawnNoise {
    /// Draws for `samples` inputs of `width` values. `None` where the corruption changes nothing.
    pub fn draw(corruption: Corruption, samples: usize, width: usize, random: &mut impl Rng) -> Option<Self> {
        if corruption.is_none() {
            return None;
        }
        let count = samples * width;
        let mut keep = Vec::new();
        let mut add = Vec::new();
        for _ in 0..samples {
            let level = if corruption.varied { corruption.level * random.random::<f32>() } else { corruption.level };
            match corruption.noise {
                Noise::None => {}
                Noise::Gaussian | Noise::GaussianUnclipped => {
                    add.reserve(count);
                    add.extend((0..width).map(|_| level * random.sample::<f32, _>(StandardNormal)));
                }
                Noise::Masking => {
                    keep.extend((0..width).map(|_| if random.random::<f32>() < level { 0.0 } else { 1.0 }));
                }
                Noise::SaltAndPepper => {
                    for _ in 0..width {
                        let dice = random.random::<f32>();
                        keep.push(if dice < level { 0.0 } else { 1.0 });
                        add.push(if dice < level / 2.0 { 1.0 } else { 0.0 });
                    }
                }
            }
        }
        Some(Self {
            keep: (!keep.is_empty()).then_some(keep),
            add: (!add.is_empty()).then_some(add),
            clip: corruption.noise == Noise::Gaussian,
        })
    }

    /// Corrupts a batch on `device`.
    pub fn apply(self, batch: Tensor<2>, device: &Device) -> Tensor<2> {
        let shape = batch.dims();
        let upload = |values: Vec<f32>| Tensor::<2>::from_data(TensorData::new(values, shape), device);
        let kept = match self.keep {
            Some(keep) => batch * upload(keep),
            None => batch,
        };
        let noisy = match self.add {
            Some(add) => kept + upload(add),
            None => kept,
        };
        if self.clip { noisy.clamp(0.0, 1.0) } else { noisy }
    }

    /// Corrupts values on the host.
    pub fn apply_to(&self, values: &mut [f32]) {
        if let Some(keep) = &self.keep {
            values.iter_mut().zip(keep).for_each(|(value, keep)| *value *= keep);
        }
        if let Some(add) = &self.add {
            values.iter_mut().zip(add).for_each(|(value, add)| *value += add);
        }
        if self.clip {
            values.iter_mut().for_each(|value| *value = value.clamp(0.0, 1.0));
        }
    }
}

/// A picture (or several in a row) at exactly the corruption's level, varied or not. The noise depends on `noise_seed`
/// and on `index`, which tells the pictures of a set apart.
pub fn corrupt_picture(pixels: &[f32], corruption: Corruption, noise_seed: u64, index: u64) -> Vec<f32> {
    let mut noisy = pixels.to_vec();
    let exact = Corruption { varied: false, ..corruption };
    let mut random = generator(noise_seed, Stream::PictureNoise, index);
    if let Some(noise) = DrawnNoise::draw(exact, 1, pixels.len(), &mut random) {
        noise.apply_to(&mut noisy);
    }
    noisy
}
