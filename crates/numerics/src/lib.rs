//! What all crates count with, on plain slices: a leaf that links neither Burn nor another crate of ours.
//!
//! It is compiled at `opt-level = 3` in release. At `"s"`, as the engine is, the lanes of [`dense_rows`] are not inlined,
//! which makes scoring a table forty times slower in wasm.

pub mod dense_rows;
pub mod initial_values;
pub mod learning_rate;
pub mod moments;
pub mod random;
pub mod tensor_file;
