//! Choice of the threshold, and its effect on the rows.

use pinhole_protocol::table::{Confusion, ThresholdReport, ThresholdRule};

use super::{ScoringError, operating_points::operating_points};

/// Tolerance for products such as 0.29 x 100, which may round to just below a whole number.
const ROUNDING: f64 = 1e-9;

/// Threshold by a rule. Rows with a score strictly above it are flagged.
///
/// `is_anomalous` holds each row's label, `None` if the row is not measured (it trained, or has no label);
/// `held_out_normals` are the scores of normal rows that did not train. O(n), or O(n log n) if rows must be sorted. The
/// rules:
///
/// - `Score`: the threshold itself.
/// - `Quantile`: as NumPy's default, linear between neighbours.
/// - `Contamination`: midway between the last flagged and the first unflagged row. Equal scores stay together: of the
///   operating points on either side, the nearest to the share is taken, the one that flags less if both are as near.
/// - `FalseAlarms`: the least score of a held-out row that flags no greater share of these rows than requested.
/// - `BestF1`: the operating point of the measured rows with the greatest F1 = 2 TP / (2 TP + FP + FN); the greatest
///   threshold among equals.
///
/// # Errors
/// When the rule lacks what it needs (labels, anomalies, held-out rows), a share is not 0 to 1, or a score is NaN.
///
/// # Panics
/// When the number of labels is not that of scores.
pub fn threshold(
    rule: ThresholdRule,
    scores: &[f64],
    is_anomalous: Option<&[Option<bool>]>,
    held_out_normals: &[f64],
) -> Result<ThresholdReport, ScoringError> {
    if scores.is_empty() {
        return Err(ScoringError::NoRows);
    }
    check_numbers("The score of row", scores)?;
    let value = match rule {
        ThresholdRule::Score(value) if value.is_nan() => {
            return Err(ScoringError::NotANumber { what: "The threshold".into() });
        }
        ThresholdRule::Score(value) => value,
        ThresholdRule::Quantile(share) => {
            quantile(scores, check_share("A quantile", share)?).ok_or(ScoringError::NoRows)?
        }
        ThresholdRule::Contamination(share) => by_contamination(scores, check_share("The contamination", share)?),
        ThresholdRule::FalseAlarms(share) => {
            by_false_alarms(held_out_normals, check_share("The false-alarm rate", share)?)?
        }
        ThresholdRule::BestF1 => by_best_f1(scores, is_anomalous.ok_or(ScoringError::NoLabels)?)?,
    };
    Ok(report(rule, value, scores, is_anomalous))
}

/// Quantile `share` (0 to 1) of `values`, linear between neighbours as NumPy's default; `None` of nothing.
#[expect(clippy::float_cmp, reason = "equal infinities have no difference")]
pub fn quantile(values: &[f64], share: f64) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let place = share.clamp(0.0, 1.0) * (values.len() - 1) as f64;
    let mut values = values.to_vec();
    let (_, &mut lower, above) = values.select_nth_unstable_by(place.floor() as usize, f64::total_cmp);
    let upper = above.iter().copied().min_by(f64::total_cmp).unwrap_or(lower);
    let part = place.fract();
    // Weighted apart, as infinities have no difference.
    Some(if part == 0.0 || lower == upper { lower } else { lower * (1.0 - part) + upper * part })
}

fn check_share(what: &'static str, value: f64) -> Result<f64, ScoringError> {
    if (0.0..=1.0).contains(&value) { Ok(value) } else { Err(ScoringError::Share { what, value }) }
}

fn check_numbers(what: &str, scores: &[f64]) -> Result<(), ScoringError> {
    match scores.iter().position(|score| score.is_nan()) {
        Some(index) => Err(ScoringError::NotANumber { what: format!("{what} {}", index + 1) }),
        None => Ok(()),
    }
}

/// A threshold that flags `upper` and not `lower`: midway if f64 has a number there.
fn between(lower: f64, upper: f64) -> f64 {
    let middle = f64::midpoint(lower, upper);
    if middle >= lower && middle < upper { middle } else { lower }
}

fn by_contamination(scores: &[f64], share: f64) -> f64 {
    let wanted = (share * scores.len() as f64).round() as u64;
    let points = operating_points(scores.iter().map(|&score| (score, true)));
    let reached = points.partition_point(|point| point.true_positives < wanted);
    let flagged = |count: usize| count.checked_sub(1).map_or(0, |last| points[last].true_positives);
    // Number of groups of equal scores that are flagged.
    let groups =
        (reached..=(reached + 1).min(points.len())).min_by_key(|&count| flagged(count).abs_diff(wanted)).unwrap_or(0);
    match groups {
        0 => points[0].score,
        all if all == points.len() => points[all - 1].score.next_down(),
        some => between(points[some].score, points[some - 1].score),
    }
}

fn by_false_alarms(held_out_normals: &[f64], share: f64) -> Result<f64, ScoringError> {
    check_numbers("The score of held-out row", held_out_normals)?;
    let mut scores = held_out_normals.to_vec();
    let allowed = (share * scores.len() as f64 + ROUNDING).floor() as usize;
    let Some(last) = scores.len().checked_sub(1) else { return Err(ScoringError::NoHeldOutRows) };
    if allowed > last {
        return Ok(scores.iter().copied().fold(f64::INFINITY, f64::min).next_down());
    }
    Ok(*scores.select_nth_unstable_by(last - allowed, f64::total_cmp).1)
}

fn by_best_f1(scores: &[f64], is_anomalous: &[Option<bool>]) -> Result<f64, ScoringError> {
    assert_eq!(scores.len(), is_anomalous.len(), "each score has a label");
    let points = operating_points(
        scores.iter().zip(is_anomalous).filter_map(|(&score, is_anomalous)| Some((score, (*is_anomalous)?))),
    );
    let anomalous_rows = points.last().map_or(0, |all| all.true_positives);
    if anomalous_rows == 0 {
        return Err(ScoringError::NoAnomalies);
    }
    let (mut best, mut best_f1) = (0, 0.0);
    for (index, point) in points.iter().enumerate() {
        let f1 =
            2.0 * point.true_positives as f64 / (point.true_positives + point.false_positives + anomalous_rows) as f64;
        if f1 > best_f1 {
            (best, best_f1) = (index, f1);
        }
    }
    let upper = points[best].score;
    Ok(points.get(best + 1).map_or(upper.next_down(), |next| between(next.score, upper)))
}

fn report(rule: ThresholdRule, value: f64, scores: &[f64], is_anomalous: Option<&[Option<bool>]>) -> ThresholdReport {
    let flagged = scores.iter().filter(|&&score| score > value).count();
    let confusion = is_anomalous.map(|is_anomalous| confusion(value, scores, is_anomalous));
    let ratio = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
    ThresholdReport {
        rule,
        value,
        quantile: (scores.len() - flagged) as f64 / scores.len() as f64,
        flagged: flagged as u64,
        confusion,
        precision: confusion.and_then(|c| ratio(c.true_positives, c.true_positives + c.false_positives)),
        recall: confusion.and_then(|c| ratio(c.true_positives, c.true_positives + c.false_negatives)),
        f1: confusion.and_then(|c| {
            let anomalous_rows = c.true_positives + c.false_negatives;
            // Without anomalies, F1 is undefined.
            if anomalous_rows == 0 {
                return None;
            }
            ratio(2 * c.true_positives, c.true_positives + c.false_positives + anomalous_rows)
        }),
    }
}

fn confusion(value: f64, scores: &[f64], is_anomalous: &[Option<bool>]) -> Confusion {
    assert_eq!(scores.len(), is_anomalous.len(), "each score has a label");
    let mut confusion = Confusion::default();
    for (&score, is_anomalous) in scores.iter().zip(is_anomalous) {
        let Some(is_anomalous) = *is_anomalous else { continue };
        let count = match (is_anomalous, score > value) {
            (true, true) => &mut confusion.true_positives,
            (false, true) => &mut confusion.false_positives,
            (false, false) => &mut confusion.true_negatives,
            (true, false) => &mut confusion.false_negatives,
        };
        *count += 1;
    }
    confusion
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    fn flagged(rule: ThresholdRule, scores: &[f64]) -> u64 {
        threshold(rule, scores, None, &[]).expect("a sound rule").flagged
    }

    #[test]
    fn contamination_flags_that_share() {
        let scores: Vec<f64> = (0..40).map(|i| f64::from(i * 7 % 40)).collect();
        for (share, count) in [(0.0, 0), (0.05, 2), (0.5, 20), (1.0, 40)] {
            assert_eq!(flagged(ThresholdRule::Contamination(share), &scores), count);
        }
    }

    #[test]
    fn contamination_keeps_equal_scores_together() {
        let scores = [3.0, 2.0, 2.0, 2.0, 2.0, 1.0];
        assert_eq!(flagged(ThresholdRule::Contamination(2.0 / 6.0), &scores), 1);
        assert_eq!(flagged(ThresholdRule::Contamination(4.0 / 6.0), &scores), 5);
        assert_eq!(flagged(ThresholdRule::Contamination(0.3), &[1.0; 10]), 0);
        assert_eq!(flagged(ThresholdRule::Contamination(0.8), &[1.0; 10]), 10);
    }

    #[test]
    fn scores_next_to_each_other_and_infinite_ones_can_be_separated() {
        assert_eq!(flagged(ThresholdRule::Contamination(0.5), &[1.0, 1.0_f64.next_up()]), 1);
        assert_eq!(flagged(ThresholdRule::Contamination(0.5), &[1.0, f64::INFINITY]), 1);
        assert_eq!(flagged(ThresholdRule::Quantile(0.5), &[f64::INFINITY; 4]), 0);
    }

    #[test]
    fn false_alarms_are_no_more_than_requested() {
        let normals: Vec<f64> = (0..100).map(f64::from).collect();
        for share in [0.0, 0.01, 0.29, 0.5, 1.0] {
            let report = threshold(ThresholdRule::FalseAlarms(share), &normals, None, &normals).expect("a sound rule");
            assert_eq!(report.flagged, (share * 100.0).round() as u64);
        }
        let tied = threshold(ThresholdRule::FalseAlarms(0.5), &normals, None, &[1.0, 2.0, 2.0, 2.0]);
        assert_eq!(tied.map(|report| report.value), Ok(2.0));
    }

    #[derive(Deserialize)]
    struct Reference {
        thresholds: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        scores: Vec<f64>,
        is_anomalous: Vec<bool>,
        quantiles: Vec<[f64; 2]>,
        best_f1: f64,
    }

    #[test]
    fn quantiles_are_numpys_and_the_best_f1_is_scikit_learns() {
        let reference: Reference =
            serde_json::from_str(include_str!("../../tests/reference/scoring.json")).expect("the reference is JSON");
        for Case { scores, is_anomalous, quantiles, best_f1 } in reference.thresholds {
            for [share, expected] in quantiles {
                let report = threshold(ThresholdRule::Quantile(share), &scores, None, &[]).expect("a sound rule");
                assert!((report.value - expected).abs() < 1e-9, "{} is not {expected}", report.value);
            }
            let labels: Vec<Option<bool>> = is_anomalous.into_iter().map(Some).collect();
            let report = threshold(ThresholdRule::BestF1, &scores, Some(&labels), &[]).expect("a sound rule");
            assert!((report.f1.expect("there are anomalies") - best_f1).abs() < 1e-12);
        }
    }

    #[test]
    fn only_measured_rows_count_in_the_confusion() {
        let labels = [Some(true), None, Some(false), Some(true), Some(false)];
        let report = threshold(ThresholdRule::Score(2.5), &[3.0, 4.0, 5.0, 1.0, 2.0], Some(&labels), &[]);
        let report = report.expect("a sound rule");
        assert_eq!((report.flagged, report.quantile), (3, 0.4));
        let expected = Confusion { true_positives: 1, false_positives: 1, true_negatives: 1, false_negatives: 1 };
        assert_eq!(report.confusion, Some(expected));
        assert_eq!((report.precision, report.recall, report.f1), (Some(0.5), Some(0.5), Some(0.5)));
    }

    #[test]
    fn rules_name_what_they_lack() {
        let lacks = |rule, labels: Option<&[Option<bool>]>| threshold(rule, &[1.0, 2.0], labels, &[]).err();
        assert_eq!(lacks(ThresholdRule::BestF1, None), Some(ScoringError::NoLabels));
        assert_eq!(lacks(ThresholdRule::BestF1, Some(&[Some(false), None])), Some(ScoringError::NoAnomalies));
        assert_eq!(lacks(ThresholdRule::FalseAlarms(0.1), None), Some(ScoringError::NoHeldOutRows));
        assert!(matches!(lacks(ThresholdRule::Quantile(1.2), None), Some(ScoringError::Share { .. })));
        assert!(matches!(lacks(ThresholdRule::Contamination(f64::NAN), None), Some(ScoringError::Share { .. })));
        let nan = threshold(ThresholdRule::Quantile(0.5), &[1.0, f64::NAN], None, &[]);
        assert!(nan.is_err_and(|error| error.to_string().starts_with("The score of row 2 is not a number")));
    }
}
