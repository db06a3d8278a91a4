//! Choice of the threshold, and its effect on the rows.

use pinhole_numerics::ranking::{OperatingPoint, operating_points};
use pinhole_protocol::table::{ErrorCosts, ThresholdReport, ThresholdRule};

use super::{MeasuredLabels, ScoringError, threshold_report::report};

/// Tolerance for products such as 0.29 x 100, which may round to just below a whole number.
const ROUNDING: f64 = 1e-9;

/// Threshold by a rule. Rows with a score strictly above it are flagged.
///
/// `labels` are those of the measured rows, `held_out_normals` the scores of normal rows that did not train. O(n), or
/// O(n log n) if rows must be sorted. The rules:
///
/// - `Score`: the threshold itself.
/// - `Quantile`: as NumPy's default, linear between neighbours.
/// - `Contamination`: midway between the last flagged and the first unflagged row. Equal scores stay together: of the
///   operating points on either side, the nearest to the share is taken, the one that flags less if both are as near.
/// - `FalseAlarms`: the least score of a held-out row that flags no greater share of these rows than requested.
/// - `BestF1`: the operating point of the measured rows with the greatest F1 = 2 TP / (2 TP + FP + FN); the greatest
///   threshold among equals.
/// - `Capacity`: midway between the last flagged and the first unflagged row, with at most so many flagged. Equal scores
///   stay together, so that fewer may be.
/// - `Cost`: the operating point of the measured rows with the least cost, FN times that of a missed anomaly plus FP
///   times that of a false alarm; the greatest threshold among equals, which may flag nothing.
///
/// In F1 and costs, each normal row counts as often as the labels' weight says.
///
/// # Errors
/// When the rule lacks what it needs (labels, anomalies, held-out rows), a share is not 0 to 1, a cost is below 0, or a
/// score is NaN.
///
/// # Panics
/// When the number of labels is not that of scores.
pub fn threshold(
    rule: ThresholdRule,
    scores: &[f64],
    labels: Option<MeasuredLabels>,
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
        ThresholdRule::BestF1 => by_best_f1(scores, labels.ok_or(ScoringError::NoLabels)?)?,
        ThresholdRule::Capacity(rows) => by_capacity(scores, rows),
        ThresholdRule::Cost(costs) => by_cost(scores, labels.ok_or(ScoringError::CostWithoutLabels)?, costs)?,
    };
    Ok(report(rule, value, scores, labels))
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

/// Threshold that flags the first `groups` of points of equal scores, the greatest first.
fn flag_groups(points: &[OperatingPoint], groups: usize) -> f64 {
    match groups {
        0 => points.first().map_or(f64::MAX, |greatest| greatest.score),
        all if all == points.len() => points[all - 1].score.next_down(),
        some => between(points[some].score, points[some - 1].score),
    }
}

/// Points of which each counts all rows as true positives.
fn points_of_all(scores: &[f64]) -> Vec<OperatingPoint> {
    operating_points(scores.iter().map(|&score| (score, true)))
}

fn by_contamination(scores: &[f64], share: f64) -> f64 {
    by_count(scores, (share * scores.len() as f64).round() as u64)
}

/// The score above which about `wanted` rows lie; `None` if there are no scores, or one is NaN.
pub fn score_of_flagged(scores: &[f64], wanted: u64) -> Option<f64> {
    let are_numbers = !scores.is_empty() && scores.iter().all(|score| !score.is_nan());
    are_numbers.then(|| by_count(scores, wanted))
}

fn by_count(scores: &[f64], wanted: u64) -> f64 {
    let points = points_of_all(scores);
    let reached = points.partition_point(|point| point.true_positives < wanted);
    let flagged = |count: usize| count.checked_sub(1).map_or(0, |last| points[last].true_positives);
    // Number of groups of equal scores that are flagged.
    let groups =
        (reached..=(reached + 1).min(points.len())).min_by_key(|&count| flagged(count).abs_diff(wanted)).unwrap_or(0);
    flag_groups(&points, groups)
}

fn by_capacity(scores: &[f64], rows: u64) -> f64 {
    let points = points_of_all(scores);
    let groups = points.partition_point(|point| point.true_positives <= rows);
    flag_groups(&points, groups)
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

/// Operating points of the measured rows, and the number of anomalies among them.
fn measured_points(scores: &[f64], labels: MeasuredLabels) -> Result<(Vec<OperatingPoint>, u64), ScoringError> {
    let points = labels.measured(scores).map(operating_points).unwrap_or_default();
    match points.last() {
        Some(all) if all.true_positives > 0 => {
            let anomalous_rows = all.true_positives;
            Ok((points, anomalous_rows))
        }
        _ => Err(ScoringError::NoAnomalies),
    }
}

fn by_best_f1(scores: &[f64], labels: MeasuredLabels) -> Result<f64, ScoringError> {
    let (points, anomalous_rows) = measured_points(scores, labels)?;
    let (mut groups, mut best) = (1, 0.0);
    for (index, point) in points.iter().enumerate() {
        let f1 = point.f1(anomalous_rows, labels.normal_weight);
        if f1 > best {
            (groups, best) = (index + 1, f1);
        }
    }
    Ok(flag_groups(&points, groups))
}

fn by_cost(scores: &[f64], labels: MeasuredLabels, costs: ErrorCosts) -> Result<f64, ScoringError> {
    let are_costs = [costs.missed, costs.false_alarm].iter().all(|cost| cost.is_finite() && *cost >= 0.0);
    if !are_costs || costs.missed + costs.false_alarm == 0.0 {
        return Err(ScoringError::Costs);
    }
    let (points, anomalous_rows) = measured_points(scores, labels)?;
    let (mut groups, mut least) = (0, costs.missed * anomalous_rows as f64);
    for (index, point) in points.iter().enumerate() {
        let alarms = labels.normal_weight * point.false_positives as f64;
        let missed = (anomalous_rows - point.true_positives) as f64;
        let cost = costs.missed * missed + costs.false_alarm * alarms;
        if cost < least {
            (groups, least) = (index + 1, cost);
        }
    }
    Ok(flag_groups(&points, groups))
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::table::Confusion;
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

    #[test]
    fn a_capacity_is_the_same_for_every_file() {
        for rows in [60_u32, 400] {
            let scores: Vec<f64> = (0..rows).map(|i| f64::from(i * 7 % rows)).collect();
            for capacity in [0, 1, 50] {
                assert_eq!(flagged(ThresholdRule::Capacity(capacity), &scores), capacity, "of {rows} rows");
            }
            assert_eq!(flagged(ThresholdRule::Capacity(1_000), &scores), u64::from(rows));
        }
        let ties = [3.0, 3.0, 2.0, 2.0, 1.0];
        let counts = [1, 2, 3, 4].map(|capacity| flagged(ThresholdRule::Capacity(capacity), &ties));
        assert_eq!(counts, [0, 2, 2, 4], "equal scores stay together");
    }

    #[test]
    fn the_least_cost_is_found() {
        let scores = [9.0, 8.0, 7.0, 6.0, 5.0, 4.0];
        let is_anomalous = [true, false, true, false, false, true].map(Some);
        let flagged = |missed, false_alarm, normal_weight| {
            let labels = Some(MeasuredLabels { is_anomalous: &is_anomalous, normal_weight });
            let rule = ThresholdRule::Cost(ErrorCosts { missed, false_alarm });
            threshold(rule, &scores, labels, &[]).expect("a sound rule").flagged
        };
        // Costs by flagged rows, 0 to 6, where a missed one costs 3 and a false alarm 2: 9, 6, 8, 5, 7, 9, 6.
        assert_eq!(flagged(3.0, 2.0, 1.0), 3);
        // With weights of 2: 9, 6, 10, 7, 11, 15, 12.
        assert_eq!(flagged(3.0, 2.0, 2.0), 1);
        assert_eq!(flagged(100.0, 1.0, 1.0), 6);
        assert_eq!(flagged(0.0, 1.0, 1.0), 0);
        assert_eq!(flagged(1.0, 0.0, 1.0), 6);
    }

    #[test]
    fn held_out_rows_stand_for_all_normal_ones() {
        let is_anomalous = [Some(true), Some(false), None, None, Some(false), None, None];
        let labels = Some(MeasuredLabels { is_anomalous: &is_anomalous, normal_weight: 3.0 });
        let scores = [9.0, 8.0, 7.5, 2.0, 3.0, 1.0, 1.0];
        let report = threshold(ThresholdRule::Score(5.0), &scores, labels, &[]).expect("a sound rule");
        let expected = Confusion { true_positives: 1, false_positives: 3, true_negatives: 3, false_negatives: 0 };
        assert_eq!((report.confusion, report.flagged), (Some(expected), 3));
        assert_eq!((report.precision, report.recall, report.f1), (Some(0.25), Some(1.0), Some(0.4)));
        assert_eq!(report.alerts, "About 4 of 7 rows per file like this one.");
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
            let report = threshold(ThresholdRule::BestF1, &scores, Some(MeasuredLabels::of_all(&labels)), &[])
                .expect("a sound rule");
            assert!((report.f1.expect("there are anomalies") - best_f1).abs() < 1e-12);
        }
    }

    #[test]
    fn only_measured_rows_count_in_the_confusion() {
        let labels = [Some(true), None, Some(false), Some(true), Some(false)];
        let labels = Some(MeasuredLabels::of_all(&labels));
        let report = threshold(ThresholdRule::Score(2.5), &[3.0, 4.0, 5.0, 1.0, 2.0], labels, &[]);
        let report = report.expect("a sound rule");
        assert_eq!((report.flagged, report.quantile), (3, 0.4));
        let expected = Confusion { true_positives: 1, false_positives: 1, true_negatives: 1, false_negatives: 1 };
        assert_eq!(report.confusion, Some(expected));
        assert_eq!((report.precision, report.recall, report.f1), (Some(0.5), Some(0.5), Some(0.5)));
    }

    #[test]
    fn rules_name_what_they_lack() {
        let lacks = |rule, labels: Option<&[Option<bool>]>| {
            threshold(rule, &[1.0, 2.0], labels.map(MeasuredLabels::of_all), &[]).err()
        };
        let costs = |missed, false_alarm| ThresholdRule::Cost(ErrorCosts { missed, false_alarm });
        assert_eq!(lacks(costs(1.0, 1.0), None), Some(ScoringError::CostWithoutLabels));
        for (missed, false_alarm) in [(0.0, 0.0), (-1.0, 2.0), (f64::NAN, 1.0), (f64::INFINITY, 1.0)] {
            assert_eq!(lacks(costs(missed, false_alarm), Some(&[Some(true); 2])), Some(ScoringError::Costs));
        }
        assert_eq!(lacks(ThresholdRule::BestF1, None), Some(ScoringError::NoLabels));
        assert_eq!(lacks(ThresholdRule::BestF1, Some(&[Some(false), None])), Some(ScoringError::NoAnomalies));
        assert_eq!(lacks(ThresholdRule::FalseAlarms(0.1), None), Some(ScoringError::NoHeldOutRows));
        assert!(matches!(lacks(ThresholdRule::Quantile(1.2), None), Some(ScoringError::Share { .. })));
        assert!(matches!(lacks(ThresholdRule::Contamination(f64::NAN), None), Some(ScoringError::Share { .. })));
        let nan = threshold(ThresholdRule::Quantile(0.5), &[1.0, f64::NAN], None, &[]);
        assert!(nan.is_err_and(|error| error.to_string().starts_with("The score of row 2 is not a number")));
    }
}
