//! Warnings after training: a constant score, a collapsed code, a network that did not learn.

use pinhole_numerics::{
    dense_rows::LANES,
    moments::{mean_and_deviation, mean_column_variance},
};

use super::feature_table::FeatureTable;

/// A network did not learn if its error is at least this share of the variance, the error of the columns' means.
const UNLEARNT_SHARE: f64 = 0.95;
/// Scores that differ by no more than this share of the greatest count as equal.
const CONSTANT_SHARE: f64 = 1e-6;

/// Statistics of the training rows and their codes.
#[derive(Debug)]
pub(super) struct FitStatistics {
    /// Mean variance of the features: the error of a reconstruction by the columns' means.
    variance: f64,
    /// True for each value of the code that was above 0 for some row.
    active: Vec<bool>,
}

impl FitStatistics {
    /// Statistics of the rows, before any code was added.
    pub fn new(rows: &FeatureTable, code_size: usize) -> Self {
        let variance = mean_column_variance(&rows.values, rows.width);
        Self { variance, active: vec![false; code_size] }
    }

    /// Adds the codes of a block of rows, [code size, lanes], the first `rows` lanes of which are used.
    pub fn add_codes(&mut self, codes: &[[f32; LANES]], rows: usize) {
        for (active, lanes) in self.active.iter_mut().zip(codes) {
            *active |= lanes[..rows].iter().any(|&value| value > 0.0);
        }
    }

    /// Warnings in sentences, given the scores of the training rows.
    pub fn warnings(&self, scores: &[f64]) -> Vec<String> {
        let mut warnings = Vec::new();
        let (least, most) =
            scores.iter().fold((f64::INFINITY, 0.0_f64), |(least, most), &score| (least.min(score), most.max(score)));
        if most - least <= CONSTANT_SHARE * most {
            warnings.push(
                "Every row has the same score: this detector distinguishes nothing. Check that the columns in use vary."
                    .to_owned(),
            );
        }
        if self.active.iter().all(|active| !active) {
            warnings.push(
                "The network collapsed: its code is 0 for every row, so all reconstructions are alike. Train again with \
                 another seed, or use PCA."
                    .to_owned(),
            );
        }
        let (mean, _) = mean_and_deviation(scores);
        if self.variance > 0.0 && mean >= UNLEARNT_SHARE * self.variance {
            warnings.push(format!(
                "The network did not learn: its error is {:.0} % of that of the columns' means alone. The columns \
                 may have nothing to do with each other, or training was stopped early. Compare it with the baselines.",
                100.0 * mean / self.variance
            ));
        }
        warnings
    }
}
