//! The detectors of every [`Method`] as one type, and their training.

use std::time::Duration;

use pinhole_numerics::moments::column_means;
use pinhole_protocol::table::Method;
use web_time::Instant;

use super::{
    ensemble::{Ensemble, TrainingMode},
    ensemble_run::EnsembleRun,
    error::DetectorError,
    feature_table::FeatureTable,
};
use crate::baselines::{IsolationForest, IsolationForestFit, Pca, PcaFit, TREES};

/// Rows that PCA adds between two checks of the time.
const CHUNK_ROWS: usize = 1_024;

/// A trained detector.
#[derive(Clone, Debug)]
pub enum Detector {
    /// The autoencoder with the other members of its ensemble.
    Ensemble(Box<Ensemble>),
    /// Principal components.
    Pca(Pca),
    /// An isolation forest alone.
    IsolationForest {
        /// The forest.
        forest: IsolationForest,
        /// Mean of each feature in training: the expected values, as a forest has none.
        means: Vec<f32>,
    },
}

impl Detector {
    /// Appends the anomaly score of each prepared row.
    pub fn score(&self, rows: &[f32], scores: &mut Vec<f64>) {
        match self {
            Self::Ensemble(ensemble) => ensemble.score(rows, scores),
            Self::Pca(pca) => {
                let mut residuals = vec![0.0; pca.width()];
                scores.extend(rows.chunks_exact(pca.width().max(1)).map(|row| pca.score(row, &mut residuals)));
            }
            Self::IsolationForest { forest, means } => {
                scores.extend(rows.chunks_exact(means.len().max(1)).map(|row| forest.score(row)));
            }
        }
    }

    /// Contribution of each feature to the score of each row, [rows, features]: squared errors in units of the
    /// feature's standard deviation in training; of a forest, shares of the score.
    pub fn feature_errors(&self, rows: &[f32]) -> Vec<f32> {
        match self {
            Self::Ensemble(ensemble) => ensemble.feature_errors(rows),
            Self::Pca(pca) => {
                let mut errors = vec![0.0; rows.len()];
                let width = pca.width().max(1);
                for (row, residuals) in rows.chunks_exact(width).zip(errors.chunks_exact_mut(width)) {
                    pca.score(row, residuals);
                    for residual in residuals {
                        *residual *= *residual;
                    }
                }
                errors
            }
            Self::IsolationForest { forest, means } => {
                let mut errors = vec![0.0; rows.len()];
                let width = means.len().max(1);
                for (row, shares) in rows.chunks_exact(width).zip(errors.chunks_exact_mut(width)) {
                    let score = forest.explain(row, shares) as f32;
                    for share in shares {
                        *share *= score;
                    }
                }
                errors
            }
        }
    }

    /// Expected values of a row's features: the reconstruction; of a forest, the means.
    pub fn reconstruct(&self, row: &[f32]) -> Vec<f32> {
        match self {
            Self::Ensemble(ensemble) => ensemble.reconstruct(row),
            Self::Pca(pca) => {
                let mut residuals = vec![0.0; pca.width()];
                pca.score(row, &mut residuals);
                pca.expected(row, &residuals)
            }
            Self::IsolationForest { means, .. } => means.clone(),
        }
    }

    /// Description in words.
    pub fn describe(&self) -> String {
        match self {
            Self::Ensemble(ensemble) => ensemble.describe(),
            Self::Pca(pca) => format!("principal components of {} features", pca.width()),
            Self::IsolationForest { .. } => format!("{TREES} trees"),
        }
    }

    /// Warnings of its training, one sentence each.
    pub fn warnings(&self) -> Vec<String> {
        match self {
            Self::Ensemble(ensemble) => ensemble.warnings(),
            Self::Pca(_) | Self::IsolationForest { .. } => Vec::new(),
        }
    }

    /// Note on the contributions by column; `None` if they are those of the whole score.
    pub fn explanation_note(&self) -> Option<&'static str> {
        match self {
            Self::Ensemble(_) => Some(
                "The contributions are those of the network's error. The other ensemble members, its neighbours among \
                 the training rows (and a forest, where no label said which rows are normal), are part of the score too.",
            ),
            Self::Pca(_) => None,
            Self::IsolationForest { .. } => {
                Some("A forest has no expected values: the column's mean in training stands beside the seen value.")
            }
        }
    }
}

/// Training of a detector.
pub enum DetectorRun {
    /// The autoencoder with the other members of its ensemble.
    Ensemble(Box<EnsembleRun>),
    /// Principal components.
    Pca {
        /// Sums over the rows before `next`.
        fit: PcaFit,
        /// Rows that train.
        rows: FeatureTable,
        /// Index of the next row to add.
        next: usize,
    },
    /// A forest, grown at once in some milliseconds.
    IsolationForest {
        /// Rows that train.
        rows: FeatureTable,
        /// Seed of the trees.
        seed: u64,
    },
}

impl DetectorRun {
    /// A run at its first step.
    ///
    /// # Errors
    /// When the rows are too few, or too wide for the method.
    pub fn new(method: Method, rows: FeatureTable, mode: TrainingMode, seed: u64) -> Result<Self, DetectorError> {
        Ok(match method {
            Method::Autoencoder => Self::Ensemble(Box::new(EnsembleRun::new(rows, mode, seed)?)),
            Method::Pca => Self::Pca { fit: PcaFit::new(rows.width)?, rows, next: 0 },
            Method::IsolationForest => {
                // Too few rows are an error now, and not after a pause.
                IsolationForestFit::new(&rows.values, rows.width, seed)?;
                Self::IsolationForest { rows, seed }
            }
        })
    }

    /// Works for about `slice`. Returns the detector with the last slice; the run must not be advanced after that.
    ///
    /// # Errors
    /// When the rows cannot be learnt from.
    pub fn advance(&mut self, slice: Duration) -> Result<Option<Detector>, DetectorError> {
        match self {
            Self::Ensemble(run) => Ok(run.advance(slice)?.map(|ensemble| Detector::Ensemble(Box::new(ensemble)))),
            Self::Pca { fit, rows, next } => {
                let start = Instant::now();
                while *next < rows.len() && start.elapsed() < slice {
                    let end = (*next + CHUNK_ROWS).min(rows.len());
                    fit.add(&rows.values[*next * rows.width..end * rows.width]);
                    *next = end;
                }
                if *next < rows.len() {
                    return Ok(None);
                }
                let fit = std::mem::replace(fit, PcaFit::new(rows.width)?);
                Ok(Some(Detector::Pca(fit.finish()?)))
            }
            Self::IsolationForest { rows, seed } => {
                let forest = IsolationForestFit::new(&rows.values, rows.width, *seed)?.finish();
                Ok(Some(Detector::IsolationForest {
                    forest,
                    means: column_means(&rows.values, rows.width).into_iter().map(|mean| mean as f32).collect(),
                }))
            }
        }
    }

    /// Ends training with the weights so far; methods without steps run to their end.
    pub fn stop(&mut self) {
        if let Self::Ensemble(run) = self {
            run.stop();
        }
    }

    /// Share done, 0 to 1, and the steps (of a network) or rows so far.
    pub fn progress(&self) -> (f64, usize) {
        match self {
            Self::Ensemble(run) => run.progress(),
            Self::Pca { rows, next, .. } => (*next as f64 / rows.len().max(1) as f64, *next),
            Self::IsolationForest { .. } => (0.0, 0),
        }
    }

    /// Losses of a network since the last call, oldest first.
    pub fn take_losses(&mut self) -> Vec<f32> {
        if let Self::Ensemble(run) = self { run.take_losses() } else { Vec::new() }
    }
}
