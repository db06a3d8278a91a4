//! Every way to find odd rows, behind one door.

use std::time::Duration;

use pinhole_protocol::table::Method;
use web_time::Instant;

use super::{
    ensemble::{Ensemble, Mode},
    ensemble_run::EnsembleRun,
    error::DetectorError,
    features::FeatureTable,
    recipe,
};
use crate::baselines::{IsolationForest, IsolationForestFit, Pca, PcaFit};

/// Rows that PCA takes in at once.
const CHUNK_ROWS: usize = 1_024;

/// A trained detector.
#[derive(Clone, Debug)]
pub enum Detector {
    /// The autoencoder and who votes with it.
    Ensemble(Box<Ensemble>),
    /// Principal components.
    Pca(Pca),
    /// A forest alone.
    IsolationForest {
        /// The forest.
        forest: IsolationForest,
        /// What is expected of a row that nothing is known of: each feature's mean in training.
        means: Vec<f32>,
    },
}

impl Detector {
    /// Appends the score of each prepared row; the greater, the odder.
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

    /// What each feature of each row adds to the row's score: squared errors in units of the feature's spread in
    /// training; of a forest, shares of the score.
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

    /// What was expected instead of a row.
    pub fn rebuild(&self, row: &[f32]) -> Vec<f32> {
        match self {
            Self::Ensemble(ensemble) => ensemble.rebuild(row),
            Self::Pca(pca) => {
                let mut residuals = vec![0.0; pca.width()];
                pca.score(row, &mut residuals);
                pca.expected(row, &residuals)
            }
            Self::IsolationForest { means, .. } => means.clone(),
        }
    }

    /// What it is made of, in words.
    pub fn describe(&self) -> String {
        match self {
            Self::Ensemble(ensemble) => ensemble.describe(),
            Self::Pca(pca) => format!("principal components of {} features", pca.width()),
            Self::IsolationForest { .. } => format!("{} trees", crate::baselines::TREES),
        }
    }

    /// What a person should know of its training.
    pub fn warnings(&self) -> Vec<String> {
        match self {
            Self::Ensemble(ensemble) => ensemble.warnings(),
            Self::Pca(_) | Self::IsolationForest { .. } => Vec::new(),
        }
    }

    /// What to know of a row's shares by column; `None`: they are the whole score's.
    pub fn explanation_note(&self) -> Option<&'static str> {
        match self {
            Self::Ensemble(_) => Some(
                "The columns' shares are those of the network's error. Its neighbours among the training rows (and a \
                 forest, where no label said which rows are normal) vote on the score too.",
            ),
            Self::Pca(_) => None,
            Self::IsolationForest { .. } => Some(
                "A forest expects nothing of a row: the column's usual value in training stands beside the seen one.",
            ),
        }
    }
}

/// A detector that is being trained.
pub enum MethodRun {
    /// The autoencoder and who votes with it.
    Ensemble(Box<EnsembleRun>),
    /// Principal components: so many rows are taken in.
    Pca {
        /// What they gave so far.
        fit: PcaFit,
        /// Rows to learn from.
        rows: FeatureTable,
        /// The next of them.
        next: usize,
    },
    /// A forest, grown at once in some milliseconds.
    IsolationForest {
        /// Rows to learn from.
        rows: FeatureTable,
        /// Fixes what is random.
        seed: u64,
    },
}

impl MethodRun {
    /// Begins.
    ///
    /// # Errors
    /// When the rows are too few, or too wide for the method.
    pub fn new(method: Method, rows: FeatureTable, mode: Mode, seed: u64) -> Result<Self, DetectorError> {
        Ok(match method {
            Method::Autoencoder => Self::Ensemble(Box::new(EnsembleRun::new(rows, mode, seed)?)),
            Method::Pca => Self::Pca { fit: PcaFit::new(rows.width)?, rows, next: 0 },
            Method::IsolationForest => {
                // Too few rows are told now, and not after a pause.
                IsolationForestFit::new(&rows.values, rows.width, seed)?;
                Self::IsolationForest { rows, seed }
            }
        })
    }

    /// Works for about as long as `slice`. Answers the detector when all is done; nothing is to be done after that.
    ///
    /// # Errors
    /// When the method finds nothing to learn.
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
                Ok(Some(Detector::IsolationForest { forest, means: means(rows) }))
            }
        }
    }

    /// Ends training here, with what there is; methods without steps go on to their end.
    pub fn stop(&mut self) {
        if let Self::Ensemble(run) = self {
            run.stop();
        }
    }

    /// How much is done, 0 to 1; and the steps (of a network) or rows so far.
    pub fn progress(&self) -> (f64, usize) {
        match self {
            Self::Ensemble(run) => run.progress(),
            Self::Pca { rows, next, .. } => (*next as f64 / rows.len().max(1) as f64, *next),
            Self::IsolationForest { .. } => (0.0, 0),
        }
    }

    /// A network's losses since the last call.
    pub fn take_losses(&mut self) -> Vec<f32> {
        if let Self::Ensemble(run) = self { run.take_losses() } else { Vec::new() }
    }
}

fn means(rows: &FeatureTable) -> Vec<f32> {
    let mut sums = vec![0.0_f64; rows.width];
    for row in rows.values.chunks_exact(rows.width.max(1)) {
        sums.iter_mut().zip(row).for_each(|(sum, &value)| *sum += f64::from(value));
    }
    sums.iter().map(|sum| (sum / rows.len().max(1) as f64) as f32).collect()
}

impl Ensemble {
    /// What it is made of, in words.
    fn describe(&self) -> String {
        let network = recipe::describe(self.network().experiment().spec());
        let neighbours = if self.references().is_empty() {
            String::new()
        } else {
            format!(", {} neighbours", self.references().len())
        };
        let forest = if self.forest().is_some() { ", a forest" } else { "" };
        format!("{network}{neighbours}{forest}")
    }

    /// What its network's training showed.
    fn warnings(&self) -> Vec<String> {
        self.network().warnings().to_vec()
    }
}
