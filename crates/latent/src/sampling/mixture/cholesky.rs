//! Cholesky decomposition of small matrices, row-major in f64.

use crate::reals::dot;

/// Lower factor L of a symmetric positive definite matrix = L Lᵀ, of which the lower triangle is read; `None` if it is
/// not positive definite. Above the diagonal the factor is 0.
pub(super) fn cholesky(matrix: &[f64], width: usize) -> Option<Vec<f64>> {
    let mut factor = vec![0.0; width * width];
    for i in 0..width {
        for j in 0..=i {
            let (row, other) = (i * width, j * width);
            let rest = matrix[row + j] - dot(&factor[row..row + j], &factor[other..other + j]);
            if i != j {
                factor[row + j] = rest / factor[other + j];
            } else if rest > 0.0 {
                factor[row + j] = rest.sqrt();
            } else {
                return None;
            }
        }
    }
    Some(factor)
}

/// Transpose of the inverse of a lower factor: its line j, from entry j on, is column j of the inverse.
pub(super) fn inverse_columns(factor: &[f64], width: usize) -> Vec<f64> {
    let mut columns = vec![0.0; width * width];
    for j in 0..width {
        let column = &mut columns[j * width..(j + 1) * width];
        column[j] = 1.0 / factor[j * width + j];
        for i in j + 1..width {
            let line = &factor[i * width..(i + 1) * width];
            column[i] = -dot(&line[j..i], &column[j..i]) / line[i];
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_times_its_transpose_and_its_inverse_are_the_matrix_and_one() {
        let matrix = [4.0, 2.0, -1.0, 2.0, 5.0, 0.5, -1.0, 0.5, 3.0];
        let factor = cholesky(&matrix, 3).expect("positive definite");
        let columns = inverse_columns(&factor, 3);
        for i in 0..3 {
            for j in 0..3 {
                let product: f64 = (0..3).map(|k| factor[i * 3 + k] * factor[j * 3 + k]).sum();
                assert!((product - matrix[i * 3 + j]).abs() < 1e-12);
                let one: f64 = (0..3).map(|k| factor[i * 3 + k] * columns[j * 3 + k]).sum();
                assert!((one - f64::from(u8::from(i == j))).abs() < 1e-12);
            }
        }
        assert_eq!(cholesky(&[1.0, 2.0, 2.0, 1.0], 2), None);
    }
}
