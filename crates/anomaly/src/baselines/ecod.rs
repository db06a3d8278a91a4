//! Unsupervised outlier detection by empirical cumulative distributions, ECOD (Li, Zhao, Hu, Botta, Ionescu and Chen
//! 2022): a row is unusual by how far out in a tail its features lie, as if they were independent.

use pinhole_numerics::moments::skewness;

/// Sorted features of the rows that train.
#[derive(Clone, Debug)]
pub struct Ecod {
    features: Vec<Feature>,
}

#[derive(Clone, Debug)]
struct Feature {
    /// Ascending.
    values: Vec<f32>,
    skewness: f64,
}

impl Ecod {
    /// Fits to row-major rows of `width` features.
    pub fn fit(rows: &[f32], width: usize) -> Self {
        let feature = |index: usize| {
            let mut values: Vec<f32> = rows.iter().copied().skip(index).step_by(width.max(1)).collect();
            values.sort_by(f32::total_cmp);
            let skewness = skewness(&values.iter().copied().map(f64::from).collect::<Vec<_>>());
            Feature { values, skewness }
        };
        Self { features: (0..width).map(feature).collect() }
    }

    /// Score of a row: over its features, the sum of the greatest of both tails and of the tail on the side of the
    /// skewness.
    pub fn score(&self, row: &[f32]) -> f64 {
        self.features.iter().zip(row).map(|(feature, &value)| feature.score(value)).sum()
    }
}

impl Feature {
    fn score(&self, value: f32) -> f64 {
        let count = self.values.len();
        // Beyond all values, as the outermost of one value more.
        let tail = |rows: usize| -(rows.max(1) as f64 / (count + usize::from(rows == 0)).max(1) as f64).ln();
        let left = tail(self.values.partition_point(|&other| other <= value));
        let right = tail(count - self.values.partition_point(|&other| other < value));
        // As the authors' code: both tails count for a skewness between -1 and 1.
        let of_skewness = right.mul_add(sign(self.skewness + 1.0), -left * sign(self.skewness - 1.0));
        left.max(right).max(of_skewness)
    }
}

/// -1, 0 or 1.
fn sign(value: f64) -> f64 {
    if value == 0.0 { 0.0 } else { value.signum() }
}
