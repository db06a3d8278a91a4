//! Selection of inliers among unlabelled rows, and scaling by the inliers alone.

use super::{feature_table::FeatureTable, recipe::INLIER_SHARE};

/// Smallest number of inliers.
const MIN_INLIERS: usize = 2;
/// Least standard deviation of a feature among the inliers, as a share of that over all rows: a feature that is nearly
/// constant among the inliers must not blow up small differences.
const MIN_DEVIATION_SHARE: f64 = 0.05;
/// Features are clamped to this before the scale is fitted: one cell of 1e30 must not set it.
const FITTED_BOUND: f32 = 20.0;
/// Scaled features are clamped to this many standard deviations.
const BOUND: f32 = 30.0;
/// Bound of the detectors that an older Pinhole saved.
const fn old_bound() -> f32 {
    1e3
}

/// Standardisation by mean and standard deviation of the inliers.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct InlierScaler {
    means: Vec<f32>,
    deviations: Vec<f32>,
    #[serde(default = "old_bound")]
    bound: f32,
}

impl InlierScaler {
    /// The scaler of rows that are all inliers, and standardised already: it changes nothing.
    pub fn identity(width: usize) -> Self {
        Self { means: vec![0.0; width], deviations: vec![1.0; width], bound: BOUND }
    }

    /// Takes the [`INLIER_SHARE`] of the rows with the least scores for inliers. Returns their scaler and their
    /// indices, ascending.
    pub fn fit(rows: &FeatureTable, scores: &[f64]) -> (Self, Vec<u32>) {
        let mut inliers: Vec<u32> = (0..rows.len() as u32).collect();
        inliers.sort_by(|&one, &other| scores[one as usize].total_cmp(&scores[other as usize]));
        inliers.truncate(((rows.len() as f64 * INLIER_SHARE) as usize).max(MIN_INLIERS));
        inliers.sort_unstable();
        (Self::of_rows(rows, &inliers), inliers)
    }

    /// The scaler of these rows among all.
    pub fn of_rows(rows: &FeatureTable, inliers: &[u32]) -> Self {
        let (means, inlier_deviations) = moments(rows, inliers);
        let all: Vec<u32> = (0..rows.len() as u32).collect();
        let (_, all_deviations) = moments(rows, &all);
        let deviations = inlier_deviations.iter().zip(all_deviations).map(|(&deviation, of_all)| {
            let deviation = deviation.max(MIN_DEVIATION_SHARE * of_all);
            if deviation < 1e-12 { 1.0 } else { deviation as f32 }
        });
        Self {
            deviations: deviations.collect(),
            means: means.into_iter().map(|mean| mean as f32).collect(),
            bound: BOUND,
        }
    }

    /// True if it has a finite mean and a positive deviation for each of `width` features, as a file's may not.
    pub fn is_valid(&self, width: usize) -> bool {
        self.means.len() == width
            && self.deviations.len() == width
            && self.means.iter().all(|mean| mean.is_finite())
            && self.deviations.iter().all(|deviation| deviation.is_finite() && *deviation > 0.0)
    }

    /// Rows standardised by the inliers; what is missing (NaN) stays so.
    pub fn scale(&self, rows: &[f32]) -> Vec<f32> {
        let mut scaled = rows.to_vec();
        for row in scaled.chunks_exact_mut(self.means.len().max(1)) {
            for ((value, mean), deviation) in row.iter_mut().zip(&self.means).zip(&self.deviations) {
                *value = ((*value - mean) / deviation).clamp(-self.bound, self.bound);
            }
        }
        scaled
    }

    /// A whole table standardised by the inliers.
    pub fn scale_table(&self, rows: &FeatureTable) -> FeatureTable {
        FeatureTable { values: self.scale(&rows.values), ..rows.emptied() }
    }

    /// Rows back on the scale that they were prepared to.
    pub fn unscale(&self, scaled: &[f32]) -> Vec<f32> {
        let mut rows = scaled.to_vec();
        for row in rows.chunks_exact_mut(self.means.len().max(1)) {
            for ((value, mean), deviation) in row.iter_mut().zip(&self.means).zip(&self.deviations) {
                *value = *value * deviation + mean;
            }
        }
        rows
    }
}

/// Mean and standard deviation of each feature over those of the rows that have it; 0 of none.
fn moments(table: &FeatureTable, rows: &[u32]) -> (Vec<f64>, Vec<f64>) {
    let (mut counts, mut means, mut squares) =
        (vec![0.0_f64; table.width], vec![0.0_f64; table.width], vec![0.0_f64; table.width]);
    let present = |row: u32| {
        let values = table.row(row as usize).iter().enumerate();
        let present = values.filter(|(_, value)| !value.is_nan());
        present.map(|(feature, &value)| (feature, f64::from(value.clamp(-FITTED_BOUND, FITTED_BOUND))))
    };
    for &row in rows {
        for (feature, value) in present(row) {
            counts[feature] += 1.0;
            means[feature] += value;
        }
    }
    means.iter_mut().zip(&counts).for_each(|(mean, count)| *mean /= count.max(1.0));
    for &row in rows {
        for (feature, value) in present(row) {
            squares[feature] += (value - means[feature]).powi(2) / counts[feature];
        }
    }
    (means, squares.into_iter().map(f64::sqrt).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inliers_set_the_scale() {
        let values = [vec![1.0, 3.0, 2.0, 0.0, 4.0, 1.0, 3.0], vec![900.0, 800.0, 700.0]].concat();
        let table = FeatureTable::plain(values.clone(), 1);
        let scores: Vec<f64> = values.iter().copied().map(f64::from).collect();
        let (scaler, inliers) = InlierScaler::fit(&table, &scores);
        assert_eq!(inliers, [0, 1, 2, 3, 4, 5, 6]);
        assert!(scaler.is_valid(1) && !scaler.is_valid(2));
        let standardised = scaler.scale(&values[..7]);
        assert!(standardised.iter().sum::<f32>().abs() < 1e-4, "{standardised:?}");
        let row = scaler.unscale(&scaler.scale(&[3.5]));
        assert!((row[0] - 3.5).abs() < 1e-3);
    }

    #[test]
    fn a_feature_that_is_constant_among_inliers_keeps_a_share_of_its_deviation() {
        let values = [vec![5.0; 8], vec![9.0, 11.0]].concat();
        let table = FeatureTable::plain(values.clone(), 1);
        let scores: Vec<f64> = values.iter().copied().map(f64::from).collect();
        let (scaler, _) = InlierScaler::fit(&table, &scores);
        let far = scaler.scale(&[9.0])[0];
        assert!((5.0..100.0).contains(&far), "{far}");
    }
}
