//! Generated input for every reader of files and for the messages into the worker.
//!
//! A [`Target`] reads bytes as a user's file would be read. Its input is a seed file with a few mutations: of bytes, of the
//! values of a JSON text, or of the header of a tensor file. A target fails when it panics, or reads something otherwise
//! than it should; refusing its input is no failure. There is no coverage feedback, which needs nightly Rust: the seeds
//! reach what a reader knows, and mutations within JSON keep what is around them valid.
//!
//! `cargo xtask fuzz` runs every target for ten minutes; a test of this crate gives each some hundred inputs.

pub mod mutation;
mod runner;
pub mod targets;

pub use runner::{Report, run};

/// Structure of a target's input, which decides on its mutations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Bytes, or text.
    Bytes,
    /// A JSON text.
    Json,
    /// A `.safetensors` file: the length of a JSON header, the header, and the tensors' values.
    TensorFile,
}

/// Outcome of reading an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was read.
    Accepted,
    /// It was refused with an error.
    Refused,
}

/// A reader.
pub struct Target {
    /// Name on the command line.
    pub name: &'static str,
    /// Structure of its input.
    pub format: Format,
    /// Valid inputs, from which others are made.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Reads an input. Panics if a reader does, or reads it otherwise than it should.
    pub read: fn(&[u8]) -> Outcome,
}

impl Outcome {
    /// The outcome of a fallible reader.
    pub fn of<T, E>(result: &Result<T, E>) -> Self {
        if result.is_ok() { Self::Accepted } else { Self::Refused }
    }
}
