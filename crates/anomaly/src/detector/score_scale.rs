//! Scales of the members' scores, so that they can be averaged.

/// Added to a score before its logarithm, so that that of 0 is finite.
const TINY: f64 = 1e-12;

/// Scale of a member's scores.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum MemberScale {
    /// By how few training rows score higher.
    Tail(TailScale),
    /// In standard deviations, as of detectors that an older Pinhole saved.
    Standardised(ScoreScale),
}

impl MemberScale {
    /// A member's score on the common scale.
    pub fn apply(&self, score: f64) -> f64 {
        match self {
            Self::Tail(scale) => scale.apply(score),
            Self::Standardised(scale) => scale.apply(score),
        }
    }

    /// Weight of the member in the mean.
    pub const fn weight(&self) -> f64 {
        match self {
            Self::Tail(scale) => scale.weight,
            Self::Standardised(_) => 1.0,
        }
    }
}

/// Minus the logarithm of the share of training rows that score at least as high: 0 is the least odd row, .69 the
/// middle, 4.6 one row in a hundred. A member's first rows count most, whatever the form of its scores.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct TailScale {
    weight: f64,
    /// Scores of training rows, ascending, of which each is known by its share.
    scores: Vec<f64>,
    /// Minus the logarithm of the share of rows that score at least as high.
    tails: Vec<f64>,
    /// Gain per natural logarithm of the score beyond the greatest of training.
    slope: f64,
    /// Score that one training row in ten reaches, and the gain per natural logarithm of the score from the middle to
    /// there: what the body of the scores makes of those beyond it.
    body: [f64; 2],
}

/// Distance of the known scores in units of their tail.
const STEP: f64 = 0.1;
/// Greatest gain per natural logarithm beyond training: a member that saw no such row must not decide alone.
const MAX_SLOPE: f64 = 5.0;

impl TailScale {
    /// Scale of the scores of the training rows, anomalies included, of a member with this weight.
    pub fn fit(weight: f64, mut of_rows: Vec<f64>) -> Self {
        of_rows.sort_by(f64::total_cmp);
        let count = of_rows.len();
        let (mut scores, mut tails): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
        for (index, &score) in of_rows.iter().enumerate() {
            // Of equal scores, the last says how many rows score no higher.
            if of_rows.get(index + 1).is_some_and(|next| next.total_cmp(&score).is_eq()) {
                continue;
            }
            let tail = -(1.0 - (index + 1) as f64 / (count + 1) as f64).ln();
            if tails.last().is_none_or(|last| tail - last >= STEP) || index + 1 == count {
                scores.push(score);
                tails.push(tail);
            }
        }
        let slope = slope_of_top(&of_rows);
        let body = body_of(&of_rows);
        Self { weight, scores, tails, slope, body }
    }

    /// The greater of the share of rows above and of what the body of the scores makes of one so high: by ranks alone, a
    /// row that lies ten times as far out as all others would count as the first of them.
    fn apply(&self, score: f64) -> f64 {
        let [begin, slope] = self.body;
        let by_body = slope.mul_add(((score + TINY) / (begin + TINY)).max(TINY).ln(), BODY_TAIL);
        let beyond = if score > begin { by_body.min(MAX_BODY_TAIL) } else { 0.0 };
        self.by_rank(score).max(beyond)
    }

    fn by_rank(&self, score: f64) -> f64 {
        let (Some(&least), Some(&most)) = (self.scores.first(), self.scores.last()) else { return 0.0 };
        let top = self.tails.last().copied().unwrap_or(0.0);
        if score > most {
            return self.slope.mul_add(((score + TINY) / (most.max(0.0) + TINY)).ln().max(0.0), top);
        }
        if score <= least {
            return self.tails[0];
        }
        let right = self.scores.partition_point(|&known| known < score);
        let (low, high) = (self.scores[right - 1], self.scores[right]);
        let share = if high > low { (score - low) / (high - low) } else { 1.0 };
        (self.tails[right] - self.tails[right - 1]).mul_add(share, self.tails[right - 1])
    }
}

/// Tail of one row in ten, and greatest that the body of the scores alone makes.
const BODY_TAIL: f64 = std::f64::consts::LN_10;
const MAX_BODY_TAIL: f64 = 16.0;

/// The score that one row in ten reaches among ascending ones, and the gain per natural logarithm up to there.
fn body_of(ascending: &[f64]) -> [f64; 2] {
    let at = |level: f64| ascending.get((level * ascending.len() as f64) as usize).copied();
    let (Some(middle), Some(begin)) = (at(0.5), at(0.9)) else { return [f64::MAX, 0.0] };
    let distance = ((begin + TINY) / (middle + TINY)).ln();
    let slope = if distance > 1e-9 { (BODY_TAIL - std::f64::consts::LN_2) / distance } else { 0.0 };
    [begin, slope.min(MAX_SLOPE)]
}

/// Gain per natural logarithm of the score over the upper twentieth of ascending scores.
fn slope_of_top(ascending: &[f64]) -> f64 {
    let top = (ascending.len() / 20).max(1);
    let (Some(&most), Some(&begin)) = (ascending.last(), ascending.iter().rev().nth(top)) else { return 1.0 };
    let distance = ((most + TINY) / (begin + TINY)).ln();
    if distance > 1e-9 { ((top + 1) as f64).ln() / distance } else { MAX_SLOPE }.min(MAX_SLOPE)
}

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
    fn the_tail_of_a_score_is_the_share_of_rows_above() {
        let scale = TailScale::fit(1.0, (1..=999).map(f64::from).collect());
        for (score, share) in [(500.0, 0.5), (900.0, 0.1), (990.0, 0.01), (999.0, 0.001)] {
            assert!((scale.apply(score) + f64::ln(share)).abs() < 0.03, "{score}: {}", scale.apply(score));
        }
        assert!(scale.apply(5_000.0) > scale.apply(2_000.0) && scale.apply(2_000.0) > scale.apply(999.0));
        assert!(scale.apply(-3.0).abs() < 0.01);
    }

    #[test]
    fn equal_scores_distinguish_nothing() {
        let scale = TailScale::fit(1.0, vec![3.0; 50]);
        assert!((scale.apply(3.0) - scale.apply(2.0)).abs() < 1e-12);
        assert!(scale.apply(4.0) > scale.apply(3.0));
        assert!(TailScale::fit(1.0, Vec::new()).apply(1.0).abs() < 1e-12);
    }

    #[test]
    fn stored_scales_are_told_apart() {
        let old: MemberScale =
            serde_json::from_str(r#"{"is_logarithmic":true,"mean":1.0,"deviation":2.0}"#).expect("old");
        assert!(matches!(&old, MemberScale::Standardised(_)) && (old.apply(1.0) + 0.5).abs() < 1e-9);
        let new = MemberScale::Tail(TailScale::fit(0.5, vec![1.0, 2.0]));
        let text = serde_json::to_string(&new).expect("plain values");
        assert_eq!(serde_json::from_str::<MemberScale>(&text).expect("just written"), new);
    }
}
