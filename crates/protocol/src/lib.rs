//! What is said between the page, the worker and the terminal.
//!
//! An [`Experiment`] is `Data x Network x Objective x Schedule` and a seed: plain values with defaults, that a link,
//! a model file, a test or a terminal can hold. [`Experiment::check`] turns it, once, into a [`CheckedExperiment`]
//! that later code can trust. A [`Command`] goes from the page to the engine, an [`Event`] comes back.
//!
//! Nothing here knows Burn or the DOM.

mod buffers;
mod check;
mod command;
mod conformance;
mod data;
mod event;
mod experiment;
mod inspection;
mod measure;
pub mod migration;
mod network;
mod objective;
mod plan;
mod presets;
mod schedule;
pub mod table;
#[cfg(feature = "wasm")]
pub mod wire;

pub use buffers::{Bytes, Floats};
pub use check::{CheckedExperiment, LIMITS, Limits, SpecError, check_row_width};
pub use command::{BenchTask, Command, DevicePreference, NamedFile, Reuse, RunModel, TrainingStart};
pub use conformance::{Agreement, Reference};
pub use data::{DataSpec, GridShape, ImageSource, Picture};
pub use event::{
    BenchReport, Comparison, DataSummary, DeviceInfo, DeviceKind, EpochRecord, Event, Failure, FailureKind,
    ModelSummary, Progress, Quality, RunModels, SampleGrid, TermLosses, TrainingEnd, TrainingPhase, TriedRate,
};
pub use experiment::Experiment;
pub use inspection::{Inspection, LayerInspection, ValueHistogram, WeightPictures};
pub use measure::{Measure, Measurement};
pub use network::{
    Activation, BlockPlace, BlockSpec, BottleneckSpec, DecoderSpec, HeadSpec, NetworkSpec, Normalisation, Prior,
    Scaling,
};
pub use objective::{
    Corruption, CorruptionParseError, Noise, Objective, Penalty, PenaltyKind, ReconstructionLoss, Scope, Term,
};
pub use plan::{
    BottleneckPlan, CONV_KERNEL, CONV_PADDING, CONV_STRIDE, Completeness, Form, Initial, LayerKind, LayerPlan,
    MemoryEstimate, NetworkPlan, Part, TensorPlan,
};
pub use presets::{Preset, PresetGroup, presets};
pub use schedule::{Augmentation, EarlyStopping, LearningRateSchedule, Optimiser, PartRates, Schedule};

/// Version of the messages and of the experiment format. The worker refuses a page that speaks another one (a stale
/// cache), and a model file carries it.
pub const PROTOCOL_VERSION: u32 = 3;

/// Version of the application, as written into model files.
pub const APP_VERSION: &str = env!("CARGO_PKG_VERSION");
