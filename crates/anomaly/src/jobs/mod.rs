//! Jobs over tables: each reads a table's file from its start and works in slices.

mod compare;
mod export;
mod fine_tune;
mod fit;
mod job;
mod lookup;
mod scan;
mod score;
mod training_sample;

pub use compare::CompareJob;
pub use export::{ExportJob, ExportStep};
pub use fine_tune::{FineTuneJob, FineTunedDetector};
pub use fit::{FitJob, Fitted};
pub use job::{Job, Meter};
pub use lookup::LookupJob;
pub use scan::{RowsJob, ScanJob};
pub use score::ScoreJob;
