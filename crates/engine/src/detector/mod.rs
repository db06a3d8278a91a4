//! Finding odd rows: an autoencoder that learnt normal rows rebuilds the others badly.
//!
//! A [`FeatureTable`] of prepared rows goes in, [`FitRun`] trains on it by the [`recipe`], and the
//! [`AutoencoderDetector`] scores rows and says which columns are to blame. [`FineTuneRun`] trains it on,
//! [`DetectorFile`] keeps it. All of it runs on the CPU, by kernels of its own ([`dense`]).

mod autoencoder;
pub mod dense;
mod ensemble;
mod ensemble_run;
mod error;
mod features;
mod file;
mod fine_tune;
mod fit;
mod health;
mod method;
mod neighbours;
pub mod recipe;
mod scale;
mod trim;

pub use autoencoder::AutoencoderDetector;
pub use ensemble::{Ensemble, Mode, Votes};
pub use ensemble_run::EnsembleRun;
pub use error::DetectorError;
pub use features::FeatureTable;
pub use file::{Array, DetectorFile, FORMAT_VERSION};
pub use fine_tune::{FineTuneRun, FineTuned};
pub use fit::{FitProgress, FitRun, FitStep};
pub use method::{Detector, MethodRun};
pub use neighbours::Neighbours;
pub use scale::ScoreScale;
pub use trim::Trim;
