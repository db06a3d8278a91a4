//! Comparison of a ranking's detector with the usual methods, on the same rows.

mod compared_method;
mod compared_rows;

use std::{cell::RefCell, rc::Rc, time::Duration};

use pinhole_protocol::table::{
    Baseline, DetectorPlan, LinearVerdict, Method, MethodResult, TableActivity, TableProgress,
};

use self::{
    compared_method::{ComparedMethod, Kind},
    compared_rows::ComparedRows,
};
use super::{
    fit::FitJob,
    job::{Job, ProgressMeter},
    score::ScoreJob,
};
use crate::{
    AnomalyError,
    baselines::{BaselineRows, BaselineRun},
    ranking::{Comparison, Ranking},
    row_roles::{RowLabel, RowRoles},
    scoring::{LinearEvidence, MeasuredLabels, linear_verdict},
};

/// Repeats with other seeds, where a fit is quick.
const REPEATS: usize = 3;
/// Longest fit of the detector that is repeated.
const MAX_REPEATED_S: f64 = 10.0;
/// Longest slice of a baseline's work.
const SLICE: Duration = Duration::from_millis(8);

/// Fits and scores the other methods, one after the other, and the detector itself anew with other seeds.
pub struct CompareJob {
    ranking: Rc<RefCell<Ranking>>,
    rows: ComparedRows,
    /// The detector first.
    methods: Vec<ComparedMethod>,
    repeats: usize,
    /// Steps that are done, of each method in each repeat.
    step: usize,
    stage: Stage,
    /// The current repeat; `None` until the detector's scores of it are known.
    current: Option<Repeat>,
    /// Time of the current step.
    step_meter: ProgressMeter,
    meter: ProgressMeter,
}

/// The detector's scores with the seed of a repeat, and the rows prepared for the baselines.
struct Repeat {
    roles: RowRoles,
    /// Scores of the compared rows.
    scores: Vec<f64>,
    prepared: BaselineRows,
}

enum Stage {
    Reading,
    Fit(Box<FitJob>),
    Score(Box<ScoreJob>),
    Baseline(Box<BaselineRun>),
}

impl CompareJob {
    /// A job at the table's first row.
    ///
    /// # Errors
    /// When the ranking's table is not the one that its detector was trained on.
    pub fn new(ranking: &Rc<RefCell<Ranking>>) -> Result<Self, AnomalyError> {
        let shared = ranking.borrow();
        if !shared.is_training_table() {
            return Err(AnomalyError::State(
                "Methods are compared on the table that the detector was trained on: train on this one first.",
            ));
        }
        let plan = shared.detector().plan();
        let repeats = if shared.detector().summary().elapsed_s <= MAX_REPEATED_S { REPEATS } else { 1 };
        let rows = ComparedRows::new(&shared.table().borrow(), shared.detector())?;
        let methods = compared_method::all(plan);
        drop(shared);
        let [step_meter, meter] = [(); 2].map(|()| ProgressMeter::start(TableActivity::Comparing));
        Ok(Self {
            ranking: ranking.clone(),
            rows,
            methods,
            repeats,
            step: 0,
            stage: Stage::Reading,
            current: None,
            step_meter,
            meter,
        })
    }

    const fn method_index(&self) -> usize {
        self.step % self.methods.len()
    }

    /// Plan of the current repeat: the seed also draws the rows that train.
    fn plan(&self, method: Method) -> DetectorPlan {
        let plan = self.ranking.borrow().detector().plan().clone();
        DetectorPlan { method, seed: plan.seed.wrapping_add((self.step / self.methods.len()) as u64), ..plan }
    }

    /// Begins the current step; `None` when all are done.
    fn begin(&mut self) -> Result<Option<Comparison>, AnomalyError> {
        while self.step < self.methods.len() * self.repeats {
            self.step_meter = ProgressMeter::start(TableActivity::Comparing);
            let kind = self.methods[self.method_index()].kind;
            let is_first = self.step < self.methods.len();
            match kind {
                // The first repeat of the detector is the ranking itself.
                Kind::Detector(_) if self.step == 0 => {
                    let ranking = self.ranking.borrow();
                    let (roles, scores) = (ranking.rows().roles.clone(), self.of_compared(ranking.rows().scores()));
                    let elapsed_s = ranking.detector().summary().elapsed_s;
                    drop(ranking);
                    self.begin_repeat(roles, scores)?;
                    self.add(&self.current_scores(), elapsed_s);
                }
                Kind::Detector(method) => {
                    let table = self.ranking.borrow().table().clone();
                    self.stage = Stage::Fit(Box::new(FitJob::new(&table, self.plan(method))?));
                    return Ok(None);
                }
                Kind::Baseline(baseline) => {
                    let is_semi_supervised = self.ranking.borrow().detector().is_semi_supervised();
                    let Some(current) = &self.current else { return Ok(None) };
                    if is_first || is_semi_supervised || baseline.is_random() {
                        let seed = (self.step / self.methods.len()) as u64;
                        if let Ok(run) = BaselineRun::new(baseline, &current.prepared, seed) {
                            self.stage = Stage::Baseline(Box::new(run));
                            return Ok(None);
                        }
                    }
                    // With the same rows it would have the same scores; and a table that is too wide for a method is
                    // compared with the others.
                    self.step += 1;
                }
            }
        }
        self.methods.retain(ComparedMethod::is_measured);
        let methods: Vec<MethodResult> = self.methods.iter().map(ComparedMethod::result).collect();
        let verdict = self.verdict(&methods);
        Ok(Some(Comparison { methods, verdict }))
    }

    fn current_scores(&self) -> Vec<f64> {
        self.current.as_ref().map_or_else(Vec::new, |current| current.scores.clone())
    }

    fn begin_repeat(&mut self, roles: RowRoles, scores: Vec<f64>) -> Result<(), AnomalyError> {
        let ranking = self.ranking.borrow();
        let decimal = ranking.table().borrow().dialect().decimal;
        let prepared = self.rows.prepare(&roles, ranking.detector().plan(), decimal)?;
        self.current = Some(Repeat { roles, scores, prepared });
        Ok(())
    }

    /// Scores of the compared rows, from those of all.
    fn of_compared(&self, scores: &[f64]) -> Vec<f64> {
        self.rows.rows.iter().map(|&row| scores[row]).collect()
    }

    /// Adds the scores of the compared rows to the current method's results, and goes on to the next step.
    fn add(&mut self, scores: &[f64], elapsed_s: f64) {
        let index = self.method_index();
        if let Some(current) = &self.current {
            let label =
                |row: usize| current.roles.is_measured(row).then(|| current.roles.label(row) == RowLabel::Anomalous);
            let labels: Vec<Option<bool>> = self.rows.rows.iter().map(|&row| label(row)).collect();
            let labels = MeasuredLabels { is_anomalous: &labels, normal_weight: current.roles.normal_weight() };
            self.methods[index].add(scores, &current.scores, labels, elapsed_s);
        }
        self.step += 1;
    }

    /// Verdict on PCA beside the autoencoder.
    fn verdict(&self, methods: &[MethodResult]) -> LinearVerdict {
        let find = |wanted: &[Kind]| {
            let index = self.methods.iter().position(|method| wanted.contains(&method.kind))?;
            Some(&methods[index])
        };
        let pca = find(&[Kind::Baseline(Baseline::Pca), Kind::Detector(Method::Pca)]);
        let network = find(&[Kind::Detector(Method::Autoencoder)]);
        let auroc = |result: Option<&MethodResult>| result.and_then(|result| result.auroc).map(|auroc| auroc.mean);
        linear_verdict(if let (Some(pca), Some(autoencoder)) = (auroc(pca), auroc(network)) {
            LinearEvidence::Auroc { pca, autoencoder }
        } else {
            // Each method's agreement is that with the detector: take PCA's, or the network's if the detector is PCA.
            let is_pca = self.methods[0].kind == Kind::Detector(Method::Pca);
            let other = if is_pca { network } else { pca };
            LinearEvidence::Rankings {
                rank_correlation: other.map_or(0.0, |result| result.rank_correlation),
                top_overlap: other.map_or(0.0, |result| result.top_overlap),
            }
        })
    }

    fn set_progress(&mut self, share: f64) {
        let steps = (self.methods.len() * self.repeats) as f64;
        self.meter.set((self.step as f64 + share) / steps, self.rows.rows.len() as u64);
    }
}

impl Job for CompareJob {
    type Output = Comparison;

    async fn advance(&mut self) -> Result<Option<Comparison>, AnomalyError> {
        match &mut self.stage {
            Stage::Reading => {
                let table = self.ranking.borrow().table().clone();
                let has_more = self.rows.read(&table.borrow())?;
                return if has_more { Ok(None) } else { self.begin() };
            }
            Stage::Fit(job) => {
                let share = job.progress().share / 2.0;
                if let Some(fitted) = job.advance().await? {
                    let table = self.ranking.borrow().table().clone();
                    let score = ScoreJob::new(&table, &Rc::new(fitted.detector), Some(fitted.roles))?;
                    self.stage = Stage::Score(Box::new(score));
                }
                self.set_progress(share);
            }
            Stage::Score(job) => {
                let share = 0.5 + job.progress().share / 2.0;
                let ranking = job.advance().await?;
                self.set_progress(share);
                if let Some(ranking) = ranking {
                    let scores = self.of_compared(ranking.rows().scores());
                    if self.method_index() == 0 {
                        self.begin_repeat(ranking.rows().roles.clone(), scores.clone())?;
                    }
                    self.add(&scores, self.step_meter.elapsed_s());
                    return self.begin();
                }
            }
            Stage::Baseline(run) => {
                let Some(current) = &self.current else { return Ok(None) };
                let scores = run.advance(&current.prepared, SLICE)?;
                let share = run.share(&current.prepared);
                self.set_progress(share);
                if let Some(scores) = scores {
                    self.add(&scores, self.step_meter.elapsed_s());
                    return self.begin();
                }
            }
        }
        Ok(None)
    }

    fn progress(&self) -> TableProgress {
        self.meter.progress()
    }
}
