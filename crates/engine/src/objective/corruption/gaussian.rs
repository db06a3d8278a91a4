//! Normal noise: Vincent et al., "Stacked Denoising Autoencoders", JMLR 2010.

use rand::RngExt;
use rand_distr::StandardNormal;

use super::Drawing;

/// Adds to every value; `level` is the standard deviation.
pub(super) fn draw(drawing: &mut Drawing<'_>, level: f32) {
    for _ in 0..drawing.arrangement.shape.len() {
        let noise: f32 = drawing.random.sample(StandardNormal);
        drawing.add.push(level * noise);
    }
}
