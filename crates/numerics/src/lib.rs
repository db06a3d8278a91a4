//! Arithmetic that all crates share, on plain slices: dense products, random numbers, moments, learning rates, tensor
//! files. A leaf that links neither Burn nor another crate of ours.
//!
//! | module | contents |
//! |---|---|
//! | [`lanes`] | slices to and from vectors of eight lanes |
//! | [`matmul`] | the blocked matrix product and its register tile |
//! | [`adam`] | a step of Adam or AdamW |
//! | [`dense_rows`] | dense networks over a table's rows, errors and distances |
//! | [`initial_values`] | initial weights of a layer |
//! | [`learning_rate`] | factors of learning-rate schedules |
//! | [`moments`] | mean and variance in double precision |
//! | [`random`] | seeded random numbers, a stream per use |
//! | [`ranking`] | ranks, their correlation, area under the ROC curve |
//! | [`tensor_file`] | reading of safetensors files that may be damaged |
//!
//! It is compiled at `opt-level = 3` in release. At `"s"`, as the engine is, the lanes are not inlined, which makes
//! scoring a table forty times slower in wasm. Vectors are written out with [`wide`], as the page's build leaves
//! automatic vectorising off.

pub mod adam;
pub mod dense_rows;
pub mod initial_values;
pub mod lanes;
pub mod learning_rate;
pub mod matmul;
pub mod moments;
pub mod random;
pub mod ranking;
pub mod tensor_file;
