//! Type inference of columns: names, kinds, formats of numbers and dates, and the label.

mod anomalous_values;
mod clean_names;
mod column_profiler;
mod infer_formats;
mod infer_kind;
mod label_candidates;
mod profiler;

pub use clean_names::clean_names;
pub use infer_formats::infer_formats;
pub use profiler::{Profile, Profiler};
