//! Tests of latent spaces against reference values and on real data.

mod pca;
mod projections;
