//! Fit of a mixture by expectation maximisation.

use super::{
    Covariance, GaussianMixture,
    component::{Component, Regulariser},
};
use crate::{LatentError, Stepper, Vectors, measure::variances};

/// Share of the mean variance that is added to every axis: a dead dimension keeps a density.
const ADDED_SHARE: f64 = 1e-6;
/// Least variance that is added: vectors that are all equal keep a density too.
const LEAST_ADDED: f64 = 1e-12;

/// Settings of a fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MixtureSettings {
    /// Number of components.
    pub components: usize,
    /// Their shape.
    pub covariance: Covariance,
    /// True to shrink the covariances, as if width + 2 vectors more had the variances that are expected of a
    /// component's share of the space; false for the largest likelihood.
    pub shrinks: bool,
    /// Change of the mean log-likelihood below which a fit ends.
    pub tolerance: f64,
    /// Most iterations.
    pub iterations: usize,
}

impl MixtureSettings {
    /// Shrunken covariances, and scikit-learn's tolerance and iterations.
    pub const fn new(components: usize, covariance: Covariance) -> Self {
        Self { components, covariance, shrinks: true, tolerance: 1e-3, iterations: 100 }
    }
}

/// Expectation maximisation (Dempster, Laird and Rubin 1977) from clusters, as scikit-learn's `GaussianMixture` but
/// that covariances can be shrunken: those of few vectors in many dimensions would collapse. The prior is that of Fraley
/// and Raftery 2007, the vectors' variances over K^(2 / width), here along the axes. A piece of work is one component's
/// estimate, or its densities.
#[derive(Debug)]
pub struct MixtureFit<'a> {
    vectors: &'a Vectors,
    settings: MixtureSettings,
    regulariser: Regulariser,
    /// Responsibilities, component by component: to be estimated from.
    responsibilities: Vec<Vec<f64>>,
    weights: Vec<f64>,
    components: Vec<Component>,
    /// Log of weight times density, component by component.
    log_shares: Vec<Vec<f64>>,
    log_likelihood: f64,
    iterations: usize,
}

impl<'a> MixtureFit<'a> {
    /// A fit whose components begin as the clusters of `assignments`, such as those of k-means.
    ///
    /// # Errors
    /// When there is no component, or there are more than vectors.
    ///
    /// # Panics
    /// When there are not as many assignments as vectors, or one is no component.
    pub fn new(vectors: &'a Vectors, assignments: &[usize], settings: MixtureSettings) -> Result<Self, LatentError> {
        assert_eq!(vectors.len(), assignments.len(), "a cluster for each vector");
        let (found, components) = (vectors.len(), settings.components);
        if found == 0 || components == 0 {
            return Err(LatentError::TooFew { method: "A mixture", least: 1, count: found });
        }
        if components > found {
            return Err(LatentError::TooManyGroups { groups: components, vectors: found });
        }
        let mut responsibilities = vec![vec![0.0; found]; components];
        assignments.iter().enumerate().for_each(|(row, &cluster)| responsibilities[cluster][row] = 1.0);
        Ok(Self {
            vectors,
            settings,
            regulariser: regulariser(vectors, settings),
            responsibilities,
            weights: Vec::new(),
            components: Vec::new(),
            log_shares: Vec::new(),
            log_likelihood: f64::NEG_INFINITY,
            iterations: 0,
        })
    }

    /// Responsibilities from the log shares (log-sum-exp), and the mean log-likelihood.
    fn end_expectation(&mut self) -> f64 {
        let mut sum = 0.0;
        for row in 0..self.vectors.len() {
            let largest = self.log_shares.iter().map(|shares| shares[row]).fold(f64::NEG_INFINITY, f64::max);
            let total: f64 = self.log_shares.iter().map(|shares| (shares[row] - largest).exp()).sum();
            let log_density = largest + total.ln();
            sum += log_density;
            for (responsibilities, shares) in self.responsibilities.iter_mut().zip(&self.log_shares) {
                responsibilities[row] = (shares[row] - log_density).exp();
            }
        }
        sum / self.vectors.len() as f64
    }
}

fn regulariser(vectors: &Vectors, settings: MixtureSettings) -> Regulariser {
    let variances = variances(vectors);
    let width = variances.len() as f64;
    let mean = variances.iter().sum::<f64>() / width;
    let share = (settings.components as f64).powf(-2.0 / width);
    Regulariser {
        added: (ADDED_SHARE * mean).max(LEAST_ADDED),
        weight: if settings.shrinks { width + 2.0 } else { 0.0 },
        variances: variances.into_iter().map(|variance| share * variance).collect(),
    }
}

impl Stepper for MixtureFit<'_> {
    type Output = GaussianMixture;

    fn advance(&mut self) -> Option<GaussianMixture> {
        let (vectors, settings) = (self.vectors, self.settings);
        if self.components.len() < settings.components {
            let responsibilities = &self.responsibilities[self.components.len()];
            let (total, component) =
                Component::estimate(vectors, responsibilities, settings.covariance, &self.regulariser);
            self.weights.push(total / vectors.len() as f64);
            self.components.push(component);
            return None;
        }
        let next = self.log_shares.len();
        let log_weight = self.weights[next].ln();
        let mut shares = self.components[next].log_densities(vectors);
        for share in &mut shares {
            *share += log_weight;
        }
        self.log_shares.push(shares);
        if self.log_shares.len() < settings.components {
            return None;
        }
        let log_likelihood = self.end_expectation();
        let change = log_likelihood - std::mem::replace(&mut self.log_likelihood, log_likelihood);
        self.iterations += 1;
        self.log_shares.clear();
        if change.abs() >= settings.tolerance && self.iterations < settings.iterations {
            self.components.clear();
            self.weights.clear();
            return None;
        }
        Some(GaussianMixture {
            weights: std::mem::take(&mut self.weights),
            components: std::mem::take(&mut self.components),
            covariance: settings.covariance,
            width: vectors.width(),
            log_likelihood,
            vectors: vectors.len(),
        })
    }
}
