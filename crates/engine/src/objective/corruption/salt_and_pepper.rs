//! Salt-and-pepper noise, pixels that become black or white: Vincent et al., "Stacked Denoising Autoencoders", JMLR
//! 2010.

use rand::RngExt;

use super::noise_builder::NoiseBuilder;

/// Replaces each pixel, in all its channels, or each value of a vector by 0 or 1, with probability `level / 2` each.
pub(super) fn draw(noise: &mut NoiseBuilder, level: f32) {
    let uniform: Vec<f32> = (0..noise.positions()).map(|_| noise.rng.random()).collect();
    let is_hidden: Vec<bool> = uniform.iter().map(|&u| u < level).collect();
    noise.hide(&is_hidden);
    for _ in 0..noise.channels() {
        noise.add.extend(uniform.iter().map(|&u| if u < level / 2.0 { 1.0 } else { 0.0 }));
    }
}
