//! Whether a network learnt anything: said, never passed over.

use pinhole_numerics::dense_rows::LANES;

use super::features::FeatureTable;

/// A reconstruction that leaves more of the variance than this knows no more than the columns' means.
const UNLEARNT_SHARE: f64 = 0.95;
/// Scores that differ by less than this share of the largest are one score.
const CONSTANT_SHARE: f64 = 1e-6;

/// What is noted of the training rows on their way through the network.
#[derive(Debug)]
pub(super) struct Health {
    /// Sum of the features' variances, over the features: what the columns' means leave.
    variance: f64,
    /// Whether each number of the code was ever above 0.
    awake: Vec<bool>,
}

impl Health {
    pub fn new(rows: &FeatureTable, code: usize) -> Self {
        let count = rows.len() as f64;
        let (mut sums, mut squares) = (vec![0.0_f64; rows.width], vec![0.0_f64; rows.width]);
        for row in rows.values.chunks_exact(rows.width) {
            for ((sum, square), &value) in sums.iter_mut().zip(&mut squares).zip(row) {
                *sum += f64::from(value);
                *square += f64::from(value) * f64::from(value);
            }
        }
        let variance: f64 =
            sums.iter().zip(&squares).map(|(sum, square)| (square / count - (sum / count).powi(2)).max(0.0)).sum();
        Self { variance: variance / rows.width as f64, awake: vec![false; code] }
    }

    pub fn note_codes(&mut self, codes: &[[f32; LANES]], rows: usize) {
        for (awake, lanes) in self.awake.iter_mut().zip(codes) {
            *awake |= lanes[..rows].iter().any(|&value| value > 0.0);
        }
    }

    /// Sentences for people, given the training rows' scores.
    pub fn warnings(&self, scores: &[f64]) -> Vec<String> {
        let mut warnings = Vec::new();
        let (least, most) =
            scores.iter().fold((f64::INFINITY, 0.0_f64), |(least, most), &score| (least.min(score), most.max(score)));
        if most - least <= CONSTANT_SHARE * most {
            warnings.push(
                "Every row has the same score: this detector tells nothing apart. Check that the columns in use vary."
                    .to_owned(),
            );
        }
        if self.awake.iter().all(|awake| !awake) {
            warnings.push(
                "The network collapsed: its code is 0 for every row, so it rebuilds all rows alike. Train again with \
                 another seed, or use PCA."
                    .to_owned(),
            );
        }
        let (mean, _) = mean_and_deviation(scores);
        if self.variance > 0.0 && mean >= UNLEARNT_SHARE * self.variance {
            warnings.push(format!(
                "The network did not learn: its error is {:.0} % of what the columns' averages alone leave. The columns \
                 may have nothing to do with each other, or training was stopped early. Compare it with the other methods.",
                100.0 * mean / self.variance
            ));
        }
        warnings
    }
}

/// Mean and standard deviation (of the population) of some numbers; 0 of none.
pub(super) fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    (mean, variance.sqrt())
}
