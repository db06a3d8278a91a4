//! Types of the lab "Latent space": vectors and their map, decoded codes, walks, sampling and measures.

mod command;
mod decoded;
mod event;
mod map;
mod measures;
mod sampling;
mod walk;

pub use command::{LatentCommand, SampleRange, VectorSource};
pub use decoded::{CodePoint, DecodedContent, DecodedSamples, Decoding, NearVector, SampleDetails};
pub use event::{LatentActivity, LatentEvent, LatentProgress, Snapshot};
pub use map::{MapQuality, PcaSummary, ProjectedMap, Projection, SampleColumn, SampleValues, Thumbnails, VectorSet};
pub use measures::{Candidate, Grade, LatentMeasure, LatentMeasures, Question, Verdict};
pub use sampling::{AugmentationEffect, CodePrior, DrawnSamples, SamplingQuality};
pub use walk::{DimensionWalk, Interpolation, MeanTerm, Walks};
