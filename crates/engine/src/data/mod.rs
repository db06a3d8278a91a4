//! Bytes to images: MNIST's IDX files, pictures, a drawing, a generator of digits, and the 8x8 digits that ship.
//!
//! Whatever the source, an image ends as MNIST has it: 28x28 grey bytes, row by row, 0 for paper and 255 for ink.

mod centre;
mod digits8x8;
mod error;
mod idx;
mod image_set;
mod open;
mod picture;
mod resample;
mod split;
mod strokes;

pub use centre::centre_drawing;
pub use digits8x8::digits8x8;
pub use error::DataError;
pub use image_set::ImageSet;
pub use open::open_images;
pub use split::{Split, split};
pub use strokes::{StrokeGenerator, strokes};

/// Pixels in a row, and rows, of every image.
pub const SIDE: usize = 28;

/// Pixels of every image.
pub const PIXELS: usize = SIDE * SIDE;
