//! MNIST's layout of a digit on its canvas, at any size.

use pinhole_protocol::GridShape;

/// Size of a picture, and of the box in its middle that a digit is scaled to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Canvas {
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Canvas {
    /// The canvas of pictures of this shape.
    pub(super) const fn of(shape: GridShape) -> Self {
        Self { width: shape.width, height: shape.height }
    }

    /// Side of the box that a digit's longer side is scaled to, in pixels: 20/28 of the picture's shorter side, as in
    /// MNIST.
    pub(super) fn box_side(self) -> usize {
        let mnist = GridShape::MNIST.width;
        ((20 * self.shorter() + mnist / 2) / mnist).max(1)
    }

    /// Scale of a digit relative to MNIST's.
    pub(super) fn scale(self) -> f32 {
        self.box_side() as f32 / 20.0
    }

    /// Pixels of one channel.
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
