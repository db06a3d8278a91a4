//! Projections to two dimensions.
//!
//! [`ProjectionRun`] is what a caller drives: it searches neighbours where the method needs them, lays out, and hands
//! out the positions so far at any time.

pub mod pca;
pub mod procrustes;
mod projected;
mod run;
mod settings;
mod sparse;
mod start;
mod tsne;
mod umap;

pub use self::{
    projected::ProjectedVectors,
    run::{ProjectionRun, ProjectionStage},
    settings::{ProjectionSettings, largest_perplexity},
};
