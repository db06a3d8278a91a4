//! A finished map.

use std::rc::Rc;

use super::{ProjectionSettings, pca::Pca, tsne, umap};
use crate::{LatentError, Vectors, neighbours::nearest, reals::squared_distance};

/// Vectors of the map that a place between them is made of.
const BLENDED: usize = 5;

/// Vectors with their positions on a map.
#[derive(Clone, Debug)]
pub struct ProjectedVectors {
    /// The vectors.
    pub vectors: Rc<Vectors>,
    /// The projection.
    pub settings: ProjectionSettings,
    /// Seed of the layout.
    pub seed: u64,
    /// Position [horizontal, vertical] of each.
    pub positions: Vec<f32>,
    /// Principal components, of PCA.
    pub pca: Option<Pca>,
}

impl ProjectedVectors {
    /// Positions of further vectors on this map, which stays as it is.
    ///
    /// # Errors
    /// When the vectors have another width.
    pub fn place(&self, vectors: &Rc<Vectors>) -> Result<Vec<f32>, LatentError> {
        let (width, expected) = (vectors.width(), self.vectors.width());
        if width != expected {
            return Err(LatentError::OtherWidth { width, expected });
        }
        let near = |neighbours| nearest(vectors, &self.vectors, neighbours);
        Ok(match (self.settings, &self.pca) {
            (ProjectionSettings::Raw { across, up }, _) => {
                vectors.rows().flat_map(|row| [row[across], row[up]]).collect()
            }
            (ProjectionSettings::Tsne { .. }, _) => tsne::place(&near(tsne::PLACING_NEIGHBOURS), &self.positions),
            (ProjectionSettings::Umap { neighbours, min_dist }, _) => {
                umap::place(&near(neighbours), &self.positions, min_dist, self.seed)
            }
            (ProjectionSettings::Pca, Some(pca)) => pca.positions(vectors),
            (ProjectionSettings::Pca, None) => Vec::new(),
        })
    }

    /// A vector at a place of the map. PCA has an inverse. For a pair of raw numbers, the others are blended from the
    /// nearest vectors on the map, and t-SNE and UMAP, which have no inverse, blend all numbers so. On a vector's own
    /// position it is that vector.
    pub fn inverse(&self, at: [f32; 2]) -> Vec<f32> {
        if let Some(pca) = &self.pca {
            let pca = pca.truncated(2);
            return pca.inverse_transform(&at[..pca.len()]);
        }
        let mut vector = self.blend(at);
        if let ProjectionSettings::Raw { across, up } = self.settings {
            (vector[across], vector[up]) = (at[0], at[1]);
        }
        vector
    }

    /// Mean of the nearest vectors on the map, weighted by the inverse of their squared distances.
    fn blend(&self, at: [f32; 2]) -> Vec<f32> {
        let mut nearest: Vec<(f32, usize)> = self
            .positions
            .chunks_exact(2)
            .map(|position| squared_distance(position, &at))
            .enumerate()
            .map(|(index, distance)| (distance, index))
            .collect();
        let count = BLENDED.min(nearest.len());
        let by_distance = |a: &(f32, usize), b: &(f32, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        nearest.select_nth_unstable_by(count - 1, by_distance);
        nearest.truncate(count);
        nearest.sort_by(by_distance);
        if nearest[0].0 == 0.0 {
            return self.vectors.row(nearest[0].1).to_vec();
        }
        // Relative to the nearest, so that no weight overflows.
        let weights: Vec<f32> = nearest.iter().map(|(distance, _)| nearest[0].0 / distance).collect();
        let total: f32 = weights.iter().sum();
        let mut vector = vec![0.0; self.vectors.width()];
        for ((_, index), weight) in nearest.into_iter().zip(weights) {
            for (sum, value) in vector.iter_mut().zip(self.vectors.row(index)) {
                *sum += weight / total * value;
            }
        }
        vector
    }
}
