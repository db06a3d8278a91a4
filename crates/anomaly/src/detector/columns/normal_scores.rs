//! Numbers as normal scores, linear in the tails.

use pinhole_table::preparation::normal_quantile;

/// Most knots.
const MAX_KNOTS: usize = 256;
/// Share of the numbers at either end, a fiftieth, beyond which the score grows with the distance, as ranks there tell nothing of
/// how far a number lies off.
const TAIL: f64 = 0.02;
/// Normal score where a tail begins.
const TAIL_SCORE: f64 = 2.053_748_910_631_823;
/// Relative difference up to which a number is still that of a constant column.
const CONSTANT_TOLERANCE: f32 = 1e-5;
/// Greatest size of a score.
const MAX_SCORE: f64 = 30.0;
/// Least spread of one side, as a share of that of both: a column that is nearly constant on one side must not blow up
/// small differences.
const MIN_SIDE_SHARE: f64 = 0.3;

/// Map from numbers to the normal scores of their mean ranks; beyond the outermost fiftieths a step is as long as the
/// column's spread on that side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NormalScores {
    /// Distinct numbers, ascending.
    values: Vec<f32>,
    /// Score of each.
    scores: Vec<f32>,
}

impl NormalScores {
    /// Fits to the numbers of the rows that train, ascending.
    pub fn fit(sorted: &[f32]) -> Self {
        let count = sorted.len();
        if count == 0 {
            return Self::default();
        }
        let last = (count - 1) as f64;
        let at = |level: f64| f64::from(sorted[(level * last).round() as usize]);
        let (low, middle, high) = (at(TAIL), at(0.5), at(1.0 - TAIL));
        let both = (high - low) / 2.0;
        let side = |distance: f64| distance.max(MIN_SIDE_SHARE * both) / TAIL_SCORE;
        let (below, above) = (side(middle - low), side(high - middle));
        let score = |value: f32| {
            let ranks =
                sorted.partition_point(|&other| other < value) + sorted.partition_point(|&other| other <= value);
            let rank = (ranks as f64 / 2.0).clamp(0.5, count as f64 - 0.5) / count as f64;
            let value = f64::from(value);
            let score = if both <= 0.0 {
                normal_quantile(rank)
            } else if value > high {
                TAIL_SCORE + (value - high) / above
            } else if value < low {
                -TAIL_SCORE - (low - value) / below
            } else {
                normal_quantile(rank)
            };
            score.clamp(-MAX_SCORE, MAX_SCORE) as f32
        };
        let mut values: Vec<f32> = if count <= MAX_KNOTS {
            sorted.to_vec()
        } else {
            (0..MAX_KNOTS).map(|knot| sorted[knot * (count - 1) / (MAX_KNOTS - 1)]).collect()
        };
        if both > 0.0 {
            // The ends of the tails, so that the scores go on with the tails' slopes.
            values.extend([low as f32, high as f32]);
            values.insert(0, (low - both) as f32);
            values.push((high + both) as f32);
        }
        values.sort_by(f32::total_cmp);
        values.dedup();
        let mut scores: Vec<f32> = values.iter().map(|&value| score(value)).collect();
        // Ranks and tails meet at the tail's beginning but for rounding.
        for index in 1..scores.len() {
            scores[index] = scores[index].max(scores[index - 1]);
        }
        Self { values, scores }
    }

    /// From the parts of a file; `None` if they are no map.
    pub fn from_parts(values: Vec<f32>, scores: Vec<f32>) -> Option<Self> {
        let is_sound = values.len() == scores.len() && values.is_sorted() && scores.is_sorted();
        is_sound.then_some(Self { values, scores })
    }

    /// Numbers, ascending, and their scores.
    pub fn parts(&self) -> (&[f32], &[f32]) {
        (&self.values, &self.scores)
    }

    /// Score of a number; the greatest of any other number than the one of a constant column.
    pub fn score(&self, value: f32) -> f32 {
        if let [constant] = self.values[..] {
            let is_same = (value - constant).abs() <= CONSTANT_TOLERANCE * constant.abs().max(1.0);
            return if is_same { 0.0 } else { (MAX_SCORE as f32).copysign(value - constant) };
        }
        interpolate(&self.values, &self.scores, value).clamp(-MAX_SCORE as f32, MAX_SCORE as f32)
    }

    /// Number of a score, between the least and the greatest that there were.
    pub fn value(&self, score: f32) -> f32 {
        let inside =
            score.clamp(self.scores.first().copied().unwrap_or(0.0), self.scores.last().copied().unwrap_or(0.0));
        interpolate(&self.scores, &self.values, inside)
    }
}

/// Piecewise linear interpolation between ascending points, continued beyond them.
fn interpolate(from: &[f32], to: &[f32], at: f32) -> f32 {
    if from.len() < 2 {
        return to.first().copied().unwrap_or(0.0);
    }
    let right = from.partition_point(|&knot| knot < at).clamp(1, from.len() - 1);
    let (low, high) = (f64::from(from[right - 1]), f64::from(from[right]));
    let (start, end) = (f64::from(to[right - 1]), f64::from(to[right]));
    if high <= low { end as f32 } else { (start + (f64::from(at) - low) / (high - low) * (end - start)) as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_in_the_middle_and_distances_in_the_tails() {
        let mut numbers: Vec<f32> = (0..1000).map(|index| index as f32 / 10.0).collect();
        numbers.push(1e6);
        let scores = NormalScores::fit(&numbers);
        assert!(scores.score(50.0).abs() < 0.02);
        // SciPy's norm.ppf(.84) is .994.
        assert!((scores.score(84.0) - 0.994).abs() < 0.02, "{}", scores.score(84.0));
        assert!(scores.score(140.0) > scores.score(110.0) && scores.score(110.0) > scores.score(99.0));
        assert!((scores.score(141.0) - 3.89).abs() < 0.1, "{}", scores.score(141.0));
        assert!((scores.score(1e6) - 30.0).abs() < 1e-3);
        assert!((scores.value(scores.score(30.0)) - 30.0).abs() < 0.1);
        assert!(NormalScores::default().score(3.0).abs() < 1e-9);
        let constant = NormalScores::fit(&[14.62; 9]);
        assert!(constant.score(14.62).abs() < 1e-9 && constant.score(15.1) > 29.0 && constant.score(14.0) < -29.0);
    }
}
