//! Bytes to samples: MNIST's IDX files, pictures, a drawing, a generator of digits, and the 8x8 digits that ship.
//!
//! A picture is grey or colour bytes, channel by channel, row by row; 0 is paper and 255 is ink. Opened pictures keep
//! their colours and up to 64x64 pixels, and are brought to what the network reads when a run is prepared ([`suited`]).

mod canvas;
mod centre;
mod digits8x8;
mod error;
mod frame;
mod idx;
mod labels;
mod open;
mod picture;
mod resample;
mod sample_set;
mod split;
mod strokes;
mod suit;
mod table_rows;
mod tint;

use std::ops::RangeInclusive;

use pinhole_protocol::{GridShape, LIMITS};

pub use centre::centre_drawing;
pub use digits8x8::digits8x8;
pub use error::DataError;
pub use labels::Labels;
pub use open::open_images;
pub use sample_set::{Arrangement, SampleSet};
pub use split::{Split, split};
pub use strokes::{StrokeGenerator, strokes};
pub(crate) use suit::{check_picture_channels, fit, fit_values};
pub use suit::{check_picture_input, check_suits, fitted, suited};
pub use table_rows::{SamplePlan, SamplesJob};

/// Pixels that a side of a picture may have.
pub const PICTURE_SIDES: RangeInclusive<usize> = 16..=64;

/// Most bytes of pictures held at once: 100,000 of MNIST's, or 6,380 of 64x64 in colour.
const MAX_PIXELS: usize = LIMITS.images * GridShape::MNIST.len();
