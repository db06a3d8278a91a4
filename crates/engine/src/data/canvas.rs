//! MNIST's frame, at any size.

use pinhole_protocol::GridShape;

/// A picture's plane, and the box that ink fills in its middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Canvas {
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Canvas {
    /// The planes of pictures of this shape.
    pub(super) const fn of(shape: GridShape) -> Self {
        Self { width: shape.width, height: shape.height }
    }

    /// Longer side of the box that a digit is scaled to: MNIST's 20 of 28 pixels, of the picture's shorter side.
    pub(super) fn box_side(self) -> usize {
        let mnist = GridShape::MNIST.width;
        ((20 * self.shorter() + mnist / 2) / mnist).max(1)
    }

    /// How much larger than MNIST's a digit is.
    pub(super) fn scale(self) -> f32 {
        self.box_side() as f32 / 20.0
    }

    /// Pixels of the plane.
    pub(super) const fn len(self) -> usize {
        self.width * self.height
    }

    fn shorter(self) -> usize {
        self.width.min(self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_box_is_mnists_at_mnists_size() {
        let canvas = |height, width| Canvas::of(GridShape { channels: 1, height, width });
        assert_eq!((canvas(28, 28).box_side(), canvas(28, 28).scale()), (20, 1.0));
        assert_eq!([canvas(16, 16), canvas(64, 64), canvas(64, 16)].map(Canvas::box_side), [11, 46, 11]);
    }
}
