//! A method in the comparison, with its figures so far.

use pinhole_protocol::table::{Baseline, DetectorPlan, Method, MethodResult, Repeats};

use crate::scoring::{MeasuredLabels, auroc_and_average_precision, spearman, top_overlap};

/// Kind of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A detector, fitted and scored as a person's own.
    Detector(Method),
    /// A usual method on rows as others prepare them.
    Baseline(Baseline),
}

/// A method, with its figures in each repeat so far.
#[derive(Clone, Debug)]
pub struct ComparedMethod {
    pub kind: Kind,
    aurocs: Vec<f64>,
    average_precisions: Vec<f64>,
    rank_correlations: Vec<f64>,
    top_overlaps: Vec<f64>,
    elapsed_s: f64,
}

/// The detector of a plan first, then the autoencoder if it is another, then the baselines.
pub fn all(plan: &DetectorPlan) -> Vec<ComparedMethod> {
    let own = [plan.method];
    let network = Some(Method::Autoencoder).filter(|method| *method != plan.method);
    let is_own = |baseline: &Baseline| match baseline {
        Baseline::Pca => plan.method == Method::Pca,
        Baseline::IsolationForest => plan.method == Method::IsolationForest,
        _ => false,
    };
    let baselines = Baseline::ALL.into_iter().filter(|baseline| !is_own(baseline)).map(Kind::Baseline);
    own.into_iter().chain(network).map(Kind::Detector).chain(baselines).map(ComparedMethod::new).collect()
}

impl ComparedMethod {
    const fn new(kind: Kind) -> Self {
        Self {
            kind,
            aurocs: Vec::new(),
            average_precisions: Vec::new(),
            rank_correlations: Vec::new(),
            top_overlaps: Vec::new(),
            elapsed_s: 0.0,
        }
    }

    /// Adds the scores of a repeat, beside the detector's of the same rows.
    pub fn add(&mut self, scores: &[f64], of_detector: &[f64], labels: MeasuredLabels<'_>, elapsed_s: f64) {
        if self.rank_correlations.is_empty() {
            self.elapsed_s = elapsed_s;
        }
        if let Some([auroc, average_precision]) = auroc_and_average_precision(scores, labels) {
            self.aurocs.push(auroc);
            self.average_precisions.push(average_precision);
        }
        self.rank_correlations.push(spearman(of_detector, scores));
        self.top_overlaps.push(top_overlap(of_detector, scores));
    }

    /// True if it has scored at least once.
    pub const fn is_measured(&self) -> bool {
        !self.rank_correlations.is_empty()
    }

    /// The figures over all repeats.
    pub fn result(&self) -> MethodResult {
        let mean = |figures: &[f64]| figures.iter().sum::<f64>() / figures.len().max(1) as f64;
        let name = match self.kind {
            Kind::Detector(method) => method.label(),
            Kind::Baseline(baseline) => baseline.label(),
        };
        MethodResult {
            name: name.to_owned(),
            repeats: self.rank_correlations.len(),
            auroc: Repeats::of(&self.aurocs),
            average_precision: Repeats::of(&self.average_precisions),
            rank_correlation: mean(&self.rank_correlations),
            top_overlap: mean(&self.top_overlaps),
            elapsed_s: self.elapsed_s,
        }
    }
}
