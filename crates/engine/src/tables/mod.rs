//! From a file to its ranking: what page and terminal share.
//!
//! A [`Table`] is opened and scanned ([`ScanJob`]); a [`FitJob`] chooses the rows that train, prepares them and trains a
//! [`StoredDetector`]; a [`ScoreJob`] scores every row and makes a [`Ranking`], which answers what people ask of it. Each
//! is a [`Job`] done in pieces, and each reads the file anew, as a file is never held.

mod compare;
mod detector_file;
mod drift;
mod explain;
mod export;
mod features;
mod fit;
mod job;
mod lookup;
mod pass;
mod ranking;
mod rows;
mod samples;
mod score;
mod scored;
mod stored;
mod table;
mod tune;

pub use compare::{CompareJob, Compared};
pub use export::{ExportJob, ExportStep};
pub use fit::{FitJob, Fitted};
pub use job::{Job, Meter};
pub use lookup::{LookedUp, LookupJob};
pub use ranking::{Ranking, report};
pub use rows::{Label, RowRoles};
pub use samples::{SamplePlan, SamplesJob};
pub use score::ScoreJob;
pub use scored::{ColumnOrder, Found, Lookup, ScoredRows};
pub use stored::StoredDetector;
pub use table::{RowsJob, ScanJob, SharedTable, Table};
pub use tune::{FineTuneJob, TunedDetector};
