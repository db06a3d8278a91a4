//! How good things are: pictures beside what they should be, and rankings of rows.
//!
//! Scores of rows are f64, and greater means odder. A score that is no number has no place in a ranking: whoever makes
//! scores must not make such, and what is here refuses them.

mod agreement;
mod columns;
mod cuts;
mod drift;
mod error;
mod histogram;
mod images;
mod ranking;
mod threshold;

pub use agreement::{LinearEvidence, linear_verdict, spearman, top_overlap};
pub use columns::ColumnErrorTally;
pub use drift::{ColumnReference, ColumnTally, LARGE_SHIFT, STABLE, drift_report};
pub use error::ScoringError;
pub use histogram::{HISTOGRAM_BINS, constant_scores_warning, histogram};
pub(crate) use images::{SSIM_C1, SSIM_C2, gaussian_window};
pub use images::{SSIM_WINDOW, mean_squared_error, psnr_db, quality, ssim};
pub use ranking::{CURVE_POINTS, measures};
pub use threshold::{quantile, threshold};
