//! Standardisation of the members' scores, so that they can be averaged.

use pinhole_numerics::moments::mean_and_deviation;

/// Added to a score before its logarithm, so that that of 0 is finite.
const TINY: f64 = 1e-12;

/// Mean and standard deviation of a member's scores over the training rows, anomalies included.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ScoreScale {
    /// True if the logarithms are standardised, as for errors and distances but not for an isolation forest's scores.
    pub is_logarithmic: bool,
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub deviation: f64,
}

impl ScoreScale {
    /// Scale of errors or distances.
    pub fn of_logarithms(scores: &[f64]) -> Self {
        let (mean, deviation) = mean_and_deviation(&scores.iter().map(|score| (score + TINY).ln()).collect::<Vec<_>>());
        Self { is_logarithmic: true, mean, deviation }
    }

    /// Scale of scores as they are.
    pub fn of(scores: &[f64]) -> Self {
        let (mean, deviation) = mean_and_deviation(scores);
        Self { is_logarithmic: false, mean, deviation }
    }

    /// A score in standard deviations above the mean; 0 if the training rows had one score only.
    pub fn apply(&self, score: f64) -> f64 {
        let score = if self.is_logarithmic { (score + TINY).ln() } else { score };
        if self.deviation > 1e-9 { (score - self.mean) / self.deviation } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_it_was_made_of_have_mean_0_and_deviation_1() {
        let scores = [0.0, 0.1, 5.0, 2.5, 1e6];
        for scale in [ScoreScale::of(&scores), ScoreScale::of_logarithms(&scores)] {
            let scaled: Vec<f64> = scores.iter().map(|&score| scale.apply(score)).collect();
            let (mean, deviation) = mean_and_deviation(&scaled);
            assert!(mean.abs() < 1e-9 && (deviation - 1.0).abs() < 1e-9, "{mean}, {deviation}");
        }
        assert!(ScoreScale::of(&[3.0, 3.0]).apply(4.0).abs() < 1e-12);
    }
}
