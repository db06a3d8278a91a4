//! Pixels that become black or white: Vincent et al., "Stacked Denoising Autoencoders", JMLR 2010.

use rand::RngExt;

use super::Drawing;

/// Replaces each pixel, in all its channels, or each value of a vector with probability `level`, by 0 or 1.
pub(super) fn draw(drawing: &mut Drawing<'_>, level: f32) {
    let dice: Vec<f32> = (0..drawing.places()).map(|_| drawing.random.random()).collect();
    let is_hidden: Vec<bool> = dice.iter().map(|&dice| dice < level).collect();
    drawing.hide(&is_hidden);
    for _ in 0..drawing.channels() {
        drawing.add.extend(dice.iter().map(|&dice| if dice < level / 2.0 { 1.0 } else { 0.0 }));
    }
}
