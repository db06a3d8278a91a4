//! Numerical kernels on plain slices: a leaf that links neither Burn nor another crate of ours.
//!
//! | module | contents |
//! |---|---|
//! | [`lanes`] | slices to and from vectors of eight lanes |
//! | [`matmul`] | the blocked matrix product and its register tile |
//! | [`adam`] | a step of Adam or AdamW |
//! | [`dense_rows`] | dense networks over a table's rows, errors and distances |
//!
//! It is compiled at `opt-level = 3` in release. At `"s"`, as the engine is, the lanes are not inlined, which makes
//! scoring a table forty times slower in wasm. Vectors are written out with [`wide`], as the page's build leaves
//! automatic vectorising off.

pub mod adam;
pub mod dense_rows;
pub mod lanes;
pub mod matmul;
