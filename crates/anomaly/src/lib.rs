//! Anomaly detection in tables, from a file to its ranking and report. Shared by page and terminal; no Burn, no DOM.
//!
//! A [`Table`] is opened and scanned ([`jobs::ScanJob`]); a [`jobs::FitJob`] chooses the rows that train, prepares them
//! and trains a [`FittedDetector`]; a [`jobs::ScoreJob`] scores every row and makes a [`Ranking`], with threshold,
//! measures and explanations. Each job works in slices of some milliseconds and reads the file anew, as a file is never
//! held in memory.
//!
//! [`detector`] trains and scores on prepared rows alone, [`baselines`] are what it is compared with, [`scoring`] holds
//! ranking measures, thresholds and drift, and [`report`] writes the HTML report.

pub mod baselines;
mod constants;
mod derived;
pub mod detector;
mod drift;
mod entity;
mod error;
mod fill;
mod fitted_detector;
pub mod jobs;
mod number_text;
mod prepared_rows;
mod ranking;
pub mod report;
mod row_roles;
pub mod scoring;
mod statistics;
mod table;
mod table_reader;
mod table_sample;
mod text;
mod training_memory;

pub use error::AnomalyError;
pub use fitted_detector::{FittedDetector, RowAutoencoder};
pub use prepared_rows::{PreparedRows, prepare_rows};
pub use ranking::{ColumnOrder, Comparison, Lookup, LookupResult, Ranking, ScoredRows, SearchResult, html_report};
pub use row_roles::{RowLabel, RowRoles};
pub use table::{SharedTable, Table};
pub use table_reader::TableReader;
pub use table_sample::{SampledCells, TableSample, sample_column};
