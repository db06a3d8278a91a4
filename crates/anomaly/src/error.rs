//! Errors of anomaly detection, as sentences for people.

use pinhole_protocol::{FailureKind, SpecError};
use pinhole_table::{TableError, preparation::PreparationError};

use crate::{
    detector::{DetectorError, DetectorFileError},
    scoring::ScoringError,
};

/// Anything that fitting, scoring or exporting cannot do. Its text says what was wrong and what to do next.
#[derive(Debug, thiserror::Error)]
pub enum AnomalyError {
    /// A setting is out of range, or does not fit the table.
    #[error(transparent)]
    Setting(#[from] SpecError),
    /// A table cannot be read.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A table does not fit its detector.
    #[error(transparent)]
    Preparation(#[from] PreparationError),
    /// A file that the detector cannot score.
    #[error("“{name}” cannot be scored. {problem}")]
    Incompatible {
        /// The file's name.
        name: String,
        /// The column that does not fit, in a sentence.
        problem: PreparationError,
    },
    /// A detector cannot be trained.
    #[error(transparent)]
    Detector(#[from] DetectorError),
    /// A threshold cannot be chosen so.
    #[error(transparent)]
    Scoring(#[from] ScoringError),
    /// A detector file is not what it should be.
    #[error("“{name}” was not opened. {problem}")]
    DetectorFile {
        /// The file's name.
        name: String,
        /// Reason for which it was refused.
        problem: DetectorFileError,
    },
    /// The request makes no sense now.
    #[error("{0}")]
    State(&'static str),
}

impl AnomalyError {
    /// Error of a setting, in words.
    pub fn setting(field: &'static str, message: impl Into<String>) -> Self {
        Self::Setting(SpecError::new(field, message))
    }

    /// Kind of the failure.
    pub const fn kind(&self) -> FailureKind {
        match self {
            Self::Setting(_) | Self::Detector(_) | Self::Scoring(_) => FailureKind::Setting,
            Self::Table(_) | Self::Preparation(_) | Self::Incompatible { .. } | Self::DetectorFile { .. } => {
                FailureKind::File
            }
            Self::State(_) => FailureKind::State,
        }
    }
}
