//! Additive normal noise: Vincent et al., "Stacked Denoising Autoencoders", JMLR 2010.

use rand::RngExt;
use rand_distr::StandardNormal;

use super::noise_builder::NoiseBuilder;

/// Adds `N(0, level²)` to every value.
pub(super) fn draw(noise: &mut NoiseBuilder, level: f32) {
    for _ in 0..noise.layout.shape.len() {
        let epsilon: f32 = noise.rng.sample(StandardNormal);
        noise.add.push(level * epsilon);
    }
}
