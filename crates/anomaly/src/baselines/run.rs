//! Fitting of a baseline on some rows, and its scores of all of them, in slices.

use std::time::Duration;

use pinhole_protocol::table::{Baseline, Method};
use web_time::Instant;

use super::{Ecod, Histograms, LocalOutlierFactor};
use crate::detector::{CellCoder, Detector, DetectorError, DetectorRun, FeatureTable, Neighbours, TrainingMode};

/// Most rows that neighbours are searched among, at even distances of those that train.
const MAX_REFERENCES: usize = 5_000;
/// Rows that are scored between two checks of the time.
const CHUNK_ROWS: usize = 16;

/// Rows that a baseline scores, some of which train it.
#[derive(Clone, Debug)]
pub struct BaselineRows {
    /// Finite features of all rows.
    pub features: FeatureTable,
    /// Indices of the rows that train, ascending.
    pub trained: Vec<u32>,
}

/// Fitting of a baseline, then its scores.
pub struct BaselineRun {
    stage: Stage,
    scores: Vec<f64>,
}

enum Stage {
    /// A method that is a detector by itself.
    Training(Box<DetectorRun>),
    Trained(Box<Detector>),
    Neighbours(Neighbours, References),
    /// Neighbours of the reference rows are searched, while `true` is still to come.
    OutlierFactor(Box<LocalOutlierFactor>, References, bool),
    Ecod(Ecod),
    Histograms(Box<Histograms>, Box<CellCoder>),
}

/// Rows among which neighbours are searched.
struct References(Vec<u32>);

impl References {
    fn of(rows: &BaselineRows) -> (Self, FeatureTable) {
        let step = rows.trained.len().div_ceil(MAX_REFERENCES).max(1);
        let chosen: Vec<u32> = rows.trained.iter().copied().step_by(step).collect();
        let table = rows.features.select(&chosen);
        (Self(chosen), table)
    }

    /// Place of a row among the references, if it is one: no row is its own neighbour.
    fn place(&self, row: usize) -> Option<usize> {
        self.0.binary_search(&(row as u32)).ok()
    }
}

impl BaselineRun {
    /// A run at its start.
    ///
    /// # Errors
    /// When the rows are too few, or too wide for the method.
    pub fn new(baseline: Baseline, rows: &BaselineRows, seed: u64) -> Result<Self, DetectorError> {
        let width = rows.features.width;
        let trained = || rows.features.select(&rows.trained);
        let run = |method| -> Result<Stage, DetectorError> {
            let run = DetectorRun::new(method, trained(), TrainingMode::Unsupervised, seed)?;
            Ok(Stage::Training(Box::new(run)))
        };
        let stage = match baseline {
            Baseline::Pca => run(Method::Pca)?,
            Baseline::IsolationForest => run(Method::IsolationForest)?,
            Baseline::NearestNeighbours => {
                let (references, table) = References::of(rows);
                Stage::Neighbours(Neighbours::new(&table.values, width), references)
            }
            Baseline::LocalOutlierFactor => {
                let (references, table) = References::of(rows);
                Stage::OutlierFactor(Box::new(LocalOutlierFactor::new(&table.values, width)), references, true)
            }
            Baseline::Ecod => Stage::Ecod(Ecod::fit(&trained().values, width)),
            Baseline::Histograms => {
                let table = trained();
                let coder = CellCoder::fit(&table);
                Stage::Histograms(Box::new(Histograms::fit(&table.values, width, &coder)), Box::new(coder))
            }
        };
        Ok(Self { stage, scores: Vec::new() })
    }

    /// Works for about `slice`. Returns the scores of all rows with the last slice.
    ///
    /// # Errors
    /// When the rows cannot be learnt from.
    pub fn advance(&mut self, rows: &BaselineRows, slice: Duration) -> Result<Option<Vec<f64>>, DetectorError> {
        let start = Instant::now();
        if let Stage::Training(run) = &mut self.stage {
            if let Some(detector) = run.advance(slice)? {
                self.stage = Stage::Trained(Box::new(detector));
            }
            return Ok(None);
        }
        if let Stage::OutlierFactor(factor, _, is_fitting @ true) = &mut self.stage {
            while *is_fitting && start.elapsed() < slice {
                *is_fitting = factor.add();
            }
            return Ok(None);
        }
        let count = rows.features.len();
        while self.scores.len() < count && start.elapsed() < slice {
            let end = (self.scores.len() + CHUNK_ROWS).min(count);
            for row in self.scores.len()..end {
                let score = self.score(row, rows.features.row(row));
                self.scores.push(score);
            }
        }
        Ok((self.scores.len() == count).then(|| std::mem::take(&mut self.scores)))
    }

    /// Share of the rows that are scored, 0 to 1.
    pub fn share(&self, rows: &BaselineRows) -> f64 {
        self.scores.len() as f64 / rows.features.len().max(1) as f64
    }

    fn score(&self, row: usize, features: &[f32]) -> f64 {
        match &self.stage {
            // Rows are scored when this is over.
            Stage::Training(_) => 0.0,
            Stage::Trained(detector) => {
                let mut scores = Vec::with_capacity(1);
                detector.score(features, &mut scores);
                scores.first().copied().unwrap_or(0.0)
            }
            Stage::Neighbours(neighbours, references) => {
                let nearest = neighbours.nearest(features, Neighbours::WANTED, references.place(row));
                nearest.last().map_or(0.0, |last| f64::from(last.0).sqrt())
            }
            Stage::OutlierFactor(factor, references, _) => factor.score(features, references.place(row)),
            Stage::Ecod(ecod) => ecod.score(features),
            Stage::Histograms(histograms, coder) => histograms.score(features, coder),
        }
    }
}
