//! Measures of a ranking, thresholds, histograms, contributions by column, and drift.
//!
//! Anomaly scores are f64, the greater the more anomalous. NaN has no rank: functions here refuse it.

mod agreement;
mod bootstrap;
mod column_errors;
mod column_reference;
mod drift;
mod error;
mod histogram;
mod measured_labels;
mod ranking;
mod shift;
mod threshold;
mod threshold_report;

pub use agreement::{LinearEvidence, linear_verdict, spearman, top_overlap};
pub use column_errors::ColumnErrorSums;
pub use column_reference::ColumnReference;
pub use drift::{ColumnCounter, drift_report};
pub use error::ScoringError;
pub use histogram::{HISTOGRAM_BINS, constant_scores_warning, histogram};
pub use measured_labels::MeasuredLabels;
pub use ranking::{CURVE_POINTS, auroc_and_average_precision, measures, separation};
pub use threshold::{quantile, score_of_flagged, threshold};
