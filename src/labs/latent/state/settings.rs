//! What a person sets: vectors, projections and their settings, and what the map shows.

use pinhole_protocol::latent::Projection;

/// Origin of vectors, as the menu "Codes" offers them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// Samples that training does not see, by the model of the Digits lab.
    #[default]
    HeldOut,
    /// All samples, by that model.
    All,
    /// Rows of the scored table, by the detector of the Tables lab.
    Detector,
    /// A file that was opened here.
    File,
}

impl Source {
    /// Every origin, in the order of the menu.
    pub const ALL: [Self; 4] = [Self::HeldOut, Self::All, Self::Detector, Self::File];

    /// Name in the menu.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HeldOut => "held-out samples",
            Self::All => "all samples",
            Self::Detector => "rows of the table, by its detector",
            Self::File => "opened file",
        }
    }
}

/// Method of projection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    #[default]
    Raw,
    Pca,
    Tsne,
    Umap,
}

impl Method {
    /// Every method.
    pub const ALL: [Self; 4] = [Self::Raw, Self::Pca, Self::Tsne, Self::Umap];

    /// Name of its button.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Raw => "Raw",
            Self::Pca => "PCA",
            Self::Tsne => "t-SNE",
            Self::Umap => "UMAP",
        }
    }

    /// Method of a projection.
    pub const fn of(projection: &Projection) -> Self {
        match projection {
            Projection::Raw { .. } => Self::Raw,
            Projection::Pca => Self::Pca,
            Projection::Tsne { .. } => Self::Tsne,
            Projection::Umap { .. } => Self::Umap,
        }
    }

    /// True if another seed gives another map.
    pub const fn is_seeded(self) -> bool {
        matches!(self, Self::Tsne | Self::Umap)
    }
}

/// Settings of every projection, and the seed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProjectionSettings {
    /// Latent numbers of a raw map, [horizontal, vertical], from 0.
    pub pair: [usize; 2],
    /// Perplexity of t-SNE; `None` for its usual one, or the largest that the vectors allow.
    pub perplexity: Option<f32>,
    pub iterations: usize,
    /// Neighbours of UMAP; `None` for its usual ones, or as many as the vectors allow.
    pub neighbours: Option<usize>,
    pub min_dist: f32,
    pub seed: u64,
}

/// Perplexity of [`Projection::TSNE`], and neighbours of [`Projection::UMAP`].
const USUAL_PERPLEXITY: f32 = if let Projection::Tsne { perplexity, .. } = Projection::TSNE { perplexity } else { 0.0 };
const USUAL_NEIGHBOURS: usize = if let Projection::Umap { neighbours, .. } = Projection::UMAP { neighbours } else { 0 };

impl Default for ProjectionSettings {
    fn default() -> Self {
        let (Projection::Tsne { iterations, .. }, Projection::Umap { min_dist, .. }) =
            (Projection::TSNE, Projection::UMAP)
        else {
            unreachable!("each constant is of its own kind")
        };
        Self { pair: [0, 1], perplexity: None, iterations, neighbours: None, min_dist, seed: 1 }
    }
}

impl ProjectionSettings {
    /// The projection of a method with these settings, for `count` vectors.
    pub fn projection(&self, method: Method, count: usize) -> Projection {
        match method {
            Method::Raw => Projection::Raw { across: self.pair[0], up: self.pair[1] },
            Method::Pca => Projection::Pca,
            Method::Tsne => Projection::Tsne { perplexity: self.perplexity(count), iterations: self.iterations },
            Method::Umap => Projection::Umap { neighbours: self.neighbours(count), min_dist: self.min_dist },
        }
    }

    /// Perplexity for `count` vectors, of which each must have three times as many neighbours.
    pub fn perplexity(&self, count: usize) -> f32 {
        let largest = (count.saturating_sub(1) / 3).max(1) as f32;
        self.perplexity.unwrap_or_else(|| largest.min(USUAL_PERPLEXITY))
    }

    /// Neighbours for `count` vectors, of which there are fewer.
    pub fn neighbours(&self, count: usize) -> usize {
        self.neighbours.unwrap_or_else(|| USUAL_NEIGHBOURS.min(count.saturating_sub(1)).max(2))
    }

    /// Settings for vectors of this width, whose pair of latent numbers exists.
    pub const fn fitted(self, width: usize) -> Self {
        let exists = self.pair[0] < width && self.pair[1] < width;
        let pair = if exists { self.pair } else { [0, if width > 1 { 1 } else { 0 }] };
        Self { pair, ..self }
    }
}

/// What dragging does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PointerMode {
    /// Moves the map.
    #[default]
    Pan,
    /// Selects the points within a drawn outline.
    Lasso,
    /// Selects the points within a rectangle.
    Box,
}

/// What the map shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapView {
    pub mode: PointerMode,
    /// Small pictures of samples in place of some points.
    pub has_pictures: bool,
    /// Contours of the density of points.
    pub has_density: bool,
    /// A grid of decoded pictures under the points.
    pub has_decoded_grid: bool,
}

impl Default for MapView {
    fn default() -> Self {
        Self { mode: PointerMode::Pan, has_pictures: false, has_density: false, has_decoded_grid: true }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn few_vectors_lower_what_nobody_has_chosen() {
        let settings = ProjectionSettings::default();
        assert_eq!(settings.projection(Method::Tsne, 1_000), Projection::TSNE);
        assert_eq!(settings.projection(Method::Umap, 1_000), Projection::UMAP);
        assert_eq!((settings.perplexity(80), settings.neighbours(9)), (26.0, 8));
        let chosen = ProjectionSettings { perplexity: Some(50.0), neighbours: Some(20), ..settings };
        assert_eq!((chosen.perplexity(80), chosen.neighbours(9)), (50.0, 20), "the engine refuses it in a sentence");
    }
}
