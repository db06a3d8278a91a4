//! Where the threshold lies, and what it does.

use pinhole_protocol::table::{Confusion, ThresholdReport, ThresholdRule};

use super::{ScoringError, operating_points::cuts};

/// A product such as 0.29 x 100 that should be a whole number may come out a little less.
const ROUNDING: f64 = 1e-9;

/// The threshold that `rule` gives. Rows with a score strictly above it are flagged.
///
/// `is_odd` says of each row what its label says, `None` where the row is not measured (it trained, or has no label);
/// `held_out_normals` are the scores of normal rows that did not train. Takes O(n), or O(n log n) where rows must be
/// sorted. The rules:
///
/// - `Score` is taken as it is.
/// - `Quantile` is NumPy's default, linear between neighbours.
/// - `OddShare` lies midway between the last row to flag and the first not to. Equal scores are not parted: of the cuts
///   to either side of them that which comes nearest the share is taken, the one that flags less if both are as near.
/// - `FalseAlarms` is the least score of a held-out row that flags no greater share of these rows than was asked.
/// - `BestF1` tries every cut between the measured rows; the greatest threshold wins among equals.
///
/// # Errors
/// When the rule lacks what it needs (labels, odd rows, held-out rows), a share is not 0 to 1, or a score is NaN.
///
/// # Panics
/// When there is not one label for each score.
pub fn threshold(
    rule: ThresholdRule,
    scores: &[f64],
    is_odd: Option<&[Option<bool>]>,
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
        ThresholdRule::Contamination(share) => by_odd_share(scores, check_share("The share of odd rows", share)?),
        ThresholdRule::FalseAlarms(share) => {
            by_false_alarms(held_out_normals, check_share("The false-alarm rate", share)?)?
        }
        ThresholdRule::BestF1 => by_best_f1(scores, is_odd.ok_or(ScoringError::NoLabels)?)?,
    };
    Ok(report(rule, value, scores, is_odd))
}

/// The quantile `share` (0 to 1) of `values`, linear between neighbours as NumPy's default; `None` of nothing.
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
    // Apart, as infinities have no differences.
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

/// A threshold that flags `upper` and leaves `lower`; midway, where there is room.
fn between(lower: f64, upper: f64) -> f64 {
    let middle = f64::midpoint(lower, upper);
    if middle >= lower && middle < upper { middle } else { lower }
}

fn by_odd_share(scores: &[f64], share: f64) -> f64 {
    let wanted = (share * scores.len() as f64).round() as u64;
    let cuts = cuts(scores.iter().map(|&score| (score, true)));
    let reached = cuts.partition_point(|cut| cut.true_positives < wanted);
    let flagged = |count: usize| count.checked_sub(1).map_or(0, |last| cuts[last].true_positives);
    // So many groups of equal scores are flagged.
    let groups =
        (reached..=(reached + 1).min(cuts.len())).min_by_key(|&count| flagged(count).abs_diff(wanted)).unwrap_or(0);
    match groups {
        0 => cuts[0].score,
        all if all == cuts.len() => cuts[all - 1].score.next_down(),
        some => between(cuts[some].score, cuts[some - 1].score),
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

fn by_best_f1(scores: &[f64], is_odd: &[Option<bool>]) -> Result<f64, ScoringError> {
    assert_eq!(scores.len(), is_odd.len(), "each score has a label");
    let cuts = cuts(scores.iter().zip(is_odd).filter_map(|(&score, is_odd)| Some((score, (*is_odd)?))));
    let anomalous_rows = cuts.last().map_or(0, |all| all.true_positives);
    if anomalous_rows == 0 {
        return Err(ScoringError::NoOddRows);
    }
    let (mut best, mut best_f1) = (0, 0.0);
    for (index, cut) in cuts.iter().enumerate() {
        let f1 = 2.0 * cut.true_positives as f64 / (cut.true_positives + cut.false_positives + anomalous_rows) as f64;
        if f1 > best_f1 {
            (best, best_f1) = (index, f1);
        }
    }
    let upper = cuts[best].score;
    Ok(cuts.get(best + 1).map_or(upper.next_down(), |next| between(next.score, upper)))
}

fn report(rule: ThresholdRule, value: f64, scores: &[f64], is_odd: Option<&[Option<bool>]>) -> ThresholdReport {
    let flagged = scores.iter().filter(|&&score| score > value).count();
    let confusion = is_odd.map(|is_odd| confusion(value, scores, is_odd));
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
            // Without odd rows there is nothing to find, well or badly.
            if anomalous_rows == 0 {
                return None;
            }
            ratio(2 * c.true_positives, c.true_positives + c.false_positives + anomalous_rows)
        }),
    }
}

fn confusion(value: f64, scores: &[f64], is_odd: &[Option<bool>]) -> Confusion {
    assert_eq!(scores.len(), is_odd.len(), "each score has a label");
    let mut confusion = Confusion::default();
    for (&score, is_odd) in scores.iter().zip(is_odd) {
        let Some(is_odd) = *is_odd else { continue };
        let count = match (is_odd, score > value) {
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
    fn odd_share_flags_just_so_many() {
        let scores: Vec<f64> = (0..40).map(|i| f64::from(i * 7 % 40)).collect();
        for (share, count) in [(0.0, 0), (0.05, 2), (0.5, 20), (1.0, 40)] {
            assert_eq!(flagged(ThresholdRule::Contamination(share), &scores), count);
        }
    }

    #[test]
    fn odd_share_does_not_part_equal_scores() {
        let scores = [3.0, 2.0, 2.0, 2.0, 2.0, 1.0];
        assert_eq!(flagged(ThresholdRule::Contamination(2.0 / 6.0), &scores), 1);
        assert_eq!(flagged(ThresholdRule::Contamination(4.0 / 6.0), &scores), 5);
        assert_eq!(flagged(ThresholdRule::Contamination(0.3), &[1.0; 10]), 0);
        assert_eq!(flagged(ThresholdRule::Contamination(0.8), &[1.0; 10]), 10);
    }

    #[test]
    fn scores_next_to_each_other_and_infinite_ones_can_be_cut() {
        assert_eq!(flagged(ThresholdRule::Contamination(0.5), &[1.0, 1.0_f64.next_up()]), 1);
        assert_eq!(flagged(ThresholdRule::Contamination(0.5), &[1.0, f64::INFINITY]), 1);
        assert_eq!(flagged(ThresholdRule::Quantile(0.5), &[f64::INFINITY; 4]), 0);
    }

    #[test]
    fn false_alarms_are_no_more_than_asked() {
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
        is_odd: Vec<bool>,
        quantiles: Vec<[f64; 2]>,
        best_f1: f64,
    }

    #[test]
    fn quantiles_are_numpys_and_the_best_f1_is_scikit_learns() {
        let reference: Reference =
            serde_json::from_str(include_str!("../../tests/reference/scoring.json")).expect("the reference is JSON");
        for Case { scores, is_odd, quantiles, best_f1 } in reference.thresholds {
            for [share, expected] in quantiles {
                let report = threshold(ThresholdRule::Quantile(share), &scores, None, &[]).expect("a sound rule");
                assert!((report.value - expected).abs() < 1e-9, "{} is not {expected}", report.value);
            }
            let labels: Vec<Option<bool>> = is_odd.into_iter().map(Some).collect();
            let report = threshold(ThresholdRule::BestF1, &scores, Some(&labels), &[]).expect("a sound rule");
            assert!((report.f1.expect("there are odd rows") - best_f1).abs() < 1e-12);
        }
    }

    #[test]
    fn only_measured_rows_count_as_right_or_wrong() {
        let labels = [Some(true), None, Some(false), Some(true), Some(false)];
        let report = threshold(ThresholdRule::Score(2.5), &[3.0, 4.0, 5.0, 1.0, 2.0], Some(&labels), &[]);
        let report = report.expect("a sound rule");
        assert_eq!((report.flagged, report.quantile), (3, 0.4));
        let expected = Confusion { true_positives: 1, false_positives: 1, true_negatives: 1, false_negatives: 1 };
        assert_eq!(report.confusion, Some(expected));
        assert_eq!((report.precision, report.recall, report.f1), (Some(0.5), Some(0.5), Some(0.5)));
    }

    #[test]
    fn rules_say_what_they_lack() {
        let lacks = |rule, labels: Option<&[Option<bool>]>| threshold(rule, &[1.0, 2.0], labels, &[]).err();
        assert_eq!(lacks(ThresholdRule::BestF1, None), Some(ScoringError::NoLabels));
        assert_eq!(lacks(ThresholdRule::BestF1, Some(&[Some(false), None])), Some(ScoringError::NoOddRows));
        assert_eq!(lacks(ThresholdRule::FalseAlarms(0.1), None), Some(ScoringError::NoHeldOutRows));
        assert!(matches!(lacks(ThresholdRule::Quantile(1.2), None), Some(ScoringError::Share { .. })));
        assert!(matches!(lacks(ThresholdRule::Contamination(f64::NAN), None), Some(ScoringError::Share { .. })));
        let nan = threshold(ThresholdRule::Quantile(0.5), &[1.0, f64::NAN], None, &[]);
        assert!(nan.is_err_and(|error| error.to_string().starts_with("The score of row 2 is not a number")));
    }
}
