//! Limits of pictures.

use std::ops::RangeInclusive;

use pinhole_protocol::{GridShape, LIMITS};

/// Sides of a picture that a network can read, in pixels.
pub const PICTURE_SIDES: RangeInclusive<usize> = 16..=64;

/// Largest side of a picture that is decoded, in pixels.
pub(super) const MAX_SIDE_PX: u32 = 8192;

/// Most bytes of pictures held at once: 100,000 pictures of MNIST's size, or 6,380 of 64x64 in colour.
pub(super) const MAX_PIXELS: usize = LIMITS.images * GridShape::MNIST.len();
