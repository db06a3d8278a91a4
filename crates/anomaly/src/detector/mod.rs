//! Detectors on prepared rows: an autoencoder that was trained on normal rows reconstructs anomalies badly, and cells of
//! an anomaly do not fit each other.
//!
//! [`DetectorRun`] trains the [`Detector`] of any method on a [`FeatureTable`]. That of the autoencoder is an
//! [`Ensemble`]: [`FitRun`] trains its network by the [`recipe`], [`FineTuneRun`] fine-tunes it on another table. A
//! [`DetectorFile`] holds a detector's arrays. All of it runs on the CPU, on the kernels of `pinhole-numerics`
//! ([`dense`]).

mod autoencoder;
mod codes;
mod columns;
mod contributions;
pub mod dense;
mod detector_file;
mod ensemble;
mod ensemble_run;
mod error;
mod feature_table;
mod fine_tune_run;
mod fit_run;
mod fit_warnings;
mod grouping;
mod inlier_scaler;
mod members;
mod method;
mod neighbours;
pub mod recipe;
mod row_scores;
mod score_scale;

pub use autoencoder::AutoencoderDetector;
pub use codes::EncodedRows;
pub use columns::{CellCoder, ColumnPredictors, ColumnPredictorsRun};
pub use detector_file::{Array, DetectorFile, DetectorFileError, FORMAT_VERSION};
pub use ensemble::{Ensemble, OptionalMembers, TrainingMode};
pub use ensemble_run::EnsembleRun;
pub use error::DetectorError;
pub use feature_table::{FeatureTable, mean_square_difference};
pub use fine_tune_run::{FineTuneRun, FineTunedNetwork};
pub use fit_run::{FitAdvance, FitProgress, FitRun};
pub use inlier_scaler::InlierScaler;
pub use members::{MemberScales, Members};
pub use method::{Detector, DetectorRun};
pub use neighbours::Neighbours;
pub(crate) use row_scores::RowScores;
pub use score_scale::{MemberScale, ScoreScale, TailScale};
