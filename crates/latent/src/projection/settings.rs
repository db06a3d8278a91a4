//! Settings of a projection.

use crate::{LatentError, Vectors};

/// Least number of neighbours of UMAP, each vector counted as its own first.
const LEAST_NEIGHBOURS: usize = 2;

/// Projection to two dimensions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ProjectionSettings {
    /// A pair of the vectors' own numbers.
    Raw {
        /// Index of the horizontal number.
        across: usize,
        /// Index of the vertical number.
        up: usize,
    },
    /// The first two principal components.
    Pca,
    /// t-distributed stochastic neighbour embedding (van der Maaten 2014).
    Tsne {
        /// Effective number of neighbours.
        perplexity: f32,
        /// Steps of gradient descent.
        iterations: usize,
    },
    /// Uniform manifold approximation and projection (McInnes, Healy and Melville 2018).
    Umap {
        /// Neighbours of each vector, which is its own first one.
        neighbours: usize,
        /// Least distance on the map.
        min_dist: f32,
    },
}

impl ProjectionSettings {
    /// Refuses settings that do not fit the vectors.
    ///
    /// # Errors
    /// When there are too few vectors, or a number of the settings is out of range for them.
    pub fn check(&self, vectors: &Vectors) -> Result<(), LatentError> {
        let (count, width) = (vectors.len(), vectors.width());
        let at_least = |method, least| {
            if count < least { Err(LatentError::TooFew { method, least, count }) } else { Ok(()) }
        };
        match *self {
            Self::Raw { across, up } => {
                at_least("A map", 1)?;
                match [across, up].into_iter().find(|&index| index >= width) {
                    Some(index) => Err(LatentError::NoSuchNumber { number: index + 1, width }),
                    None => Ok(()),
                }
            }
            Self::Pca => at_least("PCA", 2),
            Self::Tsne { perplexity, .. } => {
                at_least("t-SNE", 4)?;
                check_perplexity(perplexity, count)
            }
            Self::Umap { neighbours, min_dist } => {
                at_least("UMAP", LEAST_NEIGHBOURS + 1)?;
                if !(LEAST_NEIGHBOURS..count).contains(&neighbours) {
                    return Err(LatentError::NeighboursOutOfRange { neighbours, least: LEAST_NEIGHBOURS, count });
                }
                if (0.0..=1.0).contains(&min_dist) {
                    Ok(())
                } else {
                    Err(LatentError::MinDistOutOfRange(min_dist.to_string()))
                }
            }
        }
    }
}

/// Largest perplexity of `count` vectors: each must have three times as many neighbours.
pub const fn largest_perplexity(count: usize) -> usize {
    count.saturating_sub(1) / 3
}

/// Refuses a perplexity below 1 or above the largest of `count` vectors.
fn check_perplexity(perplexity: f32, count: usize) -> Result<(), LatentError> {
    if perplexity.is_nan() || perplexity < 1.0 {
        return Err(LatentError::LowPerplexity(perplexity.to_string()));
    }
    let largest = largest_perplexity(count);
    if f64::from(perplexity) > (count - 1) as f64 / 3.0 {
        return Err(LatentError::HighPerplexity { perplexity: perplexity.to_string(), count, largest });
    }
    Ok(())
}
