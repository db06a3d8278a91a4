//! Threshold rules, and measures of scores.

use serde::{Deserialize, Serialize};

use super::Method;

/// Rule by which the threshold is chosen. Rows with a score above the threshold are flagged.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThresholdRule {
    /// The threshold is this score.
    Score(f64),
    /// This quantile of all scores, 0 to 1: 0.95 flags the upper twentieth.
    Quantile(f64),
    /// This share of all rows is flagged, 0 to 1.
    #[serde(rename = "odd_share")]
    Contamination(f64),
    /// This share of held-out normal rows is flagged, 0 to 1.
    FalseAlarms(f64),
    /// The threshold of the largest F1; needs labels.
    BestF1,
    /// So many rows of each file are flagged, those with the highest scores: as many as can be checked.
    Capacity(u64),
    /// The threshold of the least expected cost; needs labels.
    Cost(ErrorCosts),
}

/// Costs of the two kinds of error, in any unit. Only their ratio decides a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErrorCosts {
    /// Cost of an anomaly that is not flagged, at least 0.
    pub missed: f64,
    /// Cost of a normal row that is flagged, at least 0.
    pub false_alarm: f64,
}

/// Confidence interval of 95 %: the percentile bootstrap of the measured rows, drawn anew by kind of row.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// Confusion matrix of the labelled rows at a threshold. Where normal rows trained, those held out stand for them: each
/// counts for as many rows as the table has normal rows per held-out one, and the counts are rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// Flagged anomalies.
    pub true_positives: u64,
    /// Flagged normal rows.
    pub false_positives: u64,
    /// Normal rows that are not flagged.
    pub true_negatives: u64,
    /// Anomalies that are not flagged.
    pub false_negatives: u64,
}

/// The current threshold and the measures at it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThresholdReport {
    /// Rule.
    pub rule: ThresholdRule,
    /// Score above which rows are flagged.
    pub value: f64,
    /// Share of rows at or below it, 0 to 1.
    pub quantile: f64,
    /// Number of flagged rows.
    pub flagged: u64,
    /// Confusion matrix of the table's labelled rows; needs labels.
    pub confusion: Option<Confusion>,
    /// Share of flagged rows that are anomalies; needs labels and a flagged row.
    pub precision: Option<f64>,
    /// Share of anomalies that are flagged; needs labels.
    pub recall: Option<f64>,
    /// Harmonic mean of precision and recall; needs labels.
    pub f1: Option<f64>,
    /// Interval of the precision.
    pub precision_interval: Option<Interval>,
    /// Interval of the recall.
    pub recall_interval: Option<Interval>,
    /// One sentence about the rows that are to be expected above the threshold per file.
    pub alerts: String,
}

/// A point of an ROC or precision-recall curve, both coordinates from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// False-positive rate (ROC) or recall (precision-recall).
    pub x: f64,
    /// True-positive rate (ROC) or precision (precision-recall).
    pub y: f64,
}

/// Measures of a ranking by score; they need labels of both classes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measures {
    /// Area under the ROC curve: the probability that an anomaly is ranked above a normal row, where ties count half.
    pub auroc: f64,
    /// Interval of the AUROC.
    pub auroc_interval: Interval,
    /// Average precision, as scikit-learn's: sum of precision times increase in recall. Its precision is that of the
    /// whole table's labelled rows.
    pub average_precision: f64,
    /// Interval of the average precision.
    pub average_precision_interval: Interval,
    /// Number of measured anomalies.
    #[serde(rename = "odd_rows")]
    pub anomalous_rows: u64,
    /// Number of measured normal rows.
    pub normal_rows: u64,
    /// Number of the table's normal rows, for which the measured ones stand.
    pub table_normal_rows: u64,
    /// ROC curve of at most 200 points.
    pub roc: Vec<CurvePoint>,
    /// Precision-recall curve of at most 200 points.
    pub precision_recall: Vec<CurvePoint>,
}

/// Histogram of scores with bins of equal width from `low` to `high`, on the scale of `log10(score)` if `is_log`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// Left edge of the first bin.
    pub low: f64,
    /// Right edge of the last bin.
    pub high: f64,
    /// True if edges are logarithms.
    pub is_log: bool,
    /// Number of rows per bin that are normal or have no label.
    pub normal: Vec<u32>,
    /// Number of labelled anomalies per bin.
    #[serde(rename = "odd")]
    pub anomalous: Vec<u32>,
}

/// Reconstruction errors of a column over all rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnErrors {
    /// Name of the column.
    pub name: String,
    /// Share of all rows' error, 0 to 1.
    pub share: f64,
    /// Share of the flagged rows' error, 0 to 1.
    pub share_of_flagged: f64,
    /// Histogram of its errors, on the prepared scale (standard deviations of the training rows).
    pub histogram: Histogram,
}

/// Summary of a scored table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoreSummary {
    /// Number of rows.
    pub rows: u64,
    /// Histogram of the scores.
    pub histogram: Histogram,
    /// Measures; `None` without labels of both classes.
    pub measures: Option<Measures>,
    /// One sentence about the rows that the measures count: which did not train, and what they stand for.
    pub counted_rows: Option<String>,
    /// One sentence why there are no measures although a label was chosen.
    pub measures_missing: Option<String>,
    /// Errors of all columns; those with the largest share of the flagged rows' error first.
    pub columns: Vec<ColumnErrors>,
    /// Warnings, such as constant scores, a network that did not learn, or unknown categories.
    pub warnings: Vec<String>,
}

/// A usual method that a detector is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// Reconstruction error of principal component analysis.
    Pca,
    /// Isolation forest (Liu, Ting and Zhou 2008).
    IsolationForest,
    /// Distance to the fifth nearest neighbour (Ramaswamy, Rastogi and Shim 2000).
    NearestNeighbours,
    /// Empirical cumulative distributions (Li, Zhao and others 2022).
    Ecod,
    /// Local outlier factor (Breunig, Kriegel, Ng and Sander 2000).
    LocalOutlierFactor,
    /// Histogram-based outlier score (Goldstein and Dengel 2012).
    Histograms,
}

impl Baseline {
    /// Every baseline, in the order of the comparison.
    pub const ALL: [Self; 6] = [
        Self::Pca,
        Self::IsolationForest,
        Self::NearestNeighbours,
        Self::Ecod,
        Self::LocalOutlierFactor,
        Self::Histograms,
    ];

    /// Name for display.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pca => Method::Pca.label(),
            Self::IsolationForest => Method::IsolationForest.label(),
            Self::NearestNeighbours => "kNN",
            Self::Ecod => "ECOD",
            Self::LocalOutlierFactor => "LOF",
            Self::Histograms => "HBOS",
        }
    }

    /// True if its scores depend on the seed, beside on the rows that train.
    pub const fn is_random(self) -> bool {
        matches!(self, Self::IsolationForest)
    }
}

/// A figure over several repeats with other seeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repeats {
    /// Mean.
    pub mean: f64,
    /// The least.
    pub min: f64,
    /// The greatest.
    pub max: f64,
}

impl Repeats {
    /// Of the figures of each repeat; `None` of none.
    pub fn of(figures: &[f64]) -> Option<Self> {
        let fold = |pick: fn(f64, f64) -> f64| figures.iter().copied().reduce(pick);
        Some(Self {
            mean: figures.iter().sum::<f64>() / figures.len() as f64,
            min: fold(f64::min)?,
            max: fold(f64::max)?,
        })
    }
}

/// Result of a method in the comparison with baselines: over the repeats of the detector and of the methods that
/// depend on them, else of one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MethodResult {
    /// Name of the method for display.
    pub name: String,
    /// Number of repeats.
    pub repeats: usize,
    /// Area under the ROC curve; `None` without labels of both classes.
    pub auroc: Option<Repeats>,
    /// Average precision; `None` without labels of both classes.
    pub average_precision: Option<Repeats>,
    /// Spearman's rank correlation of its scores with the current detector's.
    pub rank_correlation: f64,
    /// Share of the current detector's top 5 % of rows that are also in this method's top 5 %.
    pub top_overlap: f64,
    /// Seconds of fitting and scoring once.
    pub elapsed_s: f64,
}

/// Result of the comparison with PCA, the linear baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinearVerdict {
    /// True if PCA ranks as well as the current detector.
    pub is_enough: bool,
    /// The same as one sentence with the measures.
    pub sentence: String,
}
