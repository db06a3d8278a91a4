//! One folder a lab.

pub mod digits;
