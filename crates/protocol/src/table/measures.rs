//! How good a ranking is, and where its threshold lies.

use serde::{Deserialize, Serialize};

use super::Method;

/// How the threshold is chosen. Rows with a score above it are flagged.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThresholdRule {
    /// This score.
    Score(f64),
    /// The quantile of all scores, 0 to 1: 0.95 flags the upper twentieth.
    Quantile(f64),
    /// This share of the rows is flagged, 0 to 1.
    #[serde(rename = "odd_share")]
    Contamination(f64),
    /// This share of held-out normal rows is flagged, 0 to 1.
    FalseAlarms(f64),
    /// The best F1; needs labels.
    BestF1,
}

/// What a threshold does to labelled rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// Odd and flagged.
    pub true_positives: u64,
    /// Normal and flagged.
    pub false_positives: u64,
    /// Normal and not flagged.
    pub true_negatives: u64,
    /// Odd and not flagged.
    pub false_negatives: u64,
}

/// The threshold in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThresholdReport {
    /// How it was chosen.
    pub rule: ThresholdRule,
    /// The score above which rows are flagged.
    pub value: f64,
    /// Its place among the scores, 0 to 1: the share of rows at or below it.
    pub quantile: f64,
    /// Rows above it.
    pub flagged: u64,
    /// With labels: right and wrong, over the measured rows.
    pub confusion: Option<Confusion>,
    /// With labels and a flagged row: share of flagged rows that are odd.
    pub precision: Option<f64>,
    /// With labels: share of odd rows that are flagged.
    pub recall: Option<f64>,
    /// With labels: harmonic mean of precision and recall.
    pub f1: Option<f64>,
}

/// A point of a curve, each 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// False-positive rate (ROC) or recall (precision-recall).
    pub x: f64,
    /// True-positive rate (ROC) or precision (precision-recall).
    pub y: f64,
}

/// How well a ranking puts odd rows first; needs labels of both kinds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measures {
    /// Area under the ROC curve: the chance that an odd row is ranked above a normal one, ties counting half.
    pub auroc: f64,
    /// Average precision (scikit-learn's: sum of precision times the step in recall).
    pub average_precision: f64,
    /// Odd rows measured.
    #[serde(rename = "odd_rows")]
    pub anomalous_rows: u64,
    /// Normal rows measured; rows that trained are not.
    pub normal_rows: u64,
    /// The ROC curve, thinned to at most 200 points.
    pub roc: Vec<CurvePoint>,
    /// The precision-recall curve, thinned to at most 200 points.
    pub precision_recall: Vec<CurvePoint>,
}

/// Scores counted in bins of equal width between `low` and `high`, on the scale of `log10(score)` if `is_log`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// Left edge of the first bin.
    pub low: f64,
    /// Right edge of the last bin.
    pub high: f64,
    /// Whether edges are logarithms.
    pub is_log: bool,
    /// Rows in each bin that are normal, or have no label.
    pub normal: Vec<u32>,
    /// Rows in each bin that the label calls odd.
    #[serde(rename = "odd")]
    pub anomalous: Vec<u32>,
}

/// Errors of one column over all rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnErrors {
    /// Its name.
    pub name: String,
    /// Share of all rows' error that is its own, 0 to 1.
    pub share: f64,
    /// Share of the flagged rows' error that is its own, 0 to 1.
    pub share_of_flagged: f64,
    /// Its errors, in units of its spread in training.
    pub histogram: Histogram,
}

/// All that is said of a scored table at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoreSummary {
    /// Rows.
    pub rows: u64,
    /// Their scores.
    pub histogram: Histogram,
    /// Measures, where labels allow them.
    pub measures: Option<Measures>,
    /// Why there are none although a label was chosen, in one sentence.
    pub measures_missing: Option<String>,
    /// Columns, those that drive the flagged rows first.
    pub columns: Vec<ColumnErrors>,
    /// What a person should know of the scores: constant ones, a network that did not learn, unknown categories.
    pub warnings: Vec<String>,
}

/// A method beside the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MethodResult {
    /// Which.
    pub method: Method,
    /// Its measures, where labels allow them.
    pub auroc: Option<f64>,
    /// Average precision, likewise.
    pub average_precision: Option<f64>,
    /// Spearman's correlation of its ranking with that of the detector in hand.
    pub rank_correlation: f64,
    /// Of the detector's top twentieth, the share that this method puts there too.
    pub top_overlap: f64,
    /// Seconds to fit and score.
    pub elapsed_s: f64,
}

/// Whether a straight line would have done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinearVerdict {
    /// Whether PCA does as well.
    pub is_enough: bool,
    /// That, in a sentence with the figures.
    pub sentence: String,
}
