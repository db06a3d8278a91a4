//! Operating points: every threshold that flags other rows than the next.

/// Counts of the rows at or above a score, which a threshold just below it flags. Rows of equal score stay together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct OperatingPoint {
    /// The score.
    pub score: f64,
    /// Anomalies at or above it.
    pub true_positives: u64,
    /// Normal rows at or above it.
    pub false_positives: u64,
}

impl OperatingPoint {
    /// Share of anomalies among the flagged rows, where each normal row counts `normal_weight` times.
    pub fn precision(&self, normal_weight: f64) -> f64 {
        let true_positives = self.true_positives as f64;
        true_positives / normal_weight.mul_add(self.false_positives as f64, true_positives)
    }

    /// 2 TP / (2 TP + FP + FN), where each normal row counts `normal_weight` times.
    pub fn f1(&self, anomalous_rows: u64, normal_weight: f64) -> f64 {
        let counted = (self.true_positives + anomalous_rows) as f64;
        2.0 * self.true_positives as f64 / normal_weight.mul_add(self.false_positives as f64, counted)
    }
}

/// One point per different score, the greatest first; the last includes all rows. O(n log n).
///
/// No score may be NaN.
#[expect(clippy::float_cmp, reason = "ties are exact")]
pub(super) fn operating_points(scored: impl Iterator<Item = (f64, bool)>) -> Vec<OperatingPoint> {
    let mut rows: Vec<(f64, bool)> = scored.collect();
    rows.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let mut points: Vec<OperatingPoint> = Vec::new();
    let (mut true_positives, mut false_positives) = (0, 0);
    for (score, is_anomalous) in rows {
        if is_anomalous {
            true_positives += 1;
        } else {
            false_positives += 1;
        }
        let point = OperatingPoint { score, true_positives, false_positives };
        match points.last_mut() {
            // Equal as numbers: 0 and -0 are one score.
            Some(last) if last.score == score => *last = point,
            _ => points.push(point),
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_with_equal_scores_stay_together() {
        let rows = [(0.0, false), (2.0, true), (-0.0, true), (2.0, false), (f64::INFINITY, true)];
        let found: Vec<_> = operating_points(rows.into_iter())
            .iter()
            .map(|c| (c.score.abs(), c.true_positives, c.false_positives))
            .collect();
        assert_eq!(found, [(f64::INFINITY, 1, 0), (2.0, 2, 1), (0.0, 3, 2)]);
    }
}
