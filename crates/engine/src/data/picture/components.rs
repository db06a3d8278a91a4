//! Connected parts of ink.

use super::raster::Region;
use crate::data::resample::Size;

/// Least area of a part, as a share of the largest's, that belongs to the drawing: the dot of an i is a tenth of its
/// stem, dust is less.
const MIN_PART_SHARE: f32 = 0.03;

/// Bounding box of the drawing's parts without dust; `None` without ink.
pub(super) fn bounding_box(mask: &[bool], size: Size) -> Option<Region> {
    let parts = parts(mask, size);
    let largest = parts.iter().map(|part| part.area).max()?;
    let counted = parts.iter().filter(|part| part.area as f32 >= MIN_PART_SHARE * largest as f32);
    let all = counted.copied().reduce(Part::join)?;
    let size = Size { width: all.right - all.left + 1, height: all.bottom - all.top + 1 };
    Some(Region { left: all.left, top: all.top, size })
}

/// A connected part: its area in pixels and its bounds, which belong to it.
#[derive(Clone, Copy)]
struct Part {
    area: usize,
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl Part {
    fn join(self, other: Self) -> Self {
        Self {
            area: self.area + other.area,
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

/// Parts whose pixels touch at a side or a corner.
fn parts(mask: &[bool], size: Size) -> Vec<Part> {
    let mut open = mask.to_vec();
    let mut parts = Vec::new();
    let mut stack = Vec::new();
    for start in 0..open.len() {
        if !std::mem::take(&mut open[start]) {
            continue;
        }
        stack.push(start);
        let mut part: Option<Part> = None;
        while let Some(index) = stack.pop() {
            let (x, y) = (index % size.width, index / size.width);
            let pixel = Part { area: 1, left: x, top: y, right: x, bottom: y };
            part = Some(part.map_or(pixel, |part| part.join(pixel)));
            for near_y in y.saturating_sub(1)..(y + 2).min(size.height) {
                for near_x in x.saturating_sub(1)..(x + 2).min(size.width) {
                    let near = near_y * size.width + near_x;
                    if std::mem::take(&mut open[near]) {
                        stack.push(near);
                    }
                }
            }
        }
        parts.extend(part);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dust_does_not_belong_to_a_drawing() {
        let size = Size { width: 40, height: 20 };
        let mut mask = vec![false; 800];
        for y in 5..15 {
            // A diagonal stroke and its dot.
            mask[y * 40 + y..][..4].fill(true);
        }
        mask[4 * 40 + 30..][..3].fill(true);
        mask[19 * 40 + 39] = true;
        let found = bounding_box(&mask, size).expect("there is ink");
        assert_eq!((found.left, found.top, found.size), (5, 4, Size { width: 28, height: 11 }));
        assert!(bounding_box(&[false; 800], size).is_none());
    }
}
