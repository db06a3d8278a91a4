//! Samples from bytes: IDX files, PNG and JPEG pictures, drawings, generated digits, and the 8x8 digits that ship with
//! the program.
//!
//! A picture is grey or colour bytes, channel by channel, row by row; 0 is paper and 255 is ink. Opened pictures keep
//! their colours and up to 64x64 pixels, and drawings among them become bright ink on black (`picture/`); [`fit_to_experiment`] fits them to a network's input when a run is prepared.

mod attributes;
mod canvas;
mod centre;
mod compatibility;
mod digits8x8;
mod error;
mod fit;
mod idx;
mod labels;
mod limits;
mod open;
mod picture;
mod resample;
mod sample_set;
mod split;
mod strokes;
mod table_rows;
mod tint;

pub use attributes::{Attribute, AttributeScale, Attributes};
pub use centre::centre_drawing;
pub use compatibility::{check_compatible, check_picture_input, fit_to_experiment, fit_to_input};
pub(crate) use compatibility::{check_picture_channels, fit_pictures, fit_values};
pub use digits8x8::digits8x8;
pub use error::DataError;
pub use labels::Labels;
pub use limits::PICTURE_SIDES;
pub use open::{open_images, open_images_with};
pub use sample_set::{SampleLayout, SampleSet};
pub use split::{Split, split};
pub use strokes::{StrokeGenerator, strokes};
pub use table_rows::{RowsRequest, SamplePlan, SamplesJob};
