//! The detectors of every [`Method`] as one type, and their training.

use std::{ops::Range, time::Duration};

use pinhole_numerics::moments::column_means;
use pinhole_protocol::table::Method;
use web_time::Instant;

use super::{
    ensemble::{Ensemble, TrainingMode},
    ensemble_run::EnsembleRun,
    error::DetectorError,
    feature_table::{FeatureTable, imputed},
    row_scores::RowScores,
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
        scores.extend(self.row_scores(rows).scores);
    }

    /// Scores of prepared rows.
    pub(crate) fn row_scores(&self, rows: &[f32]) -> RowScores {
        match self {
            Self::Ensemble(ensemble) => ensemble.row_scores(rows),
            Self::Pca(pca) => {
                let mut residuals = vec![0.0; pca.width()];
                imputed(rows).chunks_exact(pca.width().max(1)).map(|row| pca.score(row, &mut residuals)).collect()
            }
            Self::IsolationForest { forest, means } => {
                imputed(rows).chunks_exact(means.len().max(1)).map(|row| forest.score(row)).collect()
            }
        }
    }

    /// The score of each row, and what each column adds to it, [rows, columns], where `groups` are the columns' features:
    /// of an ensemble, parts that add up to the score; of principal components, squared errors in units of the feature's
    /// standard deviation in training; of a forest, shares of the score.
    pub(crate) fn explained_scores(&self, rows: &[f32], groups: &[Range<usize>]) -> (RowScores, Vec<f32>) {
        if let Self::Ensemble(ensemble) = self {
            return ensemble.explained_scores(rows);
        }
        let width = groups.last().map_or(1, |group| group.end.max(1));
        let mut features = vec![0.0; width];
        let (mut scores, mut contributions) = (Vec::new(), Vec::new());
        for row in imputed(rows).chunks_exact(width) {
            scores.push(self.explain_features(row, &mut features));
            contributions.extend(groups.iter().map(|group| features[group.clone()].iter().sum::<f32>()));
        }
        (scores.into_iter().collect(), contributions)
    }

    /// Score of a row by a single method, and what each feature adds to it.
    fn explain_features(&self, row: &[f32], features: &mut [f32]) -> f64 {
        match self {
            Self::Ensemble(_) => 0.0,
            Self::Pca(pca) => {
                let score = pca.score(row, features);
                for residual in features {
                    *residual *= *residual;
                }
                score
            }
            Self::IsolationForest { forest, .. } => {
                let score = forest.explain(row, features);
                for share in features {
                    *share *= score as f32;
                }
                score
            }
        }
    }

    /// Expected values of a row's features; of a forest, the means.
    pub fn expect(&self, row: &[f32]) -> Vec<f32> {
        match self {
            Self::Ensemble(ensemble) => ensemble.expect(row),
            Self::Pca(pca) => {
                let mut residuals = vec![0.0; pca.width()];
                let row = imputed(row);
                pca.score(&row, &mut residuals);
                pca.expected(&row, &residuals)
            }
            Self::IsolationForest { means, .. } => means.clone(),
        }
    }

    /// A row's features with expected ones where a cell is missing.
    pub fn impute(&self, row: &[f32]) -> Vec<f32> {
        if let Self::Ensemble(ensemble) = self
            && let Some(columns) = &ensemble.columns
        {
            return columns.impute(row);
        }
        let expected = self.expect(row);
        row.iter().zip(expected).map(|(&value, expected)| if value.is_nan() { expected } else { value }).collect()
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
            Self::Ensemble(ensemble) if ensemble.optional_members().columns.is_none() => Some(
                "The contributions are those of the network's error. The other ensemble members, its neighbours among \
                 the training rows (and a forest, where no label said which rows are normal), are part of the score too.",
            ),
            Self::Ensemble(_) | Self::Pca(_) => None,
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
        let rows = match method {
            Method::Autoencoder => rows,
            Method::Pca | Method::IsolationForest => FeatureTable { values: imputed(&rows.values), ..rows },
        };
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
