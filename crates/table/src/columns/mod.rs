//! What the columns of a table are: names, kinds, formats, and which one is the label.

mod anomalous_values;
mod formats;
mod kind;
mod label;
mod names;
mod profile;
mod tally;

pub use formats::guess_formats;
pub use names::clean_names;
pub use profile::{Profile, Profiler};
