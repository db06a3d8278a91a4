//! Events of the lab "Latent space".

use serde::{Deserialize, Serialize};

use super::{
    AugmentationEffect, DecodedSamples, DrawnSamples, LatentMeasures, ProjectedMap, SampleDetails, VectorSet, Walks,
};
use crate::{Bytes, Failure, Floats};

/// Part of a longer job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LatentActivity {
    /// Encoding samples.
    Encoding,
    /// Reading a file.
    Reading,
    /// Searching neighbours.
    Neighbours,
    /// Laying out.
    Layout,
    /// Measuring.
    Measuring,
    /// Drawing and decoding new samples.
    Drawing,
    /// Training with drawn samples and without.
    Augmenting,
}

/// Progress of a longer job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LatentProgress {
    /// The part.
    pub activity: LatentActivity,
    /// Units done: vectors, steps or measures.
    pub done: usize,
    /// Units in all.
    pub total: usize,
    /// Units per second.
    pub per_second: f32,
    /// Seconds left, once they can be told.
    pub seconds_left: Option<f32>,
    /// True while the job waits for `Resume`.
    pub is_paused: bool,
    /// Positions so far, of a layout in progress.
    pub positions: Option<Floats>,
}

/// Held-out codes at one moment of a run, as positions on a map whose axes stay put.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Finished epochs.
    pub epoch: usize,
    /// [horizontal, vertical] of each sample: the latent numbers themselves if there are two, else the first principal
    /// components, turned onto those of the snapshot before (Procrustes).
    pub positions: Floats,
    /// Class of each sample; 255 without a label.
    pub labels: Bytes,
}

/// An event of the lab "Latent space".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LatentEvent {
    /// Vectors are open.
    Opened(Box<VectorSet>),
    /// Codes of a run's held-out samples.
    Snapshot(Snapshot),
    /// Progress of a longer job.
    Progress(LatentProgress),
    /// A map is ready.
    Projected(Box<ProjectedMap>),
    /// A job was stopped and left nothing.
    Cancelled,
    /// A command of this lab could not be carried out. Other labs need not hear of it; a failure of the device, which
    /// concerns them all, is an `Event::Failed`.
    Failed {
        /// Number of the request that was refused; `None` for a job.
        request: Option<u32>,
        /// The reason.
        failure: Failure,
    },
    /// One vector.
    Sample {
        /// Number of the request.
        request: u32,
        /// The vector.
        details: Box<SampleDetails>,
    },
    /// Decoded samples.
    Decoded {
        /// Number of the request.
        request: u32,
        /// The samples.
        samples: DecodedSamples,
    },
    /// Walks of every latent number.
    Walks {
        /// Number of the request.
        request: u32,
        /// The walks.
        walks: Box<Walks>,
    },
    /// Drawn samples.
    Drawn {
        /// Number of the request.
        request: u32,
        /// The samples.
        drawn: Box<DrawnSamples>,
    },
    /// Effect of drawn samples on training.
    Augmented(AugmentationEffect),
    /// Measures.
    Measured(Box<LatentMeasures>),
    /// A file to download.
    Exported {
        /// Name of the file.
        name: String,
        /// Its content.
        bytes: Bytes,
    },
}
