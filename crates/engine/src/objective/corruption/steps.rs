//! Whole steps of a sequence hidden: the rows of a picture, the values of a vector.

use super::noise_builder::{NoiseBuilder, count_of_share, random_subset};

/// Hides a share `level` of the steps, at least one.
pub(super) fn draw(noise: &mut NoiseBuilder, level: f32) {
    let steps = if noise.layout.is_vector() { noise.positions() } else { noise.layout.shape.height };
    let chosen = random_subset(count_of_share(level, steps), steps, noise.rng);
    let positions_per_step = noise.positions() / steps;
    let is_hidden: Vec<bool> =
        chosen.into_iter().flat_map(|chosen| std::iter::repeat_n(chosen, positions_per_step)).collect();
    noise.hide(&is_hidden);
}
