//! Training of the default detector: selection of inliers where anomalies form groups, the column predictors, the
//! network, then the members' scales.

use std::time::Duration;

use web_time::Instant;

use super::{
    columns::ColumnPredictorsRun,
    ensemble::{Ensemble, MAX_CALIBRATED, OptionalMembers, TrainingMode},
    error::DetectorError,
    feature_table::{FeatureTable, imputed},
    fit_run::{FitAdvance, FitRun},
    grouping::{form_groups, number_share},
    inlier_scaler::InlierScaler,
    members::{MemberScales, MemberScores, weights},
    neighbours::MAX_REFERENCES,
};
use crate::baselines::{ForestSize, Histograms, IsolationForest, IsolationForestFit};

/// Rows that are scored between two checks of the time.
const CHUNK_ROWS: usize = 64;
/// Shares of the work: the forest's scores, the column predictors, the network; the rest is calibration.
const FOREST_SHARE: f64 = 0.05;
const COLUMNS_SHARE: f64 = 0.35;
const NETWORK_SHARE: f64 = 0.5;
/// Forest whose scores say if anomalies form groups: many trees, as their number decides how exact the scores' tail is.
const SELECTION: ForestSize = ForestSize { trees: 400, sample: 256 };
/// Forest that scores: in few rows a group of alike anomalies is a single row.
const SCORING: ForestSize = ForestSize { trees: 100, sample: 64 };

/// Training of an ensemble.
pub struct EnsembleRun {
    rows: FeatureTable,
    mode: TrainingMode,
    seed: u64,
    stage: Stage,
    /// Rows that train: all, or the inliers; indices, ascending.
    trained: Vec<u32>,
    inlier_scaler: InlierScaler,
    has_groups: bool,
    members: OptionalMembers,
    references: FeatureTable,
}

enum Stage {
    /// A forest was grown at once, in some milliseconds; it scores the rows, chunk by chunk.
    Forest {
        forest: IsolationForest,
        scores: Vec<f64>,
    },
    Columns(Box<ColumnPredictorsRun>),
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
    /// A run that begins with the forest, or with the column predictors.
    ///
    /// # Errors
    /// As [`FitRun::new`], and when there are too few rows for a forest.
    pub fn new(rows: FeatureTable, mode: TrainingMode, seed: u64) -> Result<Self, DetectorError> {
        // Too few rows are an error now, and not after a pause.
        FitRun::new(&FeatureTable { values: imputed(&rows.values), ..rows.emptied() }, seed)?;
        let mut run = Self {
            trained: (0..rows.len() as u32).collect(),
            inlier_scaler: InlierScaler::identity(rows.width),
            references: rows.emptied(),
            members: OptionalMembers::default(),
            has_groups: false,
            stage: Stage::Done,
            rows,
            mode,
            seed,
        };
        match mode {
            TrainingMode::SemiSupervised => run.begin_columns(),
            TrainingMode::Unsupervised => {
                let values = imputed(&run.rows.values);
                let forest = IsolationForestFit::with_size(&values, run.rows.width, seed, SELECTION)?.finish();
                run.stage = Stage::Forest { forest, scores: Vec::new() };
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
            Stage::Columns(run) => {
                if run.advance(slice) {
                    self.begin_network()?;
                }
            }
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
        match &self.stage {
            Stage::Forest { scores, .. } => (FOREST_SHARE * scores.len() as f64 / self.rows.len().max(1) as f64, 0),
            Stage::Columns(run) => (COLUMNS_SHARE.mul_add(run.share(), FOREST_SHARE), 0),
            Stage::Done => (1.0, 0),
            Stage::Network(run) => {
                let progress = run.progress();
                (NETWORK_SHARE.mul_add(progress.share(), FOREST_SHARE + COLUMNS_SHARE), progress.step)
            }
            Stage::Calibration(calibration) => {
                let share = calibration.scores.len() as f64 / calibration.rows.len().max(1) as f64;
                let before = FOREST_SHARE + COLUMNS_SHARE + NETWORK_SHARE;
                ((1.0 - before).mul_add(share, before), calibration.ensemble.network().steps())
            }
        }
    }

    /// Losses of the network since the last call, oldest first.
    pub fn take_losses(&mut self) -> Vec<f32> {
        if let Stage::Network(run) = &mut self.stage { run.take_losses() } else { Vec::new() }
    }

    /// Scores rows by the forest; after the last, selects the inliers if the scores say that anomalies form groups, and
    /// begins with the column predictors.
    fn score_by_forest(&mut self, slice: Duration) -> Result<(), DetectorError> {
        let Stage::Forest { forest, scores } = &mut self.stage else { return Ok(()) };
        let start = Instant::now();
        while scores.len() < self.rows.len() && start.elapsed() < slice {
            let end = (scores.len() + CHUNK_ROWS).min(self.rows.len());
            for row in scores.len()..end {
                scores.push(forest.score(&imputed(self.rows.row(row))));
            }
        }
        if scores.len() < self.rows.len() {
            return Ok(());
        }
        self.has_groups = form_groups(scores, &self.rows);
        if self.has_groups {
            self.trained = InlierScaler::fit(&self.rows, scores).1;
            let values = imputed(&self.rows.values);
            let fit = IsolationForestFit::with_size(&values, self.rows.width, self.seed, SCORING)?;
            self.members.forest = Some(fit.finish());
        }
        self.begin_columns();
        Ok(())
    }

    fn begin_columns(&mut self) {
        let run = ColumnPredictorsRun::new(&self.rows.select(&self.trained), self.seed);
        self.stage = Stage::Columns(Box::new(run));
    }

    fn begin_network(&mut self) -> Result<(), DetectorError> {
        let Stage::Columns(run) = std::mem::replace(&mut self.stage, Stage::Done) else { return Ok(()) };
        let columns = run.finish();
        if self.has_groups {
            self.members.histograms = Some(Histograms::fit(&self.rows.values, self.rows.width, columns.coder()));
        }
        self.inlier_scaler = InlierScaler::of_rows(&self.rows, &self.trained);
        let trained = self.rows.select(&self.trained);
        let filled = FeatureTable { values: columns.fill(&trained.values, trained.width), ..trained };
        let scaled = self.inlier_scaler.scale_table(&filled);
        self.members.columns = Some(columns);
        self.references = scaled.sample(MAX_REFERENCES, self.seed, 1);
        self.stage = Stage::Network(Box::new(FitRun::new(&scaled, self.seed)?));
        Ok(())
    }

    fn begin_calibration(&mut self) {
        let Stage::Network(run) = std::mem::replace(&mut self.stage, Stage::Done) else { return };
        let references = std::mem::take(&mut self.references);
        let members = std::mem::take(&mut self.members);
        let scales =
            MemberScales::fit(&[], &weights(self.mode, self.has_groups, number_share(&self.rows), self.trained.len()));
        let ensemble = Ensemble::new(run.finish(), references, members, self.inlier_scaler.clone(), scales);
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
    fn training_rows_have_a_mean_near_1_and_anomalies_more() {
        let normal = rows(300, 0);
        let ensemble = trained(&normal, TrainingMode::SemiSupervised);
        let own = scores(&ensemble, &normal);
        assert!((0.7..1.3).contains(&(own.iter().sum::<f64>() / 300.0)));
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
    fn what_is_expected_is_on_the_scale_of_the_row_and_contributions_add_up() {
        let mixed = rows(400, 20);
        let ensemble = trained(&mixed, TrainingMode::Unsupervised);
        let row = [1.0, 4.0, -1.0];
        let expected = ensemble.expect(&row);
        assert!((expected[1] - 1.0).abs() < 1.5, "{expected:?}");
        let (own, contributions) = ensemble.explained_scores(&row);
        assert!(contributions[1] > contributions[0] && contributions[1] > contributions[2], "{contributions:?}");
        let mut scores = Vec::new();
        ensemble.score(&row, &mut scores);
        let sum: f64 = contributions.iter().copied().map(f64::from).sum();
        assert!((sum - scores[0]).abs() < 1e-4 && (own.scores[0] - scores[0]).abs() < 1e-9, "{sum} {}", scores[0]);
    }

    #[test]
    fn a_missing_cell_makes_no_row_odd() {
        let mut mixed = rows(400, 0);
        for row in 0..40 {
            mixed.values[row * 3 + row % 3] = f32::NAN;
        }
        let ensemble = trained(&mixed, TrainingMode::SemiSupervised);
        let scores = scores(&ensemble, &mixed);
        let mean = |scores: &[f64]| scores.iter().sum::<f64>() / scores.len() as f64;
        let (with_gaps, whole) = (mean(&scores[..40]), mean(&scores[40..]));
        assert!((with_gaps - whole).abs() < 0.4, "{with_gaps} {whole}");
    }
}
