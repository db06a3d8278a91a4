//! Types that the page, the worker, the engine and the terminal share: experiments, commands and events.
//!
//! An [`Experiment`] is `Data x Network x Objective x Schedule` and a seed: plain values with defaults, which links,
//! model files, tests and command lines can hold. [`Experiment::check`] validates it once and returns a
//! [`CheckedExperiment`], whose settings are in range and whose layers are laid out ([`NetworkPlan`]). A [`Command`]
//! goes from the page to the engine, an [`Event`] comes back.
//!
//! This crate depends neither on Burn nor on the DOM.

mod buffers;
mod check;
mod command;
mod conformance;
mod data;
mod event;
mod experiment;
mod generated;
mod inspection;
pub mod latent;
mod measure;
#[cfg(feature = "migration")]
pub mod migration;
mod network;
mod objective;
mod picture_changes;
mod plan;
mod presets;
mod schedule;
pub mod table;
#[cfg(feature = "wasm")]
pub mod wire;

pub use buffers::{Bytes, Floats};
pub use check::{CheckedExperiment, LIMITS, Limits, SpecError, check_row_width};
pub use command::{
    BenchTask, Command, DenoiseSource, DevicePreference, LogLevel, NamedFile, Reuse, RunModel, TrainingStart,
};
pub use conformance::{Agreement, ReferenceKind};
pub use data::{DataSpec, GridShape, ImageSource, Picture, STROKE_ATTRIBUTES};
pub use event::{
    BenchReport, DataSummary, DenoisedPicture, DeviceInfo, DeviceKind, EpochRecord, Event, Failure, FailureKind,
    LatentCode, ModelSummary, Progress, Quality, ReferencePicture, RunModels, SampleGrid, TermLosses, TrainingEnd,
    TrainingPhase, TriedRate,
};
pub use experiment::Experiment;
pub use generated::{CodeOrigin, GeneratedPictures};
pub use inspection::{Inspection, LayerInspection, ValueHistogram, WeightPictures};
pub use measure::{Measure, Measurement};
pub use network::{
    Activation, BlockPlace, BlockSpec, BottleneckSpec, DecoderSpec, HeadSpec, NetworkSpec, Normalisation, Prior,
    RegressionSpec, Scaling,
};
pub use objective::{
    Corruption, CorruptionParseError, Noise, Objective, Penalty, PenaltyKind, ReconstructionLoss, Scope, Term, Tie,
    TieTarget,
};
pub use picture_changes::{ChangedPicture, ChangedPictures, PictureChange};
pub use plan::{
    BottleneckPlan, CONV_KERNEL, CONV_PADDING, CONV_STRIDE, Completeness, Initialiser, LayerKind, LayerPlan,
    MemoryEstimate, NetworkPlan, Part, TensorPlan,
};
pub use presets::{Aim, AimBound, AimFigure, Preset, PresetGroup, presets};
pub use schedule::{Augmentation, EarlyStopping, LearningRateSchedule, Optimiser, PartRates, Schedule};

/// Version of the messages and of the experiment format. The worker refuses a page with another version (from a stale
/// cache), and a model file contains it.
pub const PROTOCOL_VERSION: u32 = 8;

/// Version of the application, written into model files.
pub const APP_VERSION: &str = env!("CARGO_PKG_VERSION");
