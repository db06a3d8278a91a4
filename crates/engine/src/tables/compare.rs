//! The other methods on the same rows, beside the detector in hand.

use std::{cell::RefCell, rc::Rc};

use pinhole_protocol::table::{DetectorPlan, LinearVerdict, Method, MethodResult, TableActivity, TableProgress};

use super::{
    fit::FitJob,
    job::{Job, Meter},
    ranking::Ranking,
    score::ScoreJob,
};
use crate::{
    EngineError,
    scoring::{LinearEvidence, linear_verdict, spearman, top_overlap},
};

/// How the methods compare.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Every method, the one in hand first.
    pub methods: Vec<MethodResult>,
    /// Whether PCA is enough.
    pub verdict: LinearVerdict,
}

/// Fits and scores the other methods, one after the other.
pub struct CompareJob {
    ranking: Rc<RefCell<Ranking>>,
    /// Methods still to come, the last first.
    ahead: Vec<Method>,
    stage: Stage,
    clock: Meter,
    overall: Meter,
    methods: Vec<MethodResult>,
}

enum Stage {
    Fit(Box<FitJob>),
    Score(Box<ScoreJob>),
}

impl CompareJob {
    /// Begins.
    ///
    /// # Errors
    /// When the table in hand is not the one that the detector was trained on.
    pub fn new(ranking: &Rc<RefCell<Ranking>>) -> Result<Self, EngineError> {
        let shared = ranking.borrow();
        if !shared.is_of_training() {
            return Err(EngineError::State(
                "Methods are compared on the table that the detector was trained on: train on this one first.",
            ));
        }
        let own = shared.detector().plan().method;
        let mut ahead: Vec<Method> = Method::ALL.into_iter().rev().filter(|method| *method != own).collect();
        let first = ahead.pop().ok_or(EngineError::State("There is no other method."))?;
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
        let [clock, overall] = [(); 2].map(|()| Meter::start(TableActivity::Comparing));
        Ok(Self { ranking: ranking.clone(), ahead, stage, clock, overall, methods })
    }

    /// Notes a method's ranking. Answers the comparison if it was the last.
    fn note(&mut self, scored: &Ranking) -> Result<Option<Compared>, EngineError> {
        let ranking = self.ranking.borrow();
        let (own, other) = (ranking.rows().scores(), scored.rows().scores());
        let measures = scored.measures();
        self.methods.push(MethodResult {
            method: scored.detector().plan().method,
            auroc: measures.map(|measures| measures.auroc),
            average_precision: measures.map(|measures| measures.average_precision),
            rank_correlation: spearman(own, other),
            top_overlap: top_overlap(own, other),
            elapsed_s: self.clock.elapsed_s(),
        });
        if let Some(next) = self.ahead.pop() {
            self.stage = Stage::Fit(Box::new(fit(&ranking, next)?));
            self.clock = Meter::start(TableActivity::Comparing);
            return Ok(None);
        }
        let methods = std::mem::take(&mut self.methods);
        let verdict = verdict(&methods);
        Ok(Some(Compared { methods, verdict }))
    }
}

fn fit(ranking: &Ranking, method: Method) -> Result<FitJob, EngineError> {
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
        // Agreement is told of the method in hand with the others: of PCA with it, or of the network with PCA in hand.
        let other = methods.iter().skip(1).find(|result| result.method != Method::IsolationForest);
        LinearEvidence::Rankings {
            rank_correlation: other.map_or(0.0, |result| result.rank_correlation),
            top_overlap: other.map_or(0.0, |result| result.top_overlap),
        }
    })
}

impl Job for CompareJob {
    type Output = Compared;

    async fn advance(&mut self) -> Result<Option<Compared>, EngineError> {
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
                self.overall.note((before + share) / methods, 0);
                Ok(None)
            }
            Stage::Score(job) => {
                let progress = job.progress();
                let scored = job.advance().await?;
                self.overall.note((before + 0.5 + progress.share / 2.0) / methods, progress.count);
                match scored {
                    Some(scored) => self.note(&scored),
                    None => Ok(None),
                }
            }
        }
    }

    fn progress(&self) -> TableProgress {
        self.overall.progress()
    }
}
