//! Ranks, their correlation, and the area under the ROC curve.

/// Counts of the rows at or above a score, which a threshold just below it flags. Rows of equal score stay together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OperatingPoint {
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
pub fn operating_points(scored: impl Iterator<Item = (f64, bool)>) -> Vec<OperatingPoint> {
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

/// Area under the ROC curve by the trapezoidal rule, counted in whole numbers: exact up to the last division. `None`
/// with rows of one kind only.
pub fn area_under_roc(points: &[OperatingPoint]) -> Option<f64> {
    let &OperatingPoint { true_positives: anomalous_rows, false_positives: normal_rows, .. } = points.last()?;
    let (mut twice_the_area, mut before) =
        (0_u128, OperatingPoint { score: f64::NAN, true_positives: 0, false_positives: 0 });
    for point in points {
        let step = u128::from(point.false_positives - before.false_positives);
        twice_the_area += step * u128::from(before.true_positives + point.true_positives);
        before = *point;
    }
    let twice_the_most = 2 * u128::from(anomalous_rows) * u128::from(normal_rows);
    (twice_the_most > 0).then(|| twice_the_area as f64 / twice_the_most as f64)
}

/// AUROC of scores: probability that an anomaly is ranked above a normal row, ties counting half (Mann and Whitney
/// 1947), as scikit-learn's `roc_auc_score`. `None` with rows of one kind only, or with a score that is NaN.
///
/// # Panics
/// When the number of labels is not that of scores.
pub fn auroc(scores: &[f64], is_anomalous: &[bool]) -> Option<f64> {
    assert_eq!(scores.len(), is_anomalous.len(), "a label for every score");
    if scores.iter().any(|score| score.is_nan()) {
        return None;
    }
    area_under_roc(&operating_points(scores.iter().copied().zip(is_anomalous.iter().copied())))
}

/// Spearman's rank correlation: Pearson's correlation of the ranks, equal scores sharing the mean of their ranks, as
/// SciPy's `spearmanr`; 0 if a side is constant or there are fewer than two rows. O(n log n).
///
/// # Panics
/// When the sides are not of one length.
pub fn spearman(one: &[f64], other: &[f64]) -> f64 {
    assert_eq!(one.len(), other.len(), "both rank the same rows");
    let (a, b) = (ranks(one), ranks(other));
    let mean = f64::midpoint(one.len() as f64, 1.0);
    let product = |x: &[f64], y: &[f64]| -> f64 { x.iter().zip(y).map(|(x, y)| (x - mean) * (y - mean)).sum() };
    let (square_a, square_b) = (product(&a, &a), product(&b, &b));
    if square_a > 0.0 && square_b > 0.0 { product(&a, &b) / (square_a * square_b).sqrt() } else { 0.0 }
}

/// Ranks from 1, equal values sharing the mean of theirs.
#[expect(clippy::float_cmp, reason = "ties are exact")]
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for equal in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let rank = before as f64 + f64::midpoint(equal.len() as f64, 1.0);
        for &index in equal {
            ranks[index] = rank;
        }
        before += equal.len();
    }
    ranks
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

    #[test]
    fn ties_count_half_and_one_kind_of_rows_has_no_area() {
        assert_eq!(auroc(&[1.0, 2.0, 2.0, 3.0], &[false, false, true, true]), Some(0.875));
        assert_eq!(auroc(&[1.0, 2.0], &[true, true]), None);
        assert_eq!(auroc(&[1.0, f64::NAN], &[true, false]), None);
        assert_eq!(auroc(&[], &[]), None);
    }

    #[test]
    fn constant_or_few_rows_have_no_rank_correlation() {
        assert_eq!((spearman(&[1.0, 1.0], &[1.0, 2.0]), spearman(&[], &[])), (0.0, 0.0));
        assert!((spearman(&[1.0, 5.0, 9.0], &[3.0, 2.0, 1.0]) + 1.0).abs() < 1e-12);
    }
}
