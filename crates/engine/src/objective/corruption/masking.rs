//! Masking noise, values hidden independently: Vincent et al., "Extracting and Composing Robust Features with Denoising
//! Autoencoders", ICML 2008.

use rand::RngExt;

use super::noise_builder::NoiseBuilder;

/// Hides each pixel, in all its channels, or each value of a vector with probability `level`.
pub(super) fn draw(noise: &mut NoiseBuilder, level: f32) {
    let is_hidden: Vec<bool> = (0..noise.positions()).map(|_| noise.rng.random::<f32>() < level).collect();
    noise.hide(&is_hidden);
}
