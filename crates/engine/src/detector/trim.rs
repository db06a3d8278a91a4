//! The more ordinary part of rows that may be odd, and the scale of that part.

use super::{features::FeatureTable, recipe::ORDINARY_SHARE};

/// Fewest rows kept.
const FEWEST: usize = 2;
/// A column that is nearly constant among the kept rows must not blow up what differs a little: its deviation is at least
/// this share of that over all rows.
const LEAST_SPREAD_SHARE: f64 = 0.05;
/// Features are kept within this many deviations.
const BOUND: f32 = 1e3;

/// Brings features to the scale of the kept rows.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Trim {
    means: Vec<f32>,
    deviations: Vec<f32>,
}

impl Trim {
    /// Nothing is trimmed: rows are prepared to this scale already.
    pub fn none(width: usize) -> Self {
        Self { means: vec![0.0; width], deviations: vec![1.0; width] }
    }

    /// Keeps the rows with the least scores. Answers their indices, ascending.
    pub fn by_scores(rows: &FeatureTable, scores: &[f64]) -> (Self, Vec<u32>) {
        let mut kept: Vec<u32> = (0..rows.len() as u32).collect();
        kept.sort_by(|&one, &other| scores[one as usize].total_cmp(&scores[other as usize]));
        kept.truncate(((rows.len() as f64 * ORDINARY_SHARE) as usize).max(FEWEST));
        kept.sort_unstable();
        let all: Vec<u32> = (0..rows.len() as u32).collect();
        let (means, spreads) = moments(rows, &kept);
        let (_, whole) = moments(rows, &all);
        let deviations = spreads.iter().zip(whole).map(|(&spread, whole)| {
            let deviation = spread.max(LEAST_SPREAD_SHARE * whole);
            if deviation < 1e-12 { 1.0 } else { deviation as f32 }
        });
        let trim =
            Self { deviations: deviations.collect(), means: means.into_iter().map(|mean| mean as f32).collect() };
        (trim, kept)
    }

    /// Whether it has a mean and a deviation for each of so many features, as a file's may not.
    pub fn is_sound(&self, width: usize) -> bool {
        self.means.len() == width
            && self.deviations.len() == width
            && self.means.iter().all(|mean| mean.is_finite())
            && self.deviations.iter().all(|deviation| deviation.is_finite() && *deviation > 0.0)
    }

    /// Rows on the kept rows' scale.
    pub fn scaled(&self, rows: &[f32]) -> Vec<f32> {
        let mut scaled = rows.to_vec();
        for row in scaled.chunks_exact_mut(self.means.len().max(1)) {
            for ((value, mean), deviation) in row.iter_mut().zip(&self.means).zip(&self.deviations) {
                *value = ((*value - mean) / deviation).clamp(-BOUND, BOUND);
            }
        }
        scaled
    }

    /// A whole table on that scale.
    pub fn applied(&self, rows: &FeatureTable) -> FeatureTable {
        FeatureTable { values: self.scaled(&rows.values), width: rows.width, groups: rows.groups.clone() }
    }

    /// Rows back on the scale that they were prepared to.
    pub fn restored(&self, scaled: &[f32]) -> Vec<f32> {
        let mut rows = scaled.to_vec();
        for row in rows.chunks_exact_mut(self.means.len().max(1)) {
            for ((value, mean), deviation) in row.iter_mut().zip(&self.means).zip(&self.deviations) {
                *value = *value * deviation + mean;
            }
        }
        rows
    }
}

/// Mean and population deviation of each feature over some rows.
fn moments(table: &FeatureTable, rows: &[u32]) -> (Vec<f64>, Vec<f64>) {
    let count = rows.len().max(1) as f64;
    let (mut sums, mut squares) = (vec![0.0_f64; table.width], vec![0.0_f64; table.width]);
    for &row in rows {
        for (sum, &value) in sums.iter_mut().zip(table.row(row as usize)) {
            *sum += f64::from(value) / count;
        }
    }
    for &row in rows {
        for ((square, mean), &value) in squares.iter_mut().zip(&sums).zip(table.row(row as usize)) {
            *square += (f64::from(value) - mean).powi(2) / count;
        }
    }
    for square in &mut squares {
        *square = square.sqrt();
    }
    (sums, squares)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ordinary_rows_set_the_scale() {
        let values = [vec![1.0, 3.0, 2.0, 0.0, 4.0, 1.0, 3.0], vec![900.0, 800.0, 700.0]].concat();
        let table = FeatureTable::plain(values.clone(), 1);
        let scores: Vec<f64> = values.iter().copied().map(f64::from).collect();
        let (trim, kept) = Trim::by_scores(&table, &scores);
        assert_eq!(kept, [0, 1, 2, 3, 4, 5, 6]);
        assert!(trim.is_sound(1) && !trim.is_sound(2));
        let scaled = trim.scaled(&values[..7]);
        assert!(scaled.iter().sum::<f32>().abs() < 1e-4, "{scaled:?}");
        let row = trim.restored(&trim.scaled(&[3.5]));
        assert!((row[0] - 3.5).abs() < 1e-3);
    }

    #[test]
    fn a_column_that_is_constant_among_the_kept_keeps_a_share_of_its_spread() {
        let values = [vec![5.0; 8], vec![9.0, 11.0]].concat();
        let table = FeatureTable::plain(values.clone(), 1);
        let scores: Vec<f64> = values.iter().copied().map(f64::from).collect();
        let (trim, _) = Trim::by_scores(&table, &scores);
        let far = trim.scaled(&[9.0])[0];
        assert!((5.0..100.0).contains(&far), "{far}");
    }
}
