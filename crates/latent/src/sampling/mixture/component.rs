//! One Gaussian of a mixture.

use super::{
    Covariance,
    cholesky::{cholesky, inverse_columns},
};
use crate::{
    Vectors,
    reals::{add_scaled, add_scaled_row, dot},
};

/// Responsibilities below this count as 0.
const NEGLIGIBLE: f64 = 1e-12;

/// A Gaussian.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Component {
    mean: Vec<f64>,
    spread: Spread,
    /// `-(width ln 2π + ln |covariance|) / 2`.
    log_peak: f64,
}

/// Covariance, ready for densities and draws.
#[derive(Clone, Debug, PartialEq)]
enum Spread {
    /// Lower Cholesky factor, row-major, and the columns of its inverse, one after the other.
    Full { factor: Vec<f64>, inverse: Vec<f64> },
    /// Standard deviations.
    Diagonal(Vec<f64>),
}

/// Numbers that keep a covariance from collapsing.
#[derive(Clone, Debug)]
pub(super) struct Regulariser {
    /// Variance that is added to every axis.
    pub added: f64,
    /// Vectors that the expected variances count as.
    pub weight: f64,
    /// Expected variance of each axis.
    pub variances: Vec<f64>,
}

impl Component {
    /// The Gaussian of the vectors that belong to it by `responsibilities`, and the sum of these. With n that sum, S
    /// the vectors' covariance and V the expected variances, its covariance is
    ///
    /// ```text
    /// (n S + weight diag(V)) / (n + weight) + added I
    /// ```
    pub fn estimate(
        vectors: &Vectors,
        responsibilities: &[f64],
        covariance: Covariance,
        regulariser: &Regulariser,
    ) -> (f64, Self) {
        // As scikit-learn has it, so that an empty component is no division by 0.
        let total = responsibilities.iter().sum::<f64>() + 10.0 * f64::EPSILON;
        let members: Vec<(&[f32], f64)> = vectors
            .rows()
            .zip(responsibilities)
            .filter(|&(_, &share)| share > NEGLIGIBLE)
            .map(|(row, share)| (row, share / (total + regulariser.weight)))
            .collect();
        let mut mean = vec![0.0; vectors.width()];
        for (row, share) in &members {
            add_scaled_row(&mut mean, *share, row);
        }
        for sum in &mut mean {
            *sum *= (total + regulariser.weight) / total;
        }
        let share = regulariser.weight / (total + regulariser.weight);
        let prior = regulariser.variances.iter().map(|variance| share * variance + regulariser.added).collect();
        let (spread, half_log_determinant) = match covariance {
            Covariance::Diagonal => diagonal(&members, &mean, prior),
            Covariance::Full => full(&members, &mean, &prior),
        };
        let log_peak = -0.5 * mean.len() as f64 * std::f64::consts::TAU.ln() - half_log_determinant;
        (total, Self { mean, spread, log_peak })
    }

    /// Log density of each vector.
    pub fn log_densities(&self, vectors: &Vectors) -> Vec<f64> {
        let mut centred = vec![0.0; self.mean.len()];
        let mut whitened = vec![0.0; self.mean.len()];
        let log_density = |row: &[f32]| {
            centre(row, &self.mean, &mut centred);
            let square: f64 = match &self.spread {
                Spread::Diagonal(deviations) => {
                    centred.iter().zip(deviations).map(|(value, deviation)| (value / deviation).powi(2)).sum()
                }
                Spread::Full { inverse, .. } => {
                    whitened.fill(0.0);
                    for (j, (value, column)) in centred.iter().zip(inverse.chunks_exact(centred.len())).enumerate() {
                        add_scaled(&mut whitened[j..], *value, &column[j..]);
                    }
                    dot(&whitened, &whitened)
                }
            };
            self.log_peak - square / 2.0
        };
        vectors.rows().map(log_density).collect()
    }

    /// Appends the vector that unit noise becomes.
    pub fn shape(&self, noise: &[f64], values: &mut Vec<f32>) {
        match &self.spread {
            Spread::Diagonal(deviations) => {
                let shaped = self.mean.iter().zip(deviations).zip(noise).map(|((mean, d), z)| (mean + d * z) as f32);
                values.extend(shaped);
            }
            Spread::Full { factor, .. } => {
                let lines = factor.chunks_exact(noise.len());
                values.extend(self.mean.iter().zip(lines).map(|(mean, line)| (mean + dot(line, noise)) as f32));
            }
        }
    }
}

fn centre(row: &[f32], mean: &[f64], centred: &mut [f64]) {
    centred.iter_mut().zip(row).zip(mean).for_each(|((out, &value), mean)| *out = f64::from(value) - mean);
}

/// Standard deviations, from sums that begin with `variances`, and half the logarithm of the determinant.
fn diagonal(members: &[(&[f32], f64)], mean: &[f64], mut variances: Vec<f64>) -> (Spread, f64) {
    let mut centred = vec![0.0; mean.len()];
    for (row, share) in members {
        centre(row, mean, &mut centred);
        variances.iter_mut().zip(&centred).for_each(|(sum, value)| *sum += share * value * value);
    }
    let deviations: Vec<f64> = variances.into_iter().map(f64::sqrt).collect();
    let log = deviations.iter().map(|deviation| deviation.ln()).sum();
    (Spread::Diagonal(deviations), log)
}

/// Cholesky factor of the covariance, from sums whose diagonal begins with `variances`, and half the logarithm of the
/// determinant. A matrix that rounding keeps from being positive definite gives way to its diagonal.
fn full(members: &[(&[f32], f64)], mean: &[f64], variances: &[f64]) -> (Spread, f64) {
    let width = mean.len();
    let mut matrix = vec![0.0; width * width];
    variances.iter().enumerate().for_each(|(i, variance)| matrix[i * width + i] = *variance);
    let mut centred = vec![0.0; width];
    for (row, share) in members {
        centre(row, mean, &mut centred);
        for (i, line) in matrix.chunks_exact_mut(width).enumerate() {
            add_scaled(&mut line[..=i], share * centred[i], &centred[..=i]);
        }
    }
    let Some(factor) = cholesky(&matrix, width) else { return diagonal(members, mean, variances.to_vec()) };
    let log = (0..width).map(|i| factor[i * width + i].ln()).sum();
    (Spread::Full { inverse: inverse_columns(&factor, width), factor }, log)
}
