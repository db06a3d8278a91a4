//! Fitting and scoring the baselines on the rows of a ranking, to compare them with its detector.

use std::{cell::RefCell, rc::Rc};

use pinhole_protocol::table::{DetectorPlan, LinearVerdict, Method, MethodResult, TableActivity, TableProgress};

use super::{
    fit::FitJob,
    job::{Job, ProgressMeter},
    score::ScoreJob,
};
use crate::{
    AnomalyError,
    ranking::{Comparison, Ranking},
    scoring::{LinearEvidence, linear_verdict, spearman, top_overlap},
};

/// Fits and scores the other methods, one after the other.
pub struct CompareJob {
    ranking: Rc<RefCell<Ranking>>,
    /// Methods still to fit, the next one last.
    pending: Vec<Method>,
    stage: Stage,
    /// Time of the current method.
    method_meter: ProgressMeter,
    meter: ProgressMeter,
    methods: Vec<MethodResult>,
}

enum Stage {
    Fit(Box<FitJob>),
    Score(Box<ScoreJob>),
}

impl CompareJob {
    /// A job that begins with the first of the other methods.
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
        let own = shared.detector().plan().method;
        let mut pending: Vec<Method> = Method::ALL.into_iter().rev().filter(|method| *method != own).collect();
        let first = pending.pop().ok_or(AnomalyError::State("There is no other method."))?;
        let stage = Stage::Fit(Box::new(fit(&shared, first)?));
        let measures = shared.measures();
        let methods = vec![MethodResult {
            method: own,
            auroc: measures.map(|measures| measures.auroc),
            average_precision: measures.map(|measures| measures.average_precision),
            rank_correlation: 1.0,
            top_overlap: 1.0,
            elapsed_s: shared.detector().summary().elapsed_s,
        }];
        drop(shared);
        let [method_meter, meter] = [(); 2].map(|()| ProgressMeter::start(TableActivity::Comparing));
        Ok(Self { ranking: ranking.clone(), pending, stage, method_meter, meter, methods })
    }

    /// Adds a method's ranking and begins with the next method. Returns the comparison if it was the last.
    fn add(&mut self, scored: &Ranking) -> Result<Option<Comparison>, AnomalyError> {
        let ranking = self.ranking.borrow();
        let (own, other) = (ranking.rows().scores(), scored.rows().scores());
        let measures = scored.measures();
        self.methods.push(MethodResult {
            method: scored.detector().plan().method,
            auroc: measures.map(|measures| measures.auroc),
            average_precision: measures.map(|measures| measures.average_precision),
            rank_correlation: spearman(own, other),
            top_overlap: top_overlap(own, other),
            elapsed_s: self.method_meter.elapsed_s(),
        });
        if let Some(next) = self.pending.pop() {
            self.stage = Stage::Fit(Box::new(fit(&ranking, next)?));
            self.method_meter = ProgressMeter::start(TableActivity::Comparing);
            return Ok(None);
        }
        let methods = std::mem::take(&mut self.methods);
        let verdict = verdict(&methods);
        Ok(Some(Comparison { methods, verdict }))
    }
}

fn fit(ranking: &Ranking, method: Method) -> Result<FitJob, AnomalyError> {
    let plan = DetectorPlan { method, ..ranking.detector().plan().clone() };
    FitJob::new(ranking.table(), plan)
}

fn verdict(methods: &[MethodResult]) -> LinearVerdict {
    let find = |method| methods.iter().find(|result| result.method == method);
    let (pca, network) = (find(Method::Pca), find(Method::Autoencoder));
    let auroc = |result: Option<&MethodResult>| result.and_then(|result| result.auroc);
    linear_verdict(if let (Some(pca), Some(autoencoder)) = (auroc(pca), auroc(network)) {
        LinearEvidence::Auroc { pca, autoencoder }
    } else {
        // Each method's agreement is that with the detector: take PCA's, or the network's if the detector is PCA.
        let other = methods.iter().skip(1).find(|result| result.method != Method::IsolationForest);
        LinearEvidence::Rankings {
            rank_correlation: other.map_or(0.0, |result| result.rank_correlation),
            top_overlap: other.map_or(0.0, |result| result.top_overlap),
        }
    })
}

impl Job for CompareJob {
    type Output = Comparison;

    async fn advance(&mut self) -> Result<Option<Comparison>, AnomalyError> {
        let methods = Method::ALL.len() as f64 - 1.0;
        let before = (self.methods.len() - 1) as f64;
        match &mut self.stage {
            Stage::Fit(job) => {
                let share = job.progress().share / 2.0;
                if let Some(fitted) = job.advance().await? {
                    let table = self.ranking.borrow().table().clone();
                    let score = ScoreJob::new(&table, &Rc::new(fitted.detector), Some(fitted.roles))?;
                    self.stage = Stage::Score(Box::new(score));
                }
                self.meter.set((before + share) / methods, 0);
                Ok(None)
            }
            Stage::Score(job) => {
                let progress = job.progress();
                let scored = job.advance().await?;
                self.meter.set((before + 0.5 + progress.share / 2.0) / methods, progress.count);
                match scored {
                    Some(scored) => self.add(&scored),
                    None => Ok(None),
                }
            }
        }
    }

    fn progress(&self) -> TableProgress {
        self.meter.progress()
    }
}
