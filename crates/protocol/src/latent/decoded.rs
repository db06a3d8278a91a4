//! Decoded codes, and the description of one sample.

use serde::{Deserialize, Serialize};

use crate::{Bytes, Floats, GridShape};

/// A place that can be decoded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodePoint {
    /// The code of a vector of the map.
    Sample(usize),
    /// A code.
    Code(Floats),
    /// A place on the current map, [horizontal, vertical]. Of PCA it is the code with these two components, the others
    /// at their mean. Else it is the mean of the nearest codes by inverse squared distance; of a pair of latent numbers
    /// those two are exact.
    Map([f32; 2]),
}

/// Decoding of the vectors, as far as it goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decoding {
    /// To pictures.
    Pictures {
        /// Shape of each.
        shape: GridShape,
    },
    /// To rows of a table.
    Rows {
        /// Names of the columns.
        columns: Vec<String>,
    },
    /// Not from a code alone, for the reason in a sentence.
    Impossible {
        /// The sentence.
        reason: String,
    },
}

/// Decoded samples, one after the other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecodedSamples {
    /// Number of samples.
    pub count: usize,
    /// Their codes, one after the other; empty if they come from no code.
    pub codes: Floats,
    /// The samples.
    pub content: DecodedContent,
}

/// Content of decoded samples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecodedContent {
    /// Pictures of `shape.len()` bytes each, channel by channel: 0 is paper, 255 is ink.
    Pictures {
        /// Shape of each.
        shape: GridShape,
        /// Their bytes.
        pixels: Bytes,
    },
    /// Rows of the table, each with a cell per column of [`Decoding::Rows`], in the file's own units.
    Rows {
        /// The cells.
        cells: Vec<Vec<String>>,
    },
}

/// A neighbour in code space.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct NearVector {
    /// Index of its vector.
    pub index: usize,
    /// Euclidean distance between the codes.
    pub distance: f32,
}

/// One vector of the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SampleDetails {
    /// Index of the vector.
    pub index: usize,
    /// Its code.
    pub code: Floats,
    /// The sample; `None` for vectors from a file.
    pub sample: Option<DecodedContent>,
    /// Its reconstruction; `None` for vectors from a file.
    pub reconstruction: Option<DecodedContent>,
    /// Reconstruction error; `None` without a reconstruction.
    pub error: Option<f32>,
    /// Median reconstruction error of the map's samples.
    pub usual_error: Option<f32>,
    /// Nearest codes, nearest first.
    pub nearest: Vec<NearVector>,
}
