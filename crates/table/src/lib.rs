//! Tables: bytes -> records -> typed columns -> prepared rows, and a scored file back.
//!
//! Nothing here knows Burn or the DOM, so it builds in seconds, is fuzzed alone, and runs the same in page and terminal.

pub mod cells;
pub mod columns;
pub mod dialect;
mod error;
pub mod export;
pub mod preparation;
pub mod records;
pub mod sample;
pub mod scan;
pub mod source;
pub mod typed;
mod windows_1252;

pub use error::TableError;
