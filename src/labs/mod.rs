//! Labs, one folder each.

pub mod digits;
pub mod tables;
