//! Every place where a ranking can be cut in two.

/// The rows at or above a score: what a threshold just below it flags. Rows with equal scores are never parted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cut {
    /// The score.
    pub score: f64,
    /// Odd rows at or above it.
    pub true_positives: u64,
    /// Normal rows at or above it.
    pub false_positives: u64,
}

/// One cut for each different score, the greatest first; the last holds all rows. Sorts: O(n log n).
///
/// No score may be NaN.
#[expect(clippy::float_cmp, reason = "ties are exact")]
pub(super) fn cuts(scored: impl Iterator<Item = (f64, bool)>) -> Vec<Cut> {
    let mut rows: Vec<(f64, bool)> = scored.collect();
    rows.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let mut cuts: Vec<Cut> = Vec::new();
    let (mut true_positives, mut false_positives) = (0, 0);
    for (score, is_odd) in rows {
        if is_odd {
            true_positives += 1;
        } else {
            false_positives += 1;
        }
        let cut = Cut { score, true_positives, false_positives };
        match cuts.last_mut() {
            // Equal as numbers: 0 and -0 are one score.
            Some(last) if last.score == score => *last = cut,
            _ => cuts.push(cut),
        }
    }
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_with_equal_scores_stay_together() {
        let rows = [(0.0, false), (2.0, true), (-0.0, true), (2.0, false), (f64::INFINITY, true)];
        let found: Vec<_> =
            cuts(rows.into_iter()).iter().map(|c| (c.score.abs(), c.true_positives, c.false_positives)).collect();
        assert_eq!(found, [(f64::INFINITY, 1, 0), (2.0, 2, 1), (0.0, 3, 2)]);
    }
}
