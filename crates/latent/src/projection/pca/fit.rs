//! Principal components of vectors, step by step.

use pinhole_numerics::{
    moments::column_means,
    random::{Stream, generator},
};

use super::{Pca, lanczos::Lanczos, tridiagonal::Eigenpairs};
use crate::{
    LatentError, Vectors,
    reals::{add_scaled, add_scaled_row, dot, dot_row},
};

/// Greatest width whose covariance matrix is kept, and all of whose eigenvalues are found: beyond, only as many as were
/// asked for, from products with the vectors themselves.
const COVARIANCE_WIDTH: usize = 256;
/// Products per call of [`PcaFit::advance`], some milliseconds.
const PRODUCTS: usize = 4_000_000;

/// A fit of principal components in progress. Sums are in double precision.
#[derive(Clone, Debug)]
pub struct PcaFit {
    mean: Vec<f64>,
    total_variance: f64,
    count: usize,
    components: usize,
    /// Upper triangle of the centred vectors' products, in a full matrix; empty for wide vectors.
    covariance: Vec<f64>,
    /// Vectors that the covariance, or the product in progress, includes so far.
    summed: usize,
    /// Product in progress of the covariance with the basis' current vector, for wide vectors.
    product: Vec<f64>,
    lanczos: Lanczos,
    pairs: Option<Eigenpairs>,
}

impl PcaFit {
    /// A fit of the first `components`, or of as many as the vectors have.
    ///
    /// # Errors
    /// When there are fewer than two vectors.
    pub fn new(vectors: &Vectors, components: usize) -> Result<Self, LatentError> {
        let (count, width) = (vectors.len(), vectors.width());
        if count < 2 {
            return Err(LatentError::TooFew { method: "PCA", least: 2, count });
        }
        let is_wide = width > COVARIANCE_WIDTH;
        Ok(Self {
            mean: column_means(vectors.values(), width),
            total_variance: 0.0,
            count,
            components: components.min(width).min(count),
            covariance: if is_wide { Vec::new() } else { vec![0.0; width * width] },
            summed: 0,
            product: if is_wide { vec![0.0; width] } else { Vec::new() },
            // Any start gives the same components.
            lanczos: Lanczos::new(width, generator(0, Stream::Projection, 0)),
            pairs: None,
        })
    }

    /// True once [`Self::finish`] has all that it needs.
    pub const fn is_done(&self) -> bool {
        self.pairs.is_some()
    }

    /// Steps done, and those in all, as far as they can be told: an iteration ends when it has converged.
    pub fn progress(&self) -> (usize, usize) {
        let steps = self.lanczos.len();
        let total = match (self.is_done(), self.covariance.is_empty()) {
            (true, _) => steps,
            (false, false) => self.mean.len(),
            (false, true) => (4 * self.components + 40).max(steps + 1),
        };
        (steps, total.max(1))
    }

    /// Does some milliseconds of work on the vectors that [`Self::new`] was given.
    pub fn advance(&mut self, vectors: &Vectors) {
        if self.is_done() {
            return;
        }
        if self.covariance.is_empty() {
            self.multiply_vectors(vectors);
        } else if self.summed < self.count {
            self.sum_products(vectors);
        } else {
            self.multiply_covariance();
        }
    }

    /// The next vectors of a sum that [`PRODUCTS`] allows, each costing `products`.
    fn next_rows<'a>(&mut self, vectors: &'a Vectors, products: usize) -> impl Iterator<Item = &'a [f32]> + use<'a> {
        let first = self.summed;
        self.summed = (first + (PRODUCTS / products).max(1)).min(self.count);
        vectors.rows().skip(first).take(self.summed - first)
    }

    /// Adds products of some vectors to the covariance.
    fn sum_products(&mut self, vectors: &Vectors) {
        let width = self.mean.len();
        for row in self.next_rows(vectors, width * width) {
            let centred: Vec<f64> = row.iter().zip(&self.mean).map(|(&value, mean)| f64::from(value) - mean).collect();
            for (index, line) in self.covariance.chunks_exact_mut(width).enumerate() {
                add_scaled(&mut line[index..], centred[index], &centred[index..]);
            }
        }
        if self.summed == self.count {
            for index in 0..width {
                for other in index..width {
                    self.covariance[index * width + other] /= (self.count - 1) as f64;
                    self.covariance[other * width + index] = self.covariance[index * width + other];
                }
                self.total_variance += self.covariance[index * width + index];
            }
        }
    }

    /// Extends the basis by products with the covariance, until it holds every component.
    fn multiply_covariance(&mut self) {
        let width = self.mean.len();
        for _ in 0..(PRODUCTS / (width * width)).max(1) {
            if self.lanczos.is_exhausted() {
                self.pairs = Some(self.lanczos.eigenpairs());
                return;
            }
            let current = self.lanczos.current();
            let product = self.covariance.chunks_exact(width).map(|line| dot(line, current)).collect();
            self.lanczos.extend(product);
        }
    }

    /// Adds some vectors to the product in progress, and extends the basis by it when it is complete.
    fn multiply_vectors(&mut self, vectors: &Vectors) {
        let width = self.mean.len();
        let origin = dot(&self.mean, self.lanczos.current());
        let is_first = self.lanczos.len() == 0 && self.lanczos.is_start();
        let mut sum = 0.0;
        for row in self.next_rows(vectors, 2 * width) {
            let coordinate = dot_row(row, self.lanczos.current()) - origin;
            add_scaled_row(&mut self.product, coordinate, row);
            sum += coordinate;
            if is_first {
                let deviations = row.iter().zip(&self.mean).map(|(&value, mean)| (f64::from(value) - mean).powi(2));
                self.total_variance += deviations.sum::<f64>() / (self.count - 1) as f64;
            }
        }
        add_scaled(&mut self.product, -sum, &self.mean);
        if self.summed == self.count {
            self.summed = 0;
            let scale = 1.0 / (self.count - 1) as f64;
            let mut product = std::mem::replace(&mut self.product, vec![0.0; width]);
            for value in &mut product {
                *value *= scale;
            }
            self.lanczos.extend(product);
            self.pairs = if self.lanczos.is_exhausted() {
                Some(self.lanczos.eigenpairs())
            } else {
                self.lanczos.converged(self.components)
            };
        }
    }

    /// The components.
    ///
    /// # Panics
    /// When the fit is not done.
    pub fn finish(self) -> Pca {
        let pairs = self.pairs.expect("a fit is finished after it is done");
        let width = self.mean.len();
        let mut components = Vec::with_capacity(self.components * width);
        for weights in pairs.vectors.iter().take(self.components) {
            components.extend(with_positive_peak(self.lanczos.expand(weights)));
        }
        let found = components.len() / width;
        complete(&mut components, width, self.components);
        let mut explained_variance: Vec<f64> = pairs.values.iter().take(found).map(|value| value.max(0.0)).collect();
        explained_variance.resize(self.components, 0.0);
        Pca { mean: self.mean, components, explained_variance, total_variance: self.total_variance }
    }
}

/// The vector, turned so that its entry of greatest magnitude is positive: the sign that scikit-learn's `svd_flip` gives
/// a component.
fn with_positive_peak(mut vector: Vec<f64>) -> Vec<f64> {
    let peak = vector.iter().fold(0.0_f64, |peak, &value| if value.abs() > peak.abs() { value } else { peak });
    if peak < 0.0 {
        for value in &mut vector {
            *value = -*value;
        }
    }
    vector
}

/// Adds unit vectors orthogonal to all others, along which nothing varies, until there are `count`.
fn complete(components: &mut Vec<f64>, width: usize, count: usize) {
    let mut remaining = 0..width;
    while components.len() < count * width {
        let axis = remaining.next().expect("no more components are asked for than there are axes");
        let mut vector = vec![0.0; width];
        vector[axis] = 1.0;
        for _ in 0..2 {
            for other in components.chunks_exact(width) {
                let share = dot(other, &vector);
                add_scaled(&mut vector, -share, other);
            }
        }
        let norm = dot(&vector, &vector).sqrt();
        // Of an axis within the span, rounding is left. The others reach the full dimension: the squares of their norms
        // sum to it.
        if norm * norm > 0.5 / width as f64 {
            components.extend(with_positive_peak(vector.iter().map(|value| value / norm).collect()));
        }
    }
}
