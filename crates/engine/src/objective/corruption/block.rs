//! A hidden rectangle, to be painted in: Pathak et al., "Context Encoders", CVPR 2016.

use pinhole_protocol::GridShape;
use rand::RngExt;

use super::Drawing;

/// How much longer one side may be than the other, before the picture's edge limits it.
const MOST_ASPECT: f32 = 2.0;

/// Hides a rectangle of a share `level` of the picture, of a random aspect and anywhere within it.
pub(super) fn draw(drawing: &mut Drawing<'_>, level: f32) {
    let GridShape { height, width, .. } = drawing.arrangement.shape;
    let area = (level * (height * width) as f32).max(1.0);
    // As often tall as wide.
    let aspect = MOST_ASPECT.powf(drawing.random.random_range(-1.0..=1.0));
    let shortest = (area / width as f32).ceil().max(1.0) as usize;
    let rows = ((area * aspect).sqrt().round() as usize).clamp(shortest.min(height), height);
    let columns = ((area / rows as f32).round() as usize).clamp(1, width);
    let top = drawing.random.random_range(0..=height - rows);
    let left = drawing.random.random_range(0..=width - columns);
    let mut is_hidden = vec![false; height * width];
    for row in is_hidden.chunks_exact_mut(width).skip(top).take(rows) {
        row[left..left + columns].fill(true);
    }
    drawing.hide(&is_hidden);
}
