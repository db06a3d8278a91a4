//! A hidden rectangle (inpainting): Pathak et al., "Context Encoders", CVPR 2016.

use pinhole_protocol::GridShape;
use rand::RngExt;

use super::noise_builder::NoiseBuilder;

/// Largest ratio of the sides, before the picture's edge limits it.
const MAX_ASPECT: f32 = 2.0;

/// Hides a rectangle of a share `level` of the picture, with random aspect and position.
pub(super) fn draw(noise: &mut NoiseBuilder, level: f32) {
    let GridShape { height, width, .. } = noise.layout.shape;
    let area = (level * (height * width) as f32).max(1.0);
    // Log-uniform: as often tall as wide.
    let aspect = MAX_ASPECT.powf(noise.rng.random_range(-1.0..=1.0));
    let shortest = (area / width as f32).ceil().max(1.0) as usize;
    let rows = ((area * aspect).sqrt().round() as usize).clamp(shortest.min(height), height);
    let columns = ((area / rows as f32).round() as usize).clamp(1, width);
    let top = noise.rng.random_range(0..=height - rows);
    let left = noise.rng.random_range(0..=width - columns);
    let mut is_hidden = vec![false; height * width];
    for row in is_hidden.chunks_exact_mut(width).skip(top).take(rows) {
        row[left..left + columns].fill(true);
    }
    noise.hide(&is_hidden);
}
