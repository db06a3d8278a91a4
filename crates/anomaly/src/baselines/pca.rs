//! PCA: the reconstruction error from principal components.
//!
//! Rows are standardised, and the component u of variance v is scaled by v / (v + 1): the soft form of Kaiser's
//! criterion (components with a variance above that of a single feature are kept), and the best linear autoencoder
//! under noise of unit variance. With the correlation matrix C = sum of v u u^T, the residual of a standardised row z
//! is
//!
//! ```text
//! r = z - sum of v / (v + 1) u (u . z) = sum of 1 / (v + 1) u (u . z) = (C + I)^-1 z
//! ```
//!
//! so that nothing has to be decomposed, and the score is the mean of r^2. The result of a hard cut depends on its
//! place: on the twelve ADBench tables (protocol P, 3 seeds) the components for 90 % of the variance give a mean AUROC
//! of .874, those for 70 % .932, this .946 (Mahalanobis distance .943); under protocol U .678, .802 and .876 (.865).

use super::{BaselineError, NamedTensor, array};

/// Most features of a row: the matrix then has 32 MB, and its inverse takes seconds.
pub const MAX_WIDTH: usize = 2_000;

/// Sums of features and their products over the training rows; memory depends on the width alone.
#[derive(Clone, Debug)]
pub struct PcaFit {
    width: usize,
    rows: usize,
    /// The first row, which is subtracted from all rows for precision.
    origin: Vec<f64>,
    sums: Vec<f64>,
    /// Lower triangle of the sums of products, in a full row-major matrix.
    products: Vec<f64>,
}

impl PcaFit {
    /// Sums over no rows.
    ///
    /// # Errors
    /// When `width` is 0 or above [`MAX_WIDTH`].
    pub fn new(width: usize) -> Result<Self, BaselineError> {
        match width {
            0 => Err(BaselineError::NoFeatures),
            MAX_WIDTH.. if width > MAX_WIDTH => Err(BaselineError::TooWide { width }),
            _ => Ok(Self {
                width,
                rows: 0,
                origin: Vec::new(),
                sums: vec![0.0; width],
                products: vec![0.0; width * width],
            }),
        }
    }

    /// Adds row-major rows.
    ///
    /// # Panics
    /// When the values do not make whole rows.
    pub fn add(&mut self, rows: &[f32]) {
        assert_eq!(rows.len() % self.width, 0, "rows are whole");
        let mut centred = vec![0.0; self.width];
        for row in rows.chunks_exact(self.width) {
            if self.rows == 0 {
                self.origin = row.iter().copied().map(f64::from).collect();
            }
            self.rows += 1;
            for ((centred, &value), origin) in centred.iter_mut().zip(row).zip(&self.origin) {
                *centred = f64::from(value) - origin;
            }
            for (index, products) in self.products.chunks_exact_mut(self.width).enumerate() {
                let value = centred[index];
                self.sums[index] += value;
                if value != 0.0 {
                    products[..=index].iter_mut().zip(&centred).for_each(|(sum, other)| *sum += value * other);
                }
            }
        }
    }

    /// PCA of the rows that were added.
    ///
    /// # Errors
    /// When there were fewer than two rows.
    pub fn finish(self) -> Result<Pca, BaselineError> {
        if self.rows < 2 {
            return Err(BaselineError::TooFewRows { method: "PCA", least: 2, rows: self.rows });
        }
        let (width, rows) = (self.width, self.rows as f64);
        let means: Vec<f64> = self.sums.iter().map(|sum| sum / rows).collect();
        let covariance = |i: usize, j: usize| self.products[i * width + j] / rows - means[i] * means[j];
        let scales: Vec<f64> = (0..width)
            .map(|i| {
                let variance = covariance(i, i);
                // The variance of a constant feature is rounding.
                let is_constant = variance <= 1e-12 * (self.products[i * width + i] / rows);
                if is_constant { 1.0 } else { variance.sqrt() }
            })
            .collect();
        let mut matrix = vec![0.0; width * width];
        for i in 0..width {
            for j in 0..=i {
                let correlation = covariance(i, j) / (scales[i] * scales[j]);
                matrix[i * width + j] = correlation + f64::from(u8::from(i == j));
            }
        }
        Ok(Pca {
            means: means.iter().zip(&self.origin).map(|(mean, origin)| (mean + origin) as f32).collect(),
            scales: scales.iter().map(|&scale| (scale as f32).max(f32::MIN_POSITIVE)).collect(),
            residual_matrix: inverse(matrix, width).iter().map(|&value| value as f32).collect(),
        })
    }
}

/// Inverse of a symmetric positive definite matrix, given its lower triangle, by Cholesky decomposition. It is a
/// correlation matrix plus the identity: every pivot is at least about 1.
fn inverse(mut factor: Vec<f64>, width: usize) -> Vec<f64> {
    let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    for i in 0..width {
        for j in 0..=i {
            let (row, other) = (i * width, j * width);
            let rest = factor[row + j] - dot(&factor[row..row + j], &factor[other..other + j]);
            factor[row + j] = if i == j { rest.max(f64::MIN_POSITIVE).sqrt() } else { rest / factor[other + j] };
        }
    }
    // Row j of `lower` is column j of the factor's inverse, so that sums run along rows.
    let mut lower = vec![0.0; width * width];
    for j in 0..width {
        let column = j * width;
        lower[column + j] = 1.0 / factor[column + j];
        for i in j + 1..width {
            let row = i * width;
            let sum = dot(&factor[row + j..row + i], &lower[column + j..column + i]);
            lower[column + i] = -sum / factor[row + i];
        }
    }
    let mut inverse = vec![0.0; width * width];
    for i in 0..width {
        for j in 0..=i {
            let value = dot(&lower[i * width + i..(i + 1) * width], &lower[j * width + i..(j + 1) * width]);
            inverse[i * width + j] = value;
            inverse[j * width + i] = value;
        }
    }
    inverse
}

/// Fitted PCA.
#[derive(Clone, Debug, PartialEq)]
pub struct Pca {
    means: Vec<f32>,
    scales: Vec<f32>,
    /// (C + I)^-1, which maps a standardised row to its residual, [width, width].
    residual_matrix: Vec<f32>,
}

impl Pca {
    /// Number of features of a row.
    pub const fn width(&self) -> usize {
        self.means.len()
    }

    /// Writes the residual of a row: seen minus expected value of each feature, in its standard deviations in training.
    /// Returns the score, the mean of the squared residuals.
    ///
    /// # Panics
    /// When `row` or `residuals` have not [`Self::width`] values.
    pub fn score(&self, row: &[f32], residuals: &mut [f32]) -> f64 {
        let width = self.width();
        assert!(row.len() == width && residuals.len() == width, "a row has {width} features");
        residuals.fill(0.0);
        for (((&value, mean), scale), weights) in
            row.iter().zip(&self.means).zip(&self.scales).zip(self.residual_matrix.chunks_exact(width))
        {
            let standardised = (value - mean) / scale;
            // The matrix is symmetric: its rows, which are contiguous, are its columns.
            if standardised != 0.0 {
                residuals.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += standardised * weight);
            }
        }
        residuals.iter().map(|&residual| f64::from(residual).powi(2)).sum::<f64>() / width as f64
    }

    /// Expected values of a row's features, given its residuals, in the units of the row.
    pub fn expected(&self, row: &[f32], residuals: &[f32]) -> Vec<f32> {
        row.iter().zip(residuals).zip(&self.scales).map(|((value, residual), scale)| value - residual * scale).collect()
    }

    /// Arrays of a detector file.
    pub fn to_tensors(&self) -> Vec<NamedTensor> {
        let width = self.width();
        vec![
            NamedTensor { name: "pca.means", shape: vec![width], values: self.means.clone() },
            NamedTensor { name: "pca.scales", shape: vec![width], values: self.scales.clone() },
            NamedTensor { name: "pca.loss", shape: vec![width, width], values: self.residual_matrix.clone() },
        ]
    }

    /// PCA from the arrays of [`Self::to_tensors`], for rows of `width` features.
    ///
    /// # Errors
    /// When an array is missing, has another shape, or holds NaN or infinity.
    pub fn from_tensors(tensors: &[NamedTensor], width: usize) -> Result<Self, BaselineError> {
        if width > MAX_WIDTH {
            return Err(BaselineError::TooWide { width });
        }
        let scales = array(tensors, "pca.scales", &[width])?.to_vec();
        if scales.iter().any(|&scale| scale <= 0.0) {
            return Err(BaselineError::Damaged { part: "pca.scales" });
        }
        Ok(Self {
            means: array(tensors, "pca.means", &[width])?.to_vec(),
            scales,
            residual_matrix: array(tensors, "pca.loss", &[width, width])?.to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Reference {
        width: usize,
        rows: Vec<f32>,
        scores: Vec<f64>,
        residuals: Vec<f32>,
    }

    fn fitted(rows: &[f32], width: usize) -> Pca {
        let mut fit = PcaFit::new(width).expect("a sound width");
        // In two goes, as a worker does.
        let (one, other) = rows.split_at(rows.len() / width / 2 * width);
        fit.add(one);
        fit.add(other);
        fit.finish().expect("enough rows")
    }

    #[test]
    fn residuals_are_those_of_scikit_learns_components() {
        let Reference { width, rows, scores, residuals: expected } =
            serde_json::from_str(include_str!("../../tests/reference/pca.json")).expect("the reference is JSON");
        let pca = fitted(&rows, width);
        let mut residuals = vec![0.0; width];
        for ((row, score), expected) in rows.chunks_exact(width).zip(scores).zip(expected.chunks_exact(width)) {
            let found = pca.score(row, &mut residuals);
            assert!((found - score).abs() < 1e-6 * score.max(1.0), "{found} is not {score}");
            assert!(residuals.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-5));
        }
    }

    #[test]
    fn a_row_off_the_line_is_an_anomaly_and_its_feature_has_the_error() {
        let rows: Vec<f32> = (0..200).flat_map(|i| [i as f32, 2.0 * i as f32, 5.0]).collect();
        let pca = fitted(&rows, 3);
        let mut residuals = [0.0; 3];
        let normal = pca.score(&[100.0, 200.0, 5.0], &mut residuals);
        let anomalous = pca.score(&[100.0, 900.0, 5.0], &mut residuals);
        assert!(anomalous > 100.0 * normal.max(1e-3));
        assert!(residuals[1] > residuals[0].abs() && residuals[2].abs() < 1e-6);
        let expected = pca.expected(&[100.0, 900.0, 5.0], &residuals);
        assert!(expected[1] < 900.0 && expected[0] > 100.0);
    }

    #[test]
    fn files_hold_the_whole_pca() {
        let pca = fitted(&[1.0, 2.0, 3.0, 5.0, 4.0, 4.5], 2);
        let mut tensors = pca.to_tensors();
        assert_eq!(Pca::from_tensors(&tensors, 2), Ok(pca));
        assert!(Pca::from_tensors(&tensors, 3).is_err());
        tensors[1].values[0] = 0.0;
        assert_eq!(Pca::from_tensors(&tensors, 2), Err(BaselineError::Damaged { part: "pca.scales" }));
    }

    #[test]
    fn too_few_rows_and_too_many_features_are_refused() {
        assert!(PcaFit::new(0).is_err() && PcaFit::new(MAX_WIDTH + 1).is_err());
        let mut fit = PcaFit::new(1).expect("a sound width");
        fit.add(&[1.0]);
        assert!(fit.finish().is_err_and(|error| error.to_string().contains("at least 2 rows")));
    }
}
