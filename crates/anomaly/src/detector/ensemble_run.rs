//! Training of the default detector: selection of inliers if it is unsupervised, the network, then the members' scales.

use std::time::Duration;

use web_time::Instant;

use super::{
    ensemble::{Ensemble, MAX_CALIBRATED, MemberScales, MemberScores, TrainingMode},
    error::DetectorError,
    feature_table::FeatureTable,
    fit_run::{FitAdvance, FitRun},
    inlier_scaler::InlierScaler,
    neighbours::MAX_REFERENCES,
};
use crate::baselines::{IsolationForest, IsolationForestFit};

/// Rows that are scored between two checks of the time.
const CHUNK_ROWS: usize = 64;
/// Share of the work that training the network takes.
const TRAINING_SHARE: f64 = 0.9;

/// Training of an ensemble.
pub struct EnsembleRun {
    rows: FeatureTable,
    seed: u64,
    stage: Stage,
    inlier_scaler: InlierScaler,
    forest: Option<IsolationForest>,
    references: FeatureTable,
}

enum Stage {
    /// The forest was grown at once, in some milliseconds; it scores the rows, chunk by chunk.
    Forest {
        scores: Vec<f64>,
    },
    Network(Box<FitRun>),
    Calibration(Box<Calibration>),
    Done,
}

/// Scoring of training rows, to fit the members' scales.
struct Calibration {
    /// Its scales are not fitted yet.
    ensemble: Ensemble,
    rows: FeatureTable,
    /// Scores of the first rows.
    scores: Vec<MemberScores>,
}

impl EnsembleRun {
    /// A run that begins with the forest, or with the network.
    ///
    /// # Errors
    /// As [`FitRun::new`], and when there are too few rows for a forest.
    pub fn new(rows: FeatureTable, mode: TrainingMode, seed: u64) -> Result<Self, DetectorError> {
        let inlier_scaler = InlierScaler::identity(rows.width);
        let references = FeatureTable { values: Vec::new(), ..rows.clone() };
        let mut run = Self { rows, seed, stage: Stage::Done, inlier_scaler, forest: None, references };
        match mode {
            TrainingMode::SemiSupervised => {
                let all: Vec<u32> = (0..run.rows.len() as u32).collect();
                run.begin_network(&all)?;
            }
            TrainingMode::Unsupervised => {
                FitRun::new(&run.rows, seed)?;
                run.forest = Some(IsolationForestFit::new(&run.rows.values, run.rows.width, seed)?.finish());
                run.stage = Stage::Forest { scores: Vec::new() };
            }
        }
        Ok(run)
    }

    /// Works for about `slice`. Returns the ensemble with the last slice; the run must not be advanced after that.
    ///
    /// # Errors
    /// As [`FitRun::advance`].
    pub fn advance(&mut self, slice: Duration) -> Result<Option<Ensemble>, DetectorError> {
        match &mut self.stage {
            Stage::Forest { .. } => self.score_by_forest(slice)?,
            Stage::Network(run) => {
                if run.advance(slice)? == FitAdvance::Done {
                    self.begin_calibration();
                }
            }
            Stage::Calibration(calibration) => {
                if calibration.advance(slice) {
                    return Ok(self.finish());
                }
            }
            Stage::Done => {}
        }
        Ok(None)
    }

    /// Ends the network's training with the weights so far; the calibration that follows is short.
    pub fn stop(&mut self) {
        if let Stage::Network(run) = &mut self.stage {
            run.stop();
        }
    }

    /// Share done, 0 to 1, and steps of the network.
    pub fn progress(&self) -> (f64, usize) {
        let around = (1.0 - TRAINING_SHARE) / 2.0;
        match &self.stage {
            Stage::Forest { scores } => (around * scores.len() as f64 / self.rows.len().max(1) as f64, 0),
            Stage::Done => (1.0, 0),
            Stage::Network(run) => (around + TRAINING_SHARE * run.progress().share(), run.progress().step),
            Stage::Calibration(calibration) => {
                let share = calibration.scores.len() as f64 / calibration.rows.len().max(1) as f64;
                (1.0 - around + around * share, calibration.ensemble.network().steps())
            }
        }
    }

    /// Losses of the network since the last call, oldest first.
    pub fn take_losses(&mut self) -> Vec<f32> {
        if let Stage::Network(run) = &mut self.stage { run.take_losses() } else { Vec::new() }
    }

    /// Scores rows by the forest; after the last, selects the inliers and begins to train the network on them.
    fn score_by_forest(&mut self, slice: Duration) -> Result<(), DetectorError> {
        let (Stage::Forest { scores }, Some(forest)) = (&mut self.stage, &self.forest) else { return Ok(()) };
        let start = Instant::now();
        while scores.len() < self.rows.len() && start.elapsed() < slice {
            let end = (scores.len() + CHUNK_ROWS).min(self.rows.len());
            for row in scores.len()..end {
                scores.push(forest.score(self.rows.row(row)));
            }
        }
        if scores.len() < self.rows.len() {
            return Ok(());
        }
        let (inlier_scaler, inliers) = InlierScaler::fit(&self.rows, scores);
        self.inlier_scaler = inlier_scaler;
        self.begin_network(&inliers)
    }

    fn begin_network(&mut self, inliers: &[u32]) -> Result<(), DetectorError> {
        let scaled = self.inlier_scaler.scale_table(&self.rows.select(inliers));
        self.references = scaled.sample(MAX_REFERENCES, self.seed, 1);
        self.stage = Stage::Network(Box::new(FitRun::new(&scaled, self.seed)?));
        Ok(())
    }

    fn begin_calibration(&mut self) {
        let Stage::Network(run) = std::mem::replace(&mut self.stage, Stage::Done) else { return };
        let references = std::mem::take(&mut self.references);
        let scales = MemberScales::fit(&[], self.forest.is_some());
        let ensemble = Ensemble::new(run.finish(), references, self.forest.take(), self.inlier_scaler.clone(), scales);
        let rows = self.rows.sample(MAX_CALIBRATED, self.seed, 3);
        self.stage = Stage::Calibration(Box::new(Calibration { ensemble, rows, scores: Vec::new() }));
    }

    fn finish(&mut self) -> Option<Ensemble> {
        let Stage::Calibration(calibration) = std::mem::replace(&mut self.stage, Stage::Done) else { return None };
        let Calibration { mut ensemble, scores, .. } = *calibration;
        ensemble.fit_scales(&scores);
        Some(ensemble)
    }
}

impl Calibration {
    /// Scores more rows. Returns true after the last.
    fn advance(&mut self, slice: Duration) -> bool {
        let start = Instant::now();
        let width = self.rows.width.max(1);
        while self.scores.len() < self.rows.len() && start.elapsed() < slice {
            let next = self.scores.len();
            let end = (next + CHUNK_ROWS).min(self.rows.len());
            let rows = &self.rows.values[next * width..end * width];
            self.scores.extend(self.ensemble.member_scores(&self.ensemble.inlier_scaler().scale(rows), rows));
        }
        self.scores.len() >= self.rows.len()
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;
    use rand_pcg::Pcg32;

    use super::*;

    /// Rows on a noisy line in three dimensions; the last `anomalies` lie off it.
    fn rows(count: usize, anomalies: usize) -> FeatureTable {
        let mut random = Pcg32::new(5, 1);
        let mut noise = move || random.random::<f32>() - 0.5;
        let row = |index: usize| {
            let (along, off) = (4.0 * noise(), if index >= count - anomalies { 3.0 } else { 0.0 });
            [along + 0.1 * noise(), along + off + 0.1 * noise(), -along + 0.1 * noise()]
        };
        FeatureTable::plain((0..count).flat_map(row).collect(), 3)
    }

    fn trained(rows: &FeatureTable, mode: TrainingMode) -> Ensemble {
        let mut run = EnsembleRun::new(rows.clone(), mode, 3).expect("enough rows");
        loop {
            if let Some(ensemble) = run.advance(Duration::from_secs(1)).expect("the rows are sound") {
                return ensemble;
            }
        }
    }

    fn scores(ensemble: &Ensemble, rows: &FeatureTable) -> Vec<f64> {
        let mut scores = Vec::new();
        ensemble.score(&rows.values, &mut scores);
        scores
    }

    #[test]
    fn training_rows_have_a_mean_of_0_and_anomalies_more() {
        let normal = rows(300, 0);
        let ensemble = trained(&normal, TrainingMode::SemiSupervised);
        let own = scores(&ensemble, &normal);
        assert!((own.iter().sum::<f64>() / 300.0).abs() < 1e-6);
        let mixed = scores(&ensemble, &rows(320, 20));
        assert!(mixed[300..].iter().all(|score| *score > 2.0), "{:?}", &mixed[300..]);
    }

    #[test]
    fn anomalies_are_found_among_the_rows_that_train() {
        let mixed = rows(400, 20);
        let ensemble = trained(&mixed, TrainingMode::Unsupervised);
        let scores = scores(&ensemble, &mixed);
        let mut order: Vec<usize> = (0..400).collect();
        order.sort_by(|&one, &other| scores[other].total_cmp(&scores[one]));
        let found = order[..20].iter().filter(|&&row| row >= 380).count();
        assert!(found >= 17, "{found} of 20");
    }

    #[test]
    fn the_same_seed_makes_the_same_scores() {
        let rows = rows(200, 10);
        for mode in [TrainingMode::SemiSupervised, TrainingMode::Unsupervised] {
            assert_eq!(scores(&trained(&rows, mode), &rows), scores(&trained(&rows, mode), &rows));
        }
    }

    #[test]
    fn the_reconstruction_is_on_the_scale_of_the_row() {
        let mixed = rows(400, 20);
        let ensemble = trained(&mixed, TrainingMode::Unsupervised);
        let row = [1.0, 4.0, -1.0];
        let reconstruction = ensemble.reconstruct(&row);
        assert!((reconstruction[1] - 1.0).abs() < 1.5, "{reconstruction:?}");
        let errors = ensemble.feature_errors(&row);
        assert!(errors[1] > errors[0] && errors[1] > errors[2], "{errors:?}");
    }
}
