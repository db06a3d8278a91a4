//! Steps of a sequence hidden as a whole; a picture's steps are its rows, a vector's its values.

use super::{Drawing, choose, share_of};

/// Hides a share `level` of the steps, at least one.
pub(super) fn draw(drawing: &mut Drawing<'_>, level: f32) {
    let steps = if drawing.arrangement.is_vector() { drawing.places() } else { drawing.arrangement.shape.height };
    let chosen = choose(share_of(level, steps), steps, drawing.random);
    let of_a_step = drawing.places() / steps;
    let is_hidden: Vec<bool> = chosen.into_iter().flat_map(|chosen| std::iter::repeat_n(chosen, of_a_step)).collect();
    drawing.hide(&is_hidden);
}
