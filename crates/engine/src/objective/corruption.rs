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
            for value in values {
                *value = value.clamp(0.0, 1.0);
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    const LEVEL: f32 = 0.3;

    /// `count` pixels of one grey, corrupted.
    fn corrupted(noise: Noise, grey: f32, count: usize) -> Vec<f32> {
        corrupt_picture(&vec![grey; count], Corruption::new(noise, LEVEL), 4, 0)
    }

    fn share(values: &[f32], of: f32) -> f32 {
        values.iter().filter(|value| (**value - of).abs() < 1e-6).count() as f32 / values.len() as f32
    }

    #[test]
    fn gaussian_noise_has_its_deviation_and_stays_a_picture() {
        let values = corrupted(Noise::GaussianUnclipped, 0.5, 20_000);
        let mean = values.iter().sum::<f32>() / 20_000.0;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / 20_000.0;
        assert!((mean - 0.5).abs() < 0.01 && (variance.sqrt() - LEVEL).abs() < 0.01, "{mean}, {variance}");
        assert!(values.iter().any(|value| *value < 0.0) && values.iter().any(|value| *value > 1.0));
        assert!(corrupted(Noise::Gaussian, 0.5, 20_000).iter().all(|value| (0.0..=1.0).contains(value)));
    }

    #[test]
    fn salt_and_pepper_and_masking_hit_their_share() {
        let values = corrupted(Noise::SaltAndPepper, 0.5, 20_000);
        assert!((share(&values, 0.0) - LEVEL / 2.0).abs() < 0.01);
        assert!((share(&values, 1.0) - LEVEL / 2.0).abs() < 0.01);
        assert!((share(&values, 0.5) - (1.0 - LEVEL)).abs() < 0.01);
        let values = corrupted(Noise::Masking, 0.5, 20_000);
        assert!((share(&values, 0.0) - LEVEL).abs() < 0.01);
        assert!((share(&values, 0.5) - (1.0 - LEVEL)).abs() < 0.01);
    }

    #[test]
    fn nothing_is_done_without_noise() {
        assert!((share(&corrupted(Noise::None, 0.7, 784), 0.7) - 1.0).abs() < 1e-6);
        let untouched = corrupt_picture(&[0.7; 784], Corruption::new(Noise::Gaussian, 0.0), 1, 0);
        assert!((share(&untouched, 0.7) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn seed_and_index_fix_the_noise() {
        let noisy = |seed, index| corrupt_picture(&[0.5; 784], Corruption::new(Noise::Gaussian, LEVEL), seed, index);
        assert_eq!(noisy(1, 2), noisy(1, 2));
        assert_ne!(noisy(1, 2), noisy(2, 2));
        assert_ne!(noisy(1, 2), noisy(1, 3));
    }

    #[test]
    fn device_and_host_corrupt_alike() {
        let device = Device::flex();
        for noise in Noise::ALL {
            let corruption = Corruption { noise, level: LEVEL, varied: true };
            let drawn = DrawnNoise::draw(corruption, 3, 50, &mut generator(9, Stream::TrainingNoise, 0));
            let Some(drawn) = drawn else { continue };
            let mut on_host = vec![0.4; 150];
            drawn.apply_to(&mut on_host);
            let batch = Tensor::from_data(TensorData::new(vec![0.4_f32; 150], [3, 50]), &device);
            let on_device: Vec<f32> = drawn.apply(batch, &device).into_data().try_into_vec().expect("floats");
            assert_eq!(on_host, on_device, "{noise:?}");
        }
    }

    #[test]
    fn a_varied_level_differs_from_image_to_image_and_keeps_below_its_most() {
        let corruption = Corruption { noise: Noise::Masking, level: 0.8, varied: true };
        let drawn = DrawnNoise::draw(corruption, 200, 500, &mut generator(9, Stream::TrainingNoise, 0));
        let keep = drawn.and_then(|drawn| drawn.keep).expect("masking keeps some");
        let masked: Vec<f32> = keep.chunks(500).map(|image| share(image, 0.0)).collect();
        let mean = masked.iter().sum::<f32>() / 200.0;
        assert!((mean - 0.4).abs() < 0.06, "{mean}");
        assert!(masked.iter().any(|share| *share < 0.1) && masked.iter().any(|share| *share > 0.7));
        assert!(masked.iter().all(|share| *share < 0.9));
    }
}
