//! Training the default detector: forest and trim where rows may be odd, the network, then the votes' scales.

use std::time::Duration;

use web_time::Instant;

use super::{
    ensemble::{Ballot, Ensemble, MOST_CALIBRATED, Mode, Votes},
    error::DetectorError,
    features::FeatureTable,
    fit::{FitRun, FitStep},
    neighbours::MOST_REFERENCES,
    trim::Trim,
};
use crate::baselines::{IsolationForest, IsolationForestFit};

/// Rows calibrated in one go.
const CHUNK_ROWS: usize = 64;
/// Of the work, the share that training the network is; what is before and after takes the rest.
const TRAINING_SHARE: f64 = 0.9;

/// An ensemble that is being trained.
pub struct EnsembleRun {
    rows: FeatureTable,
    seed: u64,
    stage: Stage,
    trim: Trim,
    forest: Option<IsolationForest>,
    references: FeatureTable,
}

enum Stage {
    /// The forest is grown at once, in some milliseconds; it scores the rows chunk by chunk.
    Forest {
        scores: Vec<f64>,
    },
    Network(Box<FitRun>),
    Calibration(Box<Calibration>),
    Done,
}

/// Votes of the training rows so far.
struct Calibration {
    /// Its votes are not standardised yet.
    ensemble: Ensemble,
    rows: FeatureTable,
    ballots: Vec<Ballot>,
}

impl EnsembleRun {
    /// Begins.
    ///
    /// # Errors
    /// As [`FitRun::new`], and when there are too few rows for a forest.
    pub fn new(rows: FeatureTable, mode: Mode, seed: u64) -> Result<Self, DetectorError> {
        let trim = Trim::none(rows.width);
        let references = FeatureTable { values: Vec::new(), ..rows.clone() };
        let mut run = Self { rows, seed, stage: Stage::Done, trim, forest: None, references };
        match mode {
            Mode::SemiSupervised => {
                let all: Vec<u32> = (0..run.rows.len() as u32).collect();
                run.begin_network(&all)?;
            }
            Mode::Unsupervised => {
                FitRun::new(&run.rows, seed)?;
                run.forest = Some(IsolationForestFit::new(&run.rows.values, run.rows.width, seed)?.finish());
                run.stage = Stage::Forest { scores: Vec::new() };
            }
        }
        Ok(run)
    }

    /// Works for about as long as `slice`. Answers the detector when all is done; nothing is to be done after that.
    ///
    /// # Errors
    /// As [`FitRun::advance`].
    pub fn advance(&mut self, slice: Duration) -> Result<Option<Ensemble>, DetectorError> {
        match &mut self.stage {
            Stage::Forest { .. } => self.score_by_forest(slice)?,
            Stage::Network(run) => {
                if run.advance(slice)? == FitStep::Done {
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

    /// Ends the network's training here; what follows is short.
    pub fn stop(&mut self) {
        if let Stage::Network(run) = &mut self.stage {
            run.stop();
        }
    }

    /// How much is done, 0 to 1; and the network's steps.
    pub fn progress(&self) -> (f64, usize) {
        let around = (1.0 - TRAINING_SHARE) / 2.0;
        match &self.stage {
            Stage::Forest { scores } => (around * scores.len() as f64 / self.rows.len().max(1) as f64, 0),
            Stage::Done => (1.0, 0),
            Stage::Network(run) => (around + TRAINING_SHARE * run.progress().share(), run.progress().step),
            Stage::Calibration(calibration) => {
                let share = calibration.ballots.len() as f64 / calibration.rows.len().max(1) as f64;
                (1.0 - around + around * share, calibration.ensemble.network().steps())
            }
        }
    }

    /// The network's losses since the last call.
    pub fn take_losses(&mut self) -> Vec<f32> {
        if let Stage::Network(run) = &mut self.stage { run.take_losses() } else { Vec::new() }
    }

    /// Scores rows by the forest; when all are, keeps the more ordinary ones and begins with the network on those.
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
        let (trim, kept) = Trim::by_scores(&self.rows, scores);
        self.trim = trim;
        self.begin_network(&kept)
    }

    fn begin_network(&mut self, kept: &[u32]) -> Result<(), DetectorError> {
        let kept = self.trim.applied(&self.rows.select(kept));
        self.references = kept.sample(MOST_REFERENCES, self.seed, 1);
        self.stage = Stage::Network(Box::new(FitRun::new(&kept, self.seed)?));
        Ok(())
    }

    fn begin_calibration(&mut self) {
        let Stage::Network(run) = std::mem::replace(&mut self.stage, Stage::Done) else { return };
        let references = std::mem::take(&mut self.references);
        let votes = Votes::over(&[], self.forest.is_some());
        let ensemble = Ensemble::new(run.finish(), references, self.forest.take(), self.trim.clone(), votes);
        let rows = self.rows.sample(MOST_CALIBRATED, self.seed, 3);
        self.stage = Stage::Calibration(Box::new(Calibration { ensemble, rows, ballots: Vec::new() }));
    }

    fn finish(&mut self) -> Option<Ensemble> {
        let Stage::Calibration(calibration) = std::mem::replace(&mut self.stage, Stage::Done) else { return None };
        let Calibration { mut ensemble, ballots, .. } = *calibration;
        ensemble.standardise_by(&ballots);
        Some(ensemble)
    }
}

impl Calibration {
    /// Takes the votes of more rows. Answers whether that was all.
    fn advance(&mut self, slice: Duration) -> bool {
        let start = Instant::now();
        let width = self.rows.width.max(1);
        while self.ballots.len() < self.rows.len() && start.elapsed() < slice {
            let next = self.ballots.len();
            let end = (next + CHUNK_ROWS).min(self.rows.len());
            let rows = &self.rows.values[next * width..end * width];
            self.ballots.extend(self.ensemble.ballots(&self.ensemble.trim().scaled(rows), rows));
        }
        self.ballots.len() >= self.rows.len()
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;
    use rand_pcg::Pcg32;

    use super::*;

    /// Rows on a noisy line in three dimensions; the last `odd` lie off it.
    fn rows(count: usize, odd: usize) -> FeatureTable {
        let mut random = Pcg32::new(5, 1);
        let mut noise = move || random.random::<f32>() - 0.5;
        let row = |index: usize| {
            let (along, off) = (4.0 * noise(), if index >= count - odd { 3.0 } else { 0.0 });
            [along + 0.1 * noise(), along + off + 0.1 * noise(), -along + 0.1 * noise()]
        };
        FeatureTable::plain((0..count).flat_map(row).collect(), 3)
    }

    fn trained(rows: &FeatureTable, mode: Mode) -> Ensemble {
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
    fn training_rows_have_a_mean_of_0_and_odd_rows_more() {
        let normal = rows(300, 0);
        let ensemble = trained(&normal, Mode::SemiSupervised);
        let own = scores(&ensemble, &normal);
        assert!((own.iter().sum::<f64>() / 300.0).abs() < 1e-6);
        let mixed = scores(&ensemble, &rows(320, 20));
        assert!(mixed[300..].iter().all(|score| *score > 2.0), "{:?}", &mixed[300..]);
    }

    #[test]
    fn odd_rows_are_found_among_those_that_train() {
        let mixed = rows(400, 20);
        let ensemble = trained(&mixed, Mode::Unsupervised);
        let scores = scores(&ensemble, &mixed);
        let mut order: Vec<usize> = (0..400).collect();
        order.sort_by(|&one, &other| scores[other].total_cmp(&scores[one]));
        let found = order[..20].iter().filter(|&&row| row >= 380).count();
        assert!(found >= 17, "{found} of 20");
    }

    #[test]
    fn the_same_seed_makes_the_same_scores() {
        let rows = rows(200, 10);
        for mode in [Mode::SemiSupervised, Mode::Unsupervised] {
            assert_eq!(scores(&trained(&rows, mode), &rows), scores(&trained(&rows, mode), &rows));
        }
    }

    #[test]
    fn what_was_expected_is_on_the_scale_of_the_row() {
        let mixed = rows(400, 20);
        let ensemble = trained(&mixed, Mode::Unsupervised);
        let row = [1.0, 4.0, -1.0];
        let rebuilt = ensemble.rebuild(&row);
        assert!((rebuilt[1] - 1.0).abs() < 1.5, "{rebuilt:?}");
        let errors = ensemble.feature_errors(&row);
        assert!(errors[1] > errors[0] && errors[1] > errors[2], "{errors:?}");
    }
}
