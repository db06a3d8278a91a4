//! Labs, one folder each.

pub mod digits;
pub mod latent;
pub mod tables;
