//! Commands of the lab "Latent space".

use serde::{Deserialize, Serialize};

use super::{CodePoint, CodePrior, Interpolation, MeanTerm, Projection, Question};
use crate::NamedFile;

/// Samples of the model's data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SampleRange {
    /// Those that training does not see.
    #[default]
    HeldOut,
    /// All of them.
    All,
}

/// Origin of the vectors on a map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VectorSource {
    /// Codes of samples, by the network in training or else by the current model of the Digits lab.
    Model {
        /// The encoded samples.
        samples: SampleRange,
    },
    /// Codes of the scored table's rows, by the autoencoder of the Tables lab's detector.
    Detector,
    /// Vectors or coordinates of a file made elsewhere, CSV or NPY.
    File(NamedFile),
}

/// A command of the lab "Latent space". A longer job sends `LatentEvent::Progress` and ends with the answer named here,
/// with `Cancelled`, or with `Failed`. A `request` is a number that the answer repeats: only the newest counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LatentCommand {
    /// Take vectors. Answered by `Opened`; if they are refused, the vectors before them stay.
    Open {
        /// Their origin.
        source: VectorSource,
    },
    /// Send a `Snapshot` of held-out codes now and after every epoch of a run, or no longer.
    Follow {
        /// True to send them.
        is_on: bool,
    },
    /// Lay the vectors out in two dimensions. Answered by `Projected`. A projection in progress gives way.
    Project {
        /// Method and its settings.
        projection: Projection,
        /// Seed of start and sampling.
        seed: u64,
    },
    /// Pause the projection. Answered by `Progress`, with `is_paused`.
    Pause,
    /// Resume the projection.
    Resume,
    /// Stop the job; a projection keeps what it has. Answered by `Projected` or `Cancelled`.
    Stop,
    /// Describe one vector of the map. Answered by `Sample`.
    Describe {
        /// Number of the request.
        request: u32,
        /// Index of the vector.
        index: usize,
    },
    /// Decode samples for a list, such as the chosen ones. Answered by `Decoded`: the samples themselves, not their
    /// reconstructions.
    Show {
        /// Number of the request.
        request: u32,
        /// Indices of the vectors.
        indices: Vec<usize>,
    },
    /// Decode one place. Answered by `Decoded`.
    Decode {
        /// Number of the request.
        request: u32,
        /// The place.
        at: CodePoint,
    },
    /// Decode a grid over the map, row by row from the top. Answered by `Decoded`.
    DecodeGrid {
        /// Number of the request.
        request: u32,
        /// Least and greatest horizontal position.
        across: [f32; 2],
        /// Least and greatest vertical position.
        up: [f32; 2],
        /// Pictures along each side.
        side: usize,
    },
    /// Change every latent number alone, from low to high. Answered by `Walks`.
    Walk {
        /// Number of the request.
        request: u32,
        /// Code that the others are kept at.
        around: CodePoint,
        /// Decoded samples per number.
        steps: usize,
    },
    /// Walk from one place to another. Answered by `Decoded`, with the codes.
    Interpolate {
        /// Number of the request.
        request: u32,
        /// First place.
        from: CodePoint,
        /// Last place.
        to: CodePoint,
        /// The way between them.
        interpolation: Interpolation,
        /// Decoded samples, both ends included.
        steps: usize,
    },
    /// Decode a weighted sum of means of vectors, such as a - b + c. Answered by `Decoded`, with its code.
    Combine {
        /// Number of the request.
        request: u32,
        /// The summands.
        terms: Vec<MeanTerm>,
    },
    /// Walk from a place along the direction from one group's mean to another's. Answered by `Decoded`.
    WalkDirection {
        /// Number of the request.
        request: u32,
        /// The place.
        around: CodePoint,
        /// Vectors of the first group.
        from: Vec<usize>,
        /// Vectors of the second group.
        to: Vec<usize>,
        /// Decoded samples; the place itself stands in the middle.
        steps: usize,
    },
    /// Draw new codes and decode them. Answered by `Drawn`.
    Draw {
        /// Number of the request.
        request: u32,
        /// Distribution of the codes.
        prior: CodePrior,
        /// Number of codes.
        count: usize,
        /// Seed of the draws.
        seed: u64,
    },
    /// Train a classifier or a detector with drawn samples and without. Answered by `Augmented`.
    Augment {
        /// Distribution of the codes.
        prior: CodePrior,
        /// Number of drawn samples.
        count: usize,
        /// Seed of the draws.
        seed: u64,
    },
    /// Answer what the code is good for. Answered by `Measured`.
    Measure {
        /// The question.
        question: Question,
        /// True for all measures beside the deciding one.
        with_more: bool,
    },
    /// Export the map's coordinates, with ids, labels, errors and the columns of the samples, as CSV. Answered by
    /// `Exported`.
    ExportCoordinates {
        /// The exported vectors; `None` for all.
        indices: Option<Vec<usize>>,
    },
    /// Export drawn samples: rows as CSV in the file's units, pictures as one NPY file. Answered by `Exported`.
    ExportDrawn {
        /// Distribution of the codes.
        prior: CodePrior,
        /// Number of codes.
        count: usize,
        /// Seed of the draws.
        seed: u64,
    },
}

impl LatentCommand {
    /// Number of the request, which its answer repeats; `None` for a command that has none.
    pub const fn request(&self) -> Option<u32> {
        match self {
            Self::Describe { request, .. }
            | Self::Show { request, .. }
            | Self::Decode { request, .. }
            | Self::DecodeGrid { request, .. }
            | Self::Walk { request, .. }
            | Self::Interpolate { request, .. }
            | Self::Combine { request, .. }
            | Self::WalkDirection { request, .. }
            | Self::Draw { request, .. } => Some(*request),
            Self::Open { .. }
            | Self::Follow { .. }
            | Self::Project { .. }
            | Self::Pause
            | Self::Resume
            | Self::Stop
            | Self::Augment { .. }
            | Self::Measure { .. }
            | Self::ExportCoordinates { .. }
            | Self::ExportDrawn { .. } => None,
        }
    }

    /// Name of the command, for the log.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Open { .. } => "latent.open",
            Self::Follow { .. } => "latent.follow",
            Self::Project { .. } => "latent.project",
            Self::Pause => "latent.pause",
            Self::Resume => "latent.resume",
            Self::Stop => "latent.stop",
            Self::Describe { .. } => "latent.describe",
            Self::Show { .. } => "latent.show",
            Self::Decode { .. } => "latent.decode",
            Self::DecodeGrid { .. } => "latent.decode_grid",
            Self::Walk { .. } => "latent.walk",
            Self::Interpolate { .. } => "latent.interpolate",
            Self::Combine { .. } => "latent.combine",
            Self::WalkDirection { .. } => "latent.walk_direction",
            Self::Draw { .. } => "latent.draw",
            Self::Augment { .. } => "latent.augment",
            Self::Measure { .. } => "latent.measure",
            Self::ExportCoordinates { .. } => "latent.export_coordinates",
            Self::ExportDrawn { .. } => "latent.export_drawn",
        }
    }
}
