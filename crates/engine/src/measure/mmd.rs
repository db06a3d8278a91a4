//! Maximum mean discrepancy of two samples X and Y: `MMD² = E[k(x, x')] + E[k(y, y')] - 2 E[k(x, y)]`, k a Gaussian
//! kernel (Gretton, Borgwardt, Rasch, Schölkopf and Smola, "A Kernel Two-Sample Test", JMLR 2012).

use super::neighbours::squared_distance;

/// Gaussian kernel `k(x, y) = exp(-|x - y|² / (2 s²))`.
#[derive(Clone, Copy, Debug)]
pub struct GaussianKernel {
    /// Bandwidth s, a distance.
    pub bandwidth: f64,
}

impl GaussianKernel {
    /// The kernel whose bandwidth is the median distance of `points` (rows of `width` numbers): the median heuristic of
    /// Gretton et al., section 8.
    pub fn of_median_distance(points: &[f32], width: usize) -> Self {
        let rows: Vec<&[f32]> = points.chunks_exact(width.max(1)).collect();
        let mut squares: Vec<f64> = rows
            .iter()
            .enumerate()
            .flat_map(|(index, one)| rows[..index].iter().map(|other| squared_distance(one, other)))
            .collect();
        let middle = squares.len() / 2;
        let median = if squares.is_empty() { 0.0 } else { *squares.select_nth_unstable_by(middle, f64::total_cmp).1 };
        // Equal points have a median distance of 0; any bandwidth separates them from others.
        Self { bandwidth: if median > 0.0 { median.sqrt() } else { 1.0 } }
    }

    fn value(self, one: &[f32], other: &[f32]) -> f64 {
        (-squared_distance(one, other) / (2.0 * self.bandwidth * self.bandwidth)).exp()
    }

    /// Mean kernel value of all pairs of points.
    fn mean(self, one: &[f32], other: &[f32], width: usize) -> f64 {
        let sum: f64 =
            one.chunks_exact(width).map(|a| other.chunks_exact(width).map(|b| self.value(a, b)).sum::<f64>()).sum();
        sum / (one.len() / width) as f64 / (other.len() / width) as f64
    }
}

/// MMD of two sets of points (rows of `width` numbers), from 0 for equal sets to √2. It is the biased estimate (Gretton
/// et al., equation 5), which is never negative; for two sets of n points of one distribution it is about 1/√n.
pub fn mmd(kernel: GaussianKernel, one: &[f32], other: &[f32], width: usize) -> f64 {
    let square = kernel.mean(one, one, width) + kernel.mean(other, other, width) - 2.0 * kernel.mean(one, other, width);
    square.max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::reference::reference;

    #[test]
    fn mmds_equal_those_of_numpy() {
        for case in reference().mmds {
            let kernel = GaussianKernel::of_median_distance(&case.other, case.width);
            assert!((kernel.bandwidth - case.bandwidth).abs() < 1e-9, "{kernel:?} is not {}", case.bandwidth);
            let found = mmd(kernel, &case.one, &case.other, case.width);
            assert!((found - case.expected).abs() < 1e-9, "{found} is not {}", case.expected);
        }
    }

    #[test]
    fn the_mmd_of_equal_sets_is_0_and_of_distant_ones_root_2() {
        let kernel = GaussianKernel { bandwidth: 1.0 };
        let points = [0.0, 1.0, 2.0, -1.0];
        assert!(mmd(kernel, &points, &points, 2) < 1e-7);
        let most = mmd(kernel, &[0.0, 0.0], &[1e3, 1e3], 1);
        assert!((most - 2.0_f64.sqrt()).abs() < 1e-12, "{most}");
    }

    #[test]
    fn equal_points_have_a_bandwidth_of_1() {
        assert!((GaussianKernel::of_median_distance(&[2.0; 6], 2).bandwidth - 1.0).abs() < 1e-12);
        assert!((GaussianKernel::of_median_distance(&[], 2).bandwidth - 1.0).abs() < 1e-12);
    }
}
