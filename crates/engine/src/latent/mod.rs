//! Latent space: measures of codes.

pub mod measures;
