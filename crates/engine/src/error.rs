//! Errors of the engine, as sentences for people.

use burn::tensor::ExecutionError;
use pinhole_anomaly::AnomalyError;
use pinhole_latent::LatentError;
use pinhole_protocol::{Failure, FailureKind, SpecError};
use pinhole_table::TableError;

use crate::{bench::reference::ReferenceError, data::DataError, model_file::ModelFileError};

/// Any error of the engine. Its text says what was wrong and what to do next.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// A setting is out of range, or does not match the data or the device.
    #[error(transparent)]
    Setting(#[from] SpecError),
    /// An image file cannot be read.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A table cannot be read, or anomaly detection on it failed.
    #[error(transparent)]
    Anomaly(#[from] AnomalyError),
    /// Vectors cannot be projected, measured or sampled.
    #[error(transparent)]
    Latent(#[from] LatentError),
    /// Reference values cannot be compared.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// A model file cannot be opened.
    #[error("“{name}” was not opened. {problem}")]
    ModelFile {
        /// The file's name.
        name: String,
        /// The problem with it.
        problem: ModelFileError,
    },
    /// A file of vectors cannot be opened.
    #[error("“{name}” was not opened. {problem}")]
    VectorFile {
        /// The file's name.
        name: String,
        /// The problem with it, as a sentence.
        problem: String,
    },
    /// The device failed. A lost GPU does not come back.
    #[error(
        "The GPU failed in the middle of its work ({reason}). Nothing saved is lost: go on from the last checkpoint on the CPU."
    )]
    Device {
        /// The driver's error.
        reason: String,
    },
    /// The request is not possible in the current state.
    #[error("{0}")]
    State(&'static str),
}

impl EngineError {
    /// An error of the setting `field`.
    pub fn setting(field: &'static str, message: impl Into<String>) -> Self {
        Self::Setting(SpecError::new(field, message))
    }

    /// Kind of the error.
    pub const fn kind(&self) -> FailureKind {
        match self {
            Self::Setting(_) | Self::Latent(_) => FailureKind::Setting,
            Self::Data(_) | Self::Reference(_) | Self::ModelFile { .. } | Self::VectorFile { .. } => FailureKind::File,
            Self::Anomaly(error) => error.kind(),
            Self::Device { .. } => FailureKind::Device,
            Self::State(_) => FailureKind::State,
        }
    }
}

impl From<TableError> for EngineError {
    fn from(error: TableError) -> Self {
        Self::Anomaly(error.into())
    }
}

impl From<ExecutionError> for EngineError {
    fn from(error: ExecutionError) -> Self {
        // The driver's message follows Burn's headings and precedes a backtrace.
        const HEADINGS: [&str; 3] = ["", "The device is poisoned", "Caused by:"];
        let reason = error.reason().lines().map(str::trim).find(|line| !HEADINGS.contains(line));
        Self::Device { reason: reason.unwrap_or("no reason given").trim_end_matches('.').to_owned() }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        Self { kind: error.kind(), message: error.to_string() }
    }
}
