//! What is said between the page, the worker and the terminal.
//!
//! An [`Experiment`] is `Data x Network x Objective x Schedule` and a seed: plain values with defaults, that a link,
//! a model file, a test or a terminal can hold. [`Experiment::check`] turns it, once, into a [`CheckedExperiment`]
//! that later code can trust. A [`Command`] goes from the page to the engine, an [`Event`] comes back.
//!
//! Nothing here knows Burn or the DOM.

mod buffers;
mod checked;
mod command;
mod data;
mod event;
mod experiment;
mod network;
mod objective;
mod plan;
mod presets;
mod schedule;
pub mod table;
#[cfg(feature = "wasm")]
pub mod wire;

pub use buffers::{Bytes, Floats};
pub use checked::{CheckedExperiment, LIMITS, Limits, SpecError};
pub use command::{BenchTask, Command, DevicePreference, NamedFile, TrainingStart};
pub use data::{DataSpec, GridShape, ImageSource};
pub use event::{
    BenchReport, Comparison, DataSummary, DeviceInfo, DeviceKind, EpochRecord, Event, Failure, FailureKind,
    ModelSummary, Progress, Quality, SampleGrid, TrainingEnd, TrainingPhase,
};
pub use experiment::Experiment;
pub use network::{Activation, BottleneckSpec, DecoderSpec, EncoderSpec, NetworkSpec};
pub use objective::{Corruption, CorruptionParseError, Noise, Objective, ReconstructionLoss};
pub use plan::{CONV_KERNEL, CONV_PADDING, CONV_STRIDE, Completeness, LayerKind, LayerPlan, NetworkPlan, Part};
pub use presets::{Preset, presets};
pub use schedule::{EarlyStopping, LearningRateSchedule, Schedule};

/// Version of the messages and of the experiment format. The worker refuses a page that speaks another one (a stale
/// cache), and a model file carries it.
pub const PROTOCOL_VERSION: u32 = 2;

/// Version of the application, as written into model files.
pub const APP_VERSION: &str = env!("CARGO_PKG_VERSION");
