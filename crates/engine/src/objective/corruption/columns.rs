//! Whole columns hidden: columns of pixels, or all values of a column of a table (several, if it is one-hot encoded).

use super::noise_builder::{NoiseBuilder, count_of_share, random_subset};

/// Hides a share `level` of the columns, at least one.
pub(super) fn draw(noise: &mut NoiseBuilder, level: f32) {
    let layout = noise.layout;
    let is_hidden = if layout.groups.is_empty() {
        let columns = if layout.is_vector() { noise.positions() } else { layout.shape.width };
        let row = random_subset(count_of_share(level, columns), columns, noise.rng);
        row.repeat(noise.positions() / columns)
    } else {
        let columns = layout.groups.len();
        let chosen = random_subset(count_of_share(level, columns), columns, noise.rng);
        let groups = layout.groups.iter().zip(chosen);
        groups.flat_map(|(group, chosen)| std::iter::repeat_n(chosen, group.len())).collect()
    };
    noise.hide(&is_hidden);
}
