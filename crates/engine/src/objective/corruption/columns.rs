//! Columns hidden as a whole: of pixels, or all values that a column of a table became.

use super::{Drawing, choose, share_of};

/// Hides a share `level` of the columns, at least one.
pub(super) fn draw(drawing: &mut Drawing<'_>, level: f32) {
    let arrangement = drawing.arrangement;
    let is_hidden = if arrangement.groups.is_empty() {
        let columns = if arrangement.is_vector() { drawing.places() } else { arrangement.shape.width };
        let row = choose(share_of(level, columns), columns, drawing.random);
        row.repeat(drawing.places() / columns)
    } else {
        let columns = arrangement.groups.len();
        let chosen = choose(share_of(level, columns), columns, drawing.random);
        let spread = arrangement.groups.iter().zip(chosen);
        spread.flat_map(|(group, chosen)| std::iter::repeat_n(chosen, group.len())).collect()
    };
    drawing.hide(&is_hidden);
}
