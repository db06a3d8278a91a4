//! Mixtures of Gaussians.

mod cholesky;
mod component;
mod fit;
mod search;

use pinhole_numerics::random::{Stream, generator};
use rand::RngExt as _;
use rand_distr::{Distribution as _, StandardNormal};

use self::component::Component;
pub use self::{
    fit::{MixtureFit, MixtureSettings},
    search::MixtureSearch,
};
use crate::Vectors;

/// Shape of the components of a mixture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covariance {
    /// Any ellipsoid: width (width + 1) / 2 numbers per component.
    Full,
    /// An ellipsoid along the axes: width numbers per component.
    Diagonal,
}

impl Covariance {
    /// Free parameters of a mixture in `width` dimensions, as in scikit-learn's BIC.
    const fn parameters(self, components: usize, width: usize) -> usize {
        let shape = match self {
            Self::Full => width * (width + 1) / 2,
            Self::Diagonal => width,
        };
        components * (shape + width) + components - 1
    }
}

/// A density `sum of weight_k N(x; mean_k, covariance_k)`.
#[derive(Clone, Debug, PartialEq)]
pub struct GaussianMixture {
    weights: Vec<f64>,
    components: Vec<Component>,
    covariance: Covariance,
    width: usize,
    log_likelihood: f64,
    vectors: usize,
}

impl GaussianMixture {
    /// Number of components.
    pub const fn components(&self) -> usize {
        self.components.len()
    }

    /// Shape of the components.
    pub const fn covariance(&self) -> Covariance {
        self.covariance
    }

    /// Mean log-likelihood in nats of the vectors that it was fitted to.
    pub const fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// Bayesian information criterion, `p ln n - 2 ln L` with p free parameters (Schwarz 1978), as scikit-learn's:
    /// less is better.
    pub fn bic(&self) -> f64 {
        let parameters = self.covariance.parameters(self.components(), self.width) as f64;
        let count = self.vectors as f64;
        parameters * count.ln() - 2.0 * count * self.log_likelihood
    }

    /// Draws vectors; the same ones for one seed.
    pub fn draw(&self, count: usize, seed: u64) -> Vectors {
        let mut rng = generator(seed, Stream::Measure, 0);
        let mut values = Vec::with_capacity(count * self.width);
        let mut noise = vec![0.0; self.width];
        for _ in 0..count {
            let mut rest: f64 = rng.random();
            let drawn = self.weights.iter().position(|weight| {
                rest -= weight;
                rest < 0.0
            });
            // Weights that round to just below 1 leave a rest: the last.
            let component = &self.components[drawn.unwrap_or(self.components.len() - 1)];
            for number in &mut noise {
                *number = StandardNormal.sample(&mut rng);
            }
            component.shape(&noise, &mut values);
        }
        Vectors::of_finite(values, self.width)
    }
}

#[cfg(test)]
mod tests;
