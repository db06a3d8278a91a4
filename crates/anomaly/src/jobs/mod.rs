//! Jobs over tables: each reads a table's file from its start and works in slices.

mod check_label;
mod check_plan;
mod compare;
mod export;
mod file_bytes;
mod fill;
mod fine_tune;
mod fit;
mod job;
mod lookup;
mod open;
mod sample_rows;
mod scan;
mod score;
mod training_sample;

pub use check_label::LabelCheckJob;
pub use compare::CompareJob;
pub use export::{ExportAdvance, ExportJob};
pub use fill::FillJob;
pub use fine_tune::{FineTuneJob, FineTunedDetector};
pub use fit::{FitJob, FitResult};
pub use job::{Job, ProgressMeter};
pub use lookup::LookupJob;
pub use open::OpenJob;
pub use sample_rows::{SampleRowsJob, SampledRows};
pub use scan::{RowsJob, ScanJob};
pub use score::ScoreJob;
