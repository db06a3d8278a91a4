//! Principal component analysis (Pearson 1901; Hotelling 1933).

mod fit;
mod lanczos;
mod tridiagonal;

pub use self::fit::PcaFit;
use crate::{
    LatentError, Vectors,
    reals::{add_scaled, dot, dot_row},
};

/// Fitted principal components.
#[derive(Clone, Debug, PartialEq)]
pub struct Pca {
    mean: Vec<f64>,
    /// Unit vectors [components, width], each with its greatest entry positive.
    components: Vec<f64>,
    explained_variance: Vec<f64>,
    total_variance: f64,
}

impl Pca {
    /// Fits the first `components`, or as many as the vectors have.
    ///
    /// # Errors
    /// When there are fewer than two vectors.
    pub fn fit(vectors: &Vectors, components: usize) -> Result<Self, LatentError> {
        let mut fit = PcaFit::new(vectors, components)?;
        while !fit.is_done() {
            fit.advance(vectors);
        }
        Ok(fit.finish())
    }

    /// Numbers of a vector.
    pub const fn width(&self) -> usize {
        self.mean.len()
    }

    /// Number of components.
    pub const fn len(&self) -> usize {
        self.explained_variance.len()
    }

    /// True if there is no component.
    pub const fn is_empty(&self) -> bool {
        self.explained_variance.is_empty()
    }

    /// Mean of the vectors.
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// Unit vector of component `index`. Its entry of greatest magnitude is positive, as in scikit-learn.
    ///
    /// # Panics
    /// When there is no such component.
    pub fn component(&self, index: usize) -> &[f64] {
        &self.components[index * self.width()..(index + 1) * self.width()]
    }

    /// Variance along each component, over n - 1, greatest first.
    pub fn explained_variance(&self) -> &[f64] {
        &self.explained_variance
    }

    /// Share of the variance along each component; 0 if the vectors are all equal.
    pub fn explained_variance_ratio(&self) -> Vec<f64> {
        let total = if self.total_variance > 0.0 { self.total_variance } else { 1.0 };
        self.explained_variance.iter().map(|variance| variance / total).collect()
    }

    /// The first `components` alone.
    #[must_use]
    pub fn truncated(&self, components: usize) -> Self {
        let components = components.min(self.len());
        Self {
            mean: self.mean.clone(),
            components: self.components[..components * self.width()].to_vec(),
            explained_variance: self.explained_variance[..components].to_vec(),
            total_variance: self.total_variance,
        }
    }

    /// Coordinates [vectors, components].
    ///
    /// # Errors
    /// When the vectors have another width.
    pub fn transform(&self, vectors: &Vectors) -> Result<Vec<f32>, LatentError> {
        self.expect_width(vectors.width())?;
        let components = || self.components.chunks_exact(self.width());
        let origin: Vec<f64> = components().map(|component| dot(component, &self.mean)).collect();
        let coordinates = vectors.rows().flat_map(|row| {
            components().zip(&origin).map(move |(component, origin)| (dot_row(row, component) - origin) as f32)
        });
        Ok(coordinates.collect())
    }

    /// Position of each vector on a map of the first two components: [horizontal, vertical]. The second is 0 if there is
    /// but one.
    pub(crate) fn positions(&self, vectors: &Vectors) -> Vec<f32> {
        let pca = self.truncated(2);
        let coordinates = pca.transform(vectors).expect("the components are of these vectors' width");
        if pca.len() == 2 { coordinates } else { coordinates.iter().flat_map(|&value| [value, 0.0]).collect() }
    }

    /// The vectors [points, width] at row-major `coordinates` [points, components].
    pub fn inverse_transform(&self, coordinates: &[f32]) -> Vec<f32> {
        let mut vectors = Vec::with_capacity(coordinates.len() / self.len().max(1) * self.width());
        for point in coordinates.chunks_exact(self.len().max(1)) {
            let mut sum = self.mean.clone();
            for (component, &coordinate) in self.components.chunks_exact(self.width()).zip(point) {
                add_scaled(&mut sum, f64::from(coordinate), component);
            }
            vectors.extend(sum.iter().map(|&value| value as f32));
        }
        vectors
    }

    /// Refuses vectors of another width.
    fn expect_width(&self, width: usize) -> Result<(), LatentError> {
        if width == self.width() { Ok(()) } else { Err(LatentError::OtherWidth { width, expected: self.width() }) }
    }
}
