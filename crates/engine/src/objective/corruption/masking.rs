//! Values hidden one by one: Vincent et al., "Extracting and Composing Robust Features with Denoising Autoencoders",
//! ICML 2008.

use rand::RngExt;

use super::Drawing;

/// Hides each pixel, in all its channels, or each value of a vector with probability `level`.
pub(super) fn draw(drawing: &mut Drawing<'_>, level: f32) {
    let is_hidden: Vec<bool> = (0..drawing.places()).map(|_| drawing.random.random::<f32>() < level).collect();
    drawing.hide(&is_hidden);
}
