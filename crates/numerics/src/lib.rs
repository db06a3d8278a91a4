//! Arithmetic that all crates share, on plain slices: dense products, random numbers, moments, learning rates, tensor
//! files. A leaf that links neither Burn nor another crate of ours.
//!
//! It is compiled at `opt-level = 3` in release. At `"s"`, as the engine is, the lanes of [`dense_rows`] are not
//! inlined, which makes scoring a table forty times slower in wasm.

pub mod dense_rows;
pub mod initial_values;
pub mod learning_rate;
pub mod moments;
pub mod random;
pub mod tensor_file;
