//! Centring and scaling of vectors before a linear model.

use pinhole_numerics::moments::column_moments;

use crate::Vectors;

/// Subtracts the mean and divides by one number, so that the variances of some vectors average 1. A penalised model
/// then fits codes of any unit alike. scikit-learn's `StandardScaler` divides each number by its own deviation instead,
/// which would raise the noise of dead latent numbers and of pixels at the edge to the size of all others.
#[derive(Clone, Debug, PartialEq)]
pub struct Scaling {
    means: Vec<f64>,
    factor: f64,
}

impl Scaling {
    /// Scaling by the vectors `rows`.
    pub fn fit(vectors: &Vectors, rows: &[usize]) -> Self {
        let (means, deviations) = column_moments(rows.iter().map(|&row| vectors.row(row)), vectors.width());
        let variance = deviations.iter().map(|deviation| deviation.powi(2)).sum::<f64>() / deviations.len() as f64;
        Self { means, factor: if variance > 0.0 { variance.sqrt().recip() } else { 1.0 } }
    }

    /// All vectors, scaled.
    pub fn apply(&self, vectors: &Vectors) -> Vectors {
        let scaled = |(&value, mean): (&f32, &f64)| ((f64::from(value) - mean) * self.factor) as f32;
        let values = vectors.rows().flat_map(|row| row.iter().zip(&self.means).map(scaled)).collect();
        Vectors::of_finite(values, vectors.width())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variances_average_1_and_keep_their_ratio() {
        let vectors = Vectors::new(vec![0.0, 10.0, 2.0, 14.0, 1.0, 99.0], 2).expect("whole");
        let scaled = Scaling::fit(&vectors, &[0, 1]).apply(&vectors);
        // Variances 1 and 4 average 2.5.
        let expected = [-1.0, -2.0, 1.0, 2.0, 0.0, 87.0].map(|value: f64| (value / 2.5_f64.sqrt()) as f32);
        assert!(scaled.values().iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-6));
    }

    #[test]
    fn equal_vectors_become_0() {
        let vectors = Vectors::new(vec![7.0; 4], 2).expect("whole");
        assert_eq!(Scaling::fit(&vectors, &[0, 1]).apply(&vectors).values(), [0.0; 4]);
    }
}
