//! The samples of an experiment, and shapes of samples.

use serde::{Deserialize, Serialize};

use crate::Floats;

/// Source of the samples: pictures, except for the last variant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageSource {
    /// Handwritten-style digits, drawn by the built-in seeded generator.
    #[default]
    Strokes,
    /// The 1,797 real 8x8 digits of the UCI "Optical recognition of handwritten digits" test part (CC BY 4.0),
    /// upscaled.
    Digits8x8,
    /// The images that the user opened last, resized to the network's input.
    Opened,
    /// The prepared rows of the open table, one vector each.
    TableRows,
}

/// Numeric attributes of [`ImageSource::Strokes`]: the shift to the right of an upright stroke per unit of its height,
/// and the width of the pen in pixels of MNIST.
pub const STROKE_ATTRIBUTES: [&str; 2] = ["slant", "pen width"];

/// The samples of an experiment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DataSpec {
    /// Their source.
    pub source: ImageSource,
    /// Largest number of samples (the generator draws exactly as many). `None`: all, or 10,000 generated ones.
    pub limit: Option<usize>,
}

impl Default for DataSpec {
    fn default() -> Self {
        Self { source: ImageSource::Strokes, limit: Some(10_000) }
    }
}

/// Shape of an image or feature maps, [channels, height, width].
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

    /// True if it has no value.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// A picture of values from 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// Shape: 1 channel for grey, 3 for colour.
    pub shape: GridShape,
    /// Values in the order [channel, row, column]: 0 is paper, 1 is ink.
    pub values: Floats,
}
