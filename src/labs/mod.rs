//! One folder a lab.

pub mod digits;
pub mod tables;
