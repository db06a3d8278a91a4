//! Eigenpairs of a symmetric tridiagonal matrix, by the implicit QL method (Dubrulle, Martin and Wilkinson 1968; LAPACK's
//! `steqr`).

/// Sweeps for one eigenvalue; two are usual.
const MAX_SWEEPS: usize = 60;

/// Eigenvalues in descending order, each with its unit eigenvector.
#[derive(Clone, Debug)]
pub struct Eigenpairs {
    /// Eigenvalues.
    pub values: Vec<f64>,
    /// Eigenvector of each.
    pub vectors: Vec<Vec<f64>>,
}

/// Eigenpairs of the matrix with this diagonal, and `off_diagonal` of one number less.
pub fn eigenpairs(mut diagonal: Vec<f64>, mut off_diagonal: Vec<f64>) -> Eigenpairs {
    let size = diagonal.len();
    off_diagonal.resize(size, 0.0);
    // Row i is the eigenvector of value i: a rotation turns two contiguous rows.
    let mut rows: Vec<Vec<f64>> = (0..size)
        .map(|row| {
            let mut unit = vec![0.0; size];
            unit[row] = 1.0;
            unit
        })
        .collect();
    for first in 0..size {
        for _ in 0..MAX_SWEEPS {
            let last = uncoupled(&diagonal, &off_diagonal, first);
            if last == first {
                break;
            }
            sweep(&mut diagonal, &mut off_diagonal, &mut rows, first, last);
        }
    }
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|&a, &b| diagonal[b].total_cmp(&diagonal[a]));
    Eigenpairs {
        values: order.iter().map(|&index| diagonal[index]).collect(),
        vectors: order.iter().map(|&index| std::mem::take(&mut rows[index])).collect(),
    }
}

/// The first index from `first` on that is not coupled to the next one.
fn uncoupled(diagonal: &[f64], off_diagonal: &[f64], first: usize) -> usize {
    (first..diagonal.len() - 1)
        .find(|&index| off_diagonal[index].abs() <= f64::EPSILON * (diagonal[index].abs() + diagonal[index + 1].abs()))
        .unwrap_or(diagonal.len() - 1)
}

/// One QL sweep over the block from `first` to `last`, with Wilkinson's shift.
fn sweep(diagonal: &mut [f64], off_diagonal: &mut [f64], rows: &mut [Vec<f64>], first: usize, last: usize) {
    let half = (diagonal[first + 1] - diagonal[first]) / (2.0 * off_diagonal[first]);
    let root = (half * half + 1.0).sqrt();
    let shift = diagonal[first] - off_diagonal[first] / (half + root.copysign(half));
    let mut bulge = diagonal[last] - shift;
    let (mut sine, mut cosine, mut correction) = (1.0, 1.0, 0.0);
    for index in (first..last).rev() {
        let (f, b) = (sine * off_diagonal[index], cosine * off_diagonal[index]);
        let radius = (f * f + bulge * bulge).sqrt();
        off_diagonal[index + 1] = radius;
        if radius == 0.0 {
            // The rotation is the identity: the block falls apart here.
            diagonal[index + 1] -= correction;
            off_diagonal[last] = 0.0;
            return;
        }
        (sine, cosine) = (f / radius, bulge / radius);
        let g = diagonal[index + 1] - correction;
        let r = (diagonal[index] - g) * sine + 2.0 * cosine * b;
        correction = sine * r;
        diagonal[index + 1] = g + correction;
        bulge = cosine * r - b;
        rotate(rows, index, sine, cosine);
    }
    diagonal[first] -= correction;
    off_diagonal[first] = bulge;
    off_diagonal[last] = 0.0;
}

/// Turns row `index` and the next one.
fn rotate(rows: &mut [Vec<f64>], index: usize, sine: f64, cosine: f64) {
    let (upper, lower) = rows.split_at_mut(index + 1);
    for (a, b) in upper[index].iter_mut().zip(&mut lower[0]) {
        let old = *b;
        *b = sine * *a + cosine * old;
        *a = cosine * *a - sine * old;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Eigenvalues of the second difference of n points: 2 - 2 cos(pi j / (n + 1)).
    #[test]
    fn second_differences_have_their_known_eigenvalues() {
        let size = 40;
        let pairs = eigenpairs(vec![2.0; size], vec![-1.0; size - 1]);
        for (index, value) in pairs.values.iter().enumerate() {
            let angle = std::f64::consts::PI * (size - index) as f64 / (size + 1) as f64;
            assert!((value - (2.0 - 2.0 * angle.cos())).abs() < 1e-13, "eigenvalue {index}");
        }
        for (value, vector) in pairs.values.iter().zip(&pairs.vectors) {
            for row in 0..size {
                let neighbours = [row.checked_sub(1), Some(row + 1)];
                let sum: f64 = neighbours.into_iter().flatten().filter_map(|index| vector.get(index)).sum();
                assert!((2.0 * vector[row] - sum - value * vector[row]).abs() < 1e-13);
            }
        }
    }

    #[test]
    fn an_uncoupled_matrix_is_its_own_answer() {
        let pairs = eigenpairs(vec![1.0, 3.0, 2.0], vec![0.0, 0.0]);
        assert_eq!(pairs.values, [3.0, 2.0, 1.0]);
        assert_eq!(pairs.vectors[0], [0.0, 1.0, 0.0]);
        assert!(eigenpairs(Vec::new(), Vec::new()).values.is_empty());
    }
}
