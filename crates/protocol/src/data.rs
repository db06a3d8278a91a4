//! Which samples to learn from.

use serde::{Deserialize, Serialize};

use crate::Floats;

/// Where samples come from: pictures, but for the last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageSource {
    /// Handwritten-style digits drawn by the built-in generator: seeded, endless.
    #[default]
    Strokes,
    /// The 1,797 real 8x8 digits of the UCI "Optical recognition of handwritten digits" test part (CC BY 4.0), upscaled.
    Digits8x8,
    /// What the user opened last, brought to the network's input.
    Opened,
    /// No images: the prepared rows of the table that is open, one vector each.
    TableRows,
}

/// The samples of an experiment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DataSpec {
    /// Where the images come from.
    pub source: ImageSource,
    /// At most so many images are used (the generator makes exactly so many). `None`: all, or 10,000 generated.
    pub limit: Option<usize>,
}

impl Default for DataSpec {
    fn default() -> Self {
        Self { source: ImageSource::Strokes, limit: Some(10_000) }
    }
}

/// Height, width and channels of an image or feature map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridShape {
    /// Channels (1 for grey).
    pub channels: usize,
    /// Rows of pixels.
    pub height: usize,
    /// Columns of pixels.
    pub width: usize,
}

impl GridShape {
    /// A 28x28 grey image, as in MNIST.
    pub const MNIST: Self = Self { channels: 1, height: 28, width: 28 };

    /// Number of values.
    pub const fn len(self) -> usize {
        self.channels * self.height * self.width
    }

    /// Whether it holds no value at all.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// A picture of values from 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// Its size, and whether it is grey (1 channel) or in colour (3).
    pub shape: GridShape,
    /// Channel by channel, row by row: 0 paper, 1 ink.
    pub values: Floats,
}
