//! New codes: a mixture of Gaussians fitted to codes, and figures of drawn samples.

mod mixture;
mod quality;

pub use mixture::{Covariance, GaussianMixture, MixtureFit, MixtureSearch, MixtureSettings};
pub use quality::{SampleQuality, SampleQualityCheck};
