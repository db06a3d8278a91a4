//! Tables: bytes -> records -> typed columns -> prepared rows, and a scored file back.
//!
//! The crate depends on neither Burn nor the DOM, so that it builds in seconds, is fuzzed alone, and is the same in
//! page and terminal.

pub mod cells;
pub mod columns;
pub mod conversion;
pub mod dialect;
mod encoding;
mod error;
pub mod export;
mod footer;
pub mod preparation;
pub mod records;
pub mod reservoir;
pub mod scan;
pub mod sections;
pub mod source;
pub mod typed;

pub use error::TableError;
