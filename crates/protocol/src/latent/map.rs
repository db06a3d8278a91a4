//! The vectors of a map, and their positions on it.

use serde::{Deserialize, Serialize};

use super::Decoding;
use crate::{Bytes, Floats};

/// Projection of vectors to two dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Projection {
    /// A pair of latent numbers: nothing is projected.
    Raw {
        /// Horizontal number, from 0.
        across: usize,
        /// Vertical number, from 0.
        up: usize,
    },
    /// Principal component analysis.
    Pca,
    /// t-distributed stochastic neighbour embedding (van der Maaten 2014).
    Tsne {
        /// Effective number of neighbours.
        perplexity: f32,
        /// Steps.
        iterations: usize,
    },
    /// Uniform manifold approximation and projection (McInnes, Healy and Melville 2018).
    Umap {
        /// Neighbours of each vector.
        neighbours: usize,
        /// Least distance on the map.
        min_dist: f32,
    },
}

impl Projection {
    /// t-SNE as scikit-learn has it.
    pub const TSNE: Self = Self::Tsne { perplexity: 30.0, iterations: 1_000 };
    /// UMAP as umap-learn has it.
    pub const UMAP: Self = Self::Umap { neighbours: 15, min_dist: 0.1 };
}

/// Vectors that were opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VectorSet {
    /// Their model and its epoch, or their file.
    pub name: String,
    /// Number of vectors.
    pub count: usize,
    /// Number of samples or rows that they were drawn from; equal to `count` if none was left out.
    pub total: usize,
    /// Latent size, or numbers per vector.
    pub width: usize,
    /// True if they are codes of samples that training does not see.
    pub are_held_out: bool,
    /// True if they come from a file and are coordinates of two dimensions.
    pub are_coordinates: bool,
    /// What is known of each sample: labels, reconstruction errors, scores, columns of a table.
    pub columns: Vec<SampleColumn>,
    /// Decoding of codes.
    pub decoding: Decoding,
    /// True if training pulled the codes to a prior, from which new ones can be drawn.
    #[serde(default)]
    pub has_prior: bool,
    /// Small pictures of the samples, where they are pictures.
    pub thumbnails: Option<Thumbnails>,
    /// Sentences for the user.
    pub warnings: Vec<String>,
}

/// Something known of each vector, by which a map can be coloured and searched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SampleColumn {
    /// Name, such as “Label”, “Reconstruction error”, or a column's.
    pub name: String,
    /// One value per vector.
    pub values: SampleValues,
}

/// One value per vector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SampleValues {
    /// Numbers; NaN where unknown.
    Numbers(Floats),
    /// Categories, at most 255.
    Categories {
        /// Their names.
        names: Vec<String>,
        /// Index of the category of each vector; 255 where unknown.
        indices: Bytes,
    },
}

/// Small grey pictures of samples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thumbnails {
    /// Pixels along each side.
    pub side: usize,
    /// One byte per pixel, picture after picture: 0 is paper, 255 is ink.
    pub pixels: Bytes,
}

/// Positions of all vectors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectedMap {
    /// The projection.
    pub projection: Projection,
    /// Its seed.
    pub seed: u64,
    /// [horizontal, vertical] of each vector.
    pub positions: Floats,
    /// True if it was stopped before its end.
    pub is_partial: bool,
    /// Principal components, for PCA.
    pub pca: Option<PcaSummary>,
    /// Figures of the map.
    pub quality: MapQuality,
    /// Seconds that it took.
    pub seconds: f32,
}

/// Principal components of the vectors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PcaSummary {
    /// Share of the variance that each component explains, greatest first.
    pub explained_variance: Vec<f32>,
    /// The first two components over the latent numbers, one after the other.
    pub loadings: Floats,
}

/// How much of the neighbourhoods a map keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MapQuality {
    /// Trustworthiness with 12 neighbours (Venna and Kaski 2001), over at most 2,000 vectors.
    pub trustworthiness: Option<f32>,
    /// Continuity with 12 neighbours.
    pub continuity: Option<f32>,
    /// Accuracy of the five nearest neighbours on the map, by label.
    pub neighbour_accuracy: Option<f32>,
    /// Mean squared error by which PCA's two components rebuild the codes, as share of their variance.
    pub unexplained_variance: Option<f32>,
}
