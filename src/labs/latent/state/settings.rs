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
    pub perplexity: f32,
    pub iterations: usize,
    pub neighbours: usize,
    pub min_dist: f32,
    pub seed: u64,
}

impl Default for ProjectionSettings {
    fn default() -> Self {
        let (Projection::Tsne { perplexity, iterations }, Projection::Umap { neighbours, min_dist }) =
            (Projection::TSNE, Projection::UMAP)
        else {
            unreachable!("each constant is of its own kind")
        };
        Self { pair: [0, 1], perplexity, iterations, neighbours, min_dist, seed: 1 }
    }
}

impl ProjectionSettings {
    /// The projection of a method with these settings.
    pub const fn projection(&self, method: Method) -> Projection {
        match method {
            Method::Raw => Projection::Raw { across: self.pair[0], up: self.pair[1] },
            Method::Pca => Projection::Pca,
            Method::Tsne => Projection::Tsne { perplexity: self.perplexity, iterations: self.iterations },
            Method::Umap => Projection::Umap { neighbours: self.neighbours, min_dist: self.min_dist },
        }
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
