//! How far a cloud of codes is from the shape that it shall have.

use super::neighbours::squared_distance;

/// A Gaussian kernel, `exp(-d^2 / 2s^2)` of the distance `d` of two points.
#[derive(Clone, Copy, Debug)]
pub struct Kernel {
    /// The distance `s` within which points count as near.
    pub bandwidth: f64,
}

impl Kernel {
    /// The kernel whose bandwidth is the median distance of `points` (rows of `width` numbers), the usual choice
    /// (Gretton et al. 2012, section 8).
    pub fn of_median_distance(points: &[f32], width: usize) -> Self {
        let rows: Vec<&[f32]> = points.chunks_exact(width.max(1)).collect();
        let mut squares: Vec<f64> = rows
            .iter()
            .enumerate()
            .flat_map(|(index, one)| rows[..index].iter().map(|other| squared_distance(one, other)))
            .collect();
        let middle = squares.len() / 2;
        let median = if squares.is_empty() { 0.0 } else { *squares.select_nth_unstable_by(middle, f64::total_cmp).1 };
        // Points that are all the same leave no distance; any bandwidth then tells them from others.
        Self { bandwidth: if median > 0.0 { median.sqrt() } else { 1.0 } }
    }

    fn of(self, one: &[f32], other: &[f32]) -> f64 {
        (-squared_distance(one, other) / (2.0 * self.bandwidth * self.bandwidth)).exp()
    }

    fn mean(self, one: &[f32], other: &[f32], width: usize) -> f64 {
        let sum: f64 =
            one.chunks_exact(width).map(|a| other.chunks_exact(width).map(|b| self.of(a, b)).sum::<f64>()).sum();
        sum / (one.len() / width) as f64 / (other.len() / width) as f64
    }
}

/// Maximum mean discrepancy of two samples of points (rows of `width` numbers): 0 for the same points, at most the square
/// root of 2. The biased estimate (Gretton et al. 2012, equation 5), which is never negative; of two samples of `n` of the
/// same distribution it is about `1/sqrt(n)`.
pub fn discrepancy(kernel: Kernel, one: &[f32], other: &[f32], width: usize) -> f64 {
    let square = kernel.mean(one, one, width) + kernel.mean(other, other, width) - 2.0 * kernel.mean(one, other, width);
    square.max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::reference::reference;

    #[test]
    fn discrepancies_are_those_of_numpy() {
        for case in reference().discrepancies {
            let kernel = Kernel::of_median_distance(&case.other, case.width);
            assert!((kernel.bandwidth - case.bandwidth).abs() < 1e-9, "{kernel:?} is not {}", case.bandwidth);
            let found = discrepancy(kernel, &case.one, &case.other, case.width);
            assert!((found - case.expected).abs() < 1e-9, "{found} is not {}", case.expected);
        }
    }

    #[test]
    fn equal_clouds_have_none_and_far_ones_the_most() {
        let kernel = Kernel { bandwidth: 1.0 };
        let cloud = [0.0, 1.0, 2.0, -1.0];
        assert!(discrepancy(kernel, &cloud, &cloud, 2) < 1e-7);
        let most = discrepancy(kernel, &[0.0, 0.0], &[1e3, 1e3], 1);
        assert!((most - 2.0_f64.sqrt()).abs() < 1e-12, "{most}");
    }

    #[test]
    fn points_on_one_spot_have_a_bandwidth() {
        assert!((Kernel::of_median_distance(&[2.0; 6], 2).bandwidth - 1.0).abs() < 1e-12);
        assert!((Kernel::of_median_distance(&[], 2).bandwidth - 1.0).abs() < 1e-12);
    }
}
