//! Type inference of columns: names, kinds, formats of numbers and dates, and the label.

mod anomalous_values;
mod cardinality_sketch;
mod class_names;
mod clean_names;
mod column_profiler;
mod column_styles;
mod distinct_values;
mod entity_guess;
mod fillers;
mod format_changes;
mod infer_formats;
mod infer_kind;
mod label_candidates;
mod label_names;
mod number_sample;
mod number_styles;
mod profiler;
mod time_names;

pub use clean_names::clean_names;
pub(crate) use column_profiler::ColumnProfiler;
pub use format_changes::format_changes;
pub use infer_formats::infer_formats;
pub use profiler::{Profile, Profiler};
