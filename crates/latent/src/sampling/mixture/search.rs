//! Choice of a mixture by BIC.

use std::collections::VecDeque;

use super::{Covariance, GaussianMixture, MixtureFit, MixtureSettings};
use crate::{LatentError, Stepper, Vectors, measure::KMeans};

/// Starts of k-means before each fit.
const STARTS: usize = 3;
/// Most dimensions for full covariances: an iteration over 2,000 vectors then takes some tenths of a second.
const MAX_FULL_WIDTH: usize = 128;
/// Fits that are worse than the best, one after the other, before no larger mixture of the same shape is tried.
const PATIENCE: usize = 2;

/// Fits mixtures of several sizes and shapes, and keeps the one of least BIC. Covariances are full where there are
/// at least width² / 4 vectors and at most 128 dimensions, and diagonal in any case.
#[derive(Debug)]
pub struct MixtureSearch<'a> {
    vectors: &'a Vectors,
    seed: u64,
    /// Shapes and sizes to try, in turn.
    left: VecDeque<(Covariance, usize)>,
    stage: Stage<'a>,
    current: (Covariance, usize),
    best: Option<GaussianMixture>,
    /// Least BIC of the current shape, and fits since then.
    least_of_shape: (f64, usize),
}

#[derive(Debug)]
enum Stage<'a> {
    Clustering(KMeans<'a>),
    Fitting(MixtureFit<'a>),
}

impl<'a> MixtureSearch<'a> {
    /// A search among mixtures of `sizes` components, ascending; those above the number of vectors are left out.
    ///
    /// # Errors
    /// When there is no vector or no size that is small enough.
    pub fn new(vectors: &'a Vectors, sizes: &[usize], seed: u64) -> Result<Self, LatentError> {
        let width = vectors.width();
        let is_full = width <= MAX_FULL_WIDTH && 4 * vectors.len() >= width * width;
        let shapes = [(Covariance::Full, is_full), (Covariance::Diagonal, true)];
        let fitting = sizes.iter().copied().filter(|&size| size > 0 && size <= vectors.len());
        let mut left: VecDeque<_> = shapes
            .into_iter()
            .filter(|&(_, is_tried)| is_tried)
            .flat_map(|(shape, _)| fitting.clone().map(move |size| (shape, size)))
            .collect();
        let Some(current) = left.pop_front() else {
            return Err(match sizes.iter().min() {
                Some(&groups) if !vectors.is_empty() => LatentError::TooManyGroups { groups, vectors: vectors.len() },
                _ => LatentError::TooFew { method: "A mixture", least: 1, count: 0 },
            });
        };
        let stage = Stage::Clustering(KMeans::new(vectors, current.1, STARTS, seed)?);
        Ok(Self { vectors, seed, left, stage, current, best: None, least_of_shape: (f64::INFINITY, 0) })
    }

    /// Takes a fitted mixture, and begins the next; `None` while one is left.
    fn end_fit(&mut self, mixture: GaussianMixture) -> Option<GaussianMixture> {
        let bic = mixture.bic();
        if bic < self.least_of_shape.0 {
            self.least_of_shape = (bic, 0);
        } else {
            self.least_of_shape.1 += 1;
        }
        if self.best.as_ref().is_none_or(|best| bic < best.bic()) {
            self.best = Some(mixture);
        }
        if self.least_of_shape.1 == PATIENCE {
            self.left.retain(|&(shape, _)| shape != self.current.0);
        }
        let Some(next) = self.left.pop_front() else { return self.best.take() };
        if next.0 != self.current.0 {
            self.least_of_shape = (f64::INFINITY, 0);
        }
        self.current = next;
        let k_means = KMeans::new(self.vectors, next.1, STARTS, self.seed);
        self.stage = Stage::Clustering(k_means.expect("larger mixtures were left out"));
        None
    }
}

impl Stepper for MixtureSearch<'_> {
    type Output = GaussianMixture;

    fn advance(&mut self) -> Option<GaussianMixture> {
        match &mut self.stage {
            Stage::Clustering(k_means) => {
                let clustering = k_means.advance()?;
                let settings = MixtureSettings::new(self.current.1, self.current.0);
                let fit = MixtureFit::new(self.vectors, &clustering.assignments, settings);
                self.stage = Stage::Fitting(fit.expect("larger mixtures were left out"));
                None
            }
            Stage::Fitting(fit) => {
                let mixture = fit.advance()?;
                self.end_fit(mixture)
            }
        }
    }
}
