//! Confidence intervals of 95 % by the percentile bootstrap (Efron and Tibshirani 1993), stratified: anomalies and normal
//! rows are drawn anew apart, each as many as there are.
//!
//! Rows are drawn by their operating points: how often the rows of a point are drawn is multinomial, and normal rows
//! between two anomalies are alike for all measures. So a draw takes time by the number of anomalies, not of rows.

use pinhole_numerics::{
    random::{Stream, generator},
    ranking::{OperatingPoint, area_under_roc},
};
use pinhole_protocol::table::{Confusion, Interval};
use rand::Rng;
use rand_distr::{Binomial, Distribution as _};

use super::{ranking::average_precision, threshold::quantile};

/// Number of draws: the bounds then differ from those of many more by a thirtieth of the interval.
const RESAMPLES: usize = 500;
/// Most points that rows are drawn by: with more anomalies, neighbouring points are one.
const MAX_POINTS: usize = 2_000;
/// Share of the draws beyond each bound.
const TAIL: f64 = 0.025;

/// Rows of one operating point.
#[derive(Clone, Copy, Debug, Default)]
struct Rows {
    anomalous: u64,
    normal: u64,
}

/// Intervals of AUROC and average precision of a ranking with these operating points; each normal row counts
/// `normal_weight` times in the latter.
pub(super) fn ranking_intervals(points: &[OperatingPoint], normal_weight: f64) -> [Interval; 2] {
    let Some(&all) = points.last() else { return [Interval { low: 0.0, high: 1.0 }; 2] };
    let rows = merged(points);
    let measure = |rows: &[Rows]| {
        let points = cumulative(rows);
        [area_under_roc(&points).unwrap_or_default(), average_precision(&points, all.true_positives, normal_weight)]
    };
    let exact =
        [area_under_roc(points).unwrap_or_default(), average_precision(points, all.true_positives, normal_weight)];
    let merging = measure(&rows);
    let mut random = generator(0, Stream::Bootstrap, 0);
    let mut found = [Vec::with_capacity(RESAMPLES), Vec::with_capacity(RESAMPLES)];
    let mut drawn = rows.clone();
    for _ in 0..RESAMPLES {
        draw(&rows, all, &mut random, &mut drawn);
        for (values, value) in found.iter_mut().zip(measure(&drawn)) {
            values.push(value);
        }
    }
    std::array::from_fn(|index| interval(&found[index], exact[index] - merging[index]))
}

/// Intervals of precision and recall at a threshold, of counts of measured rows; `None` where there is no such measure.
pub(super) fn threshold_intervals(measured: Confusion, normal_weight: f64) -> [Option<Interval>; 2] {
    let Confusion { true_positives, false_positives, true_negatives, false_negatives } = measured;
    let (anomalous, normal) = (true_positives + false_negatives, false_positives + true_negatives);
    let mut random = generator(0, Stream::Bootstrap, 1);
    let (mut precisions, mut recalls) = (Vec::new(), Vec::new());
    for _ in 0..RESAMPLES {
        let found = binomial(anomalous, true_positives, anomalous, &mut random);
        let alarms = normal_weight * binomial(normal, false_positives, normal, &mut random) as f64;
        if found as f64 + alarms > 0.0 {
            precisions.push(found as f64 / (found as f64 + alarms));
        }
        if anomalous > 0 {
            recalls.push(found as f64 / anomalous as f64);
        }
    }
    [precisions, recalls].map(|values| (!values.is_empty()).then(|| interval(&values, 0.0)))
}

/// Rows per point, where points without anomalies are one with those beside them, and at most [`MAX_POINTS`] are left.
fn merged(points: &[OperatingPoint]) -> Vec<Rows> {
    let mut rows: Vec<Rows> = Vec::new();
    let mut before = (0, 0);
    for point in points {
        let own = Rows { anomalous: point.true_positives - before.0, normal: point.false_positives - before.1 };
        before = (point.true_positives, point.false_positives);
        match rows.last_mut() {
            Some(last) if last.anomalous == 0 && own.anomalous == 0 => last.normal += own.normal,
            _ => rows.push(own),
        }
    }
    let per_point = rows.len().div_ceil(MAX_POINTS).max(1);
    let sum = |rows: &[Rows]| Rows {
        anomalous: rows.iter().map(|rows| rows.anomalous).sum(),
        normal: rows.iter().map(|rows| rows.normal).sum(),
    };
    rows.chunks(per_point).map(sum).collect()
}

fn cumulative(rows: &[Rows]) -> Vec<OperatingPoint> {
    let mut sum = OperatingPoint { score: f64::NAN, true_positives: 0, false_positives: 0 };
    let add = |rows: &Rows| {
        sum.true_positives += rows.anomalous;
        sum.false_positives += rows.normal;
        sum
    };
    rows.iter().map(add).collect()
}

/// Draws as many anomalies and normal rows as there are, with replacement.
fn draw(rows: &[Rows], all: OperatingPoint, random: &mut impl Rng, drawn: &mut [Rows]) {
    let mut left = Rows { anomalous: all.true_positives, normal: all.false_positives };
    let mut undrawn = left;
    for (drawn, rows) in drawn.iter_mut().zip(rows) {
        drawn.anomalous = binomial(undrawn.anomalous, rows.anomalous, left.anomalous, random);
        drawn.normal = binomial(undrawn.normal, rows.normal, left.normal, random);
        undrawn = Rows { anomalous: undrawn.anomalous - drawn.anomalous, normal: undrawn.normal - drawn.normal };
        left = Rows { anomalous: left.anomalous - rows.anomalous, normal: left.normal - rows.normal };
    }
}

/// Number of `draws` rows, drawn with replacement from `all`, are among `part` of these.
fn binomial(draws: u64, part: u64, all: u64, random: &mut impl Rng) -> u64 {
    match (draws, part) {
        (0, _) | (_, 0) => 0,
        _ if part >= all => draws,
        // The share lies between 0 and 1, so that there is a distribution.
        _ => Binomial::new(draws, part as f64 / all as f64).map_or(0, |binomial| binomial.sample(random)),
    }
}

fn interval(values: &[f64], offset: f64) -> Interval {
    let bound = |share| (quantile(values, share).unwrap_or(f64::NAN) + offset).clamp(0.0, 1.0);
    Interval { low: bound(TAIL), high: bound(1.0 - TAIL) }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::table::{Measures, ThresholdReport, ThresholdRule};
    use serde::Deserialize;

    use super::*;
    use crate::scoring::{MeasuredLabels, measures, threshold};

    #[derive(Deserialize)]
    struct Case {
        scores: Vec<f64>,
        is_anomalous: Vec<bool>,
        normal_weight: f64,
        threshold: f64,
        auroc: [f64; 2],
        average_precision: [f64; 2],
        precision: [f64; 2],
        recall: [f64; 2],
    }

    /// Asserts that an interval is the expected one but for the chance of [`RESAMPLES`] draws.
    fn assert_near(found: Interval, [low, high]: [f64; 2], name: &str) {
        let tolerance = 0.12 * (high - low);
        assert!((found.low - low).abs() < tolerance && (found.high - high).abs() < tolerance, "{name}: {found:?}");
    }

    #[test]
    fn intervals_are_those_of_numpy() {
        let cases: Vec<Case> =
            serde_json::from_str(include_str!("../../tests/reference/bootstrap.json")).expect("the reference is JSON");
        for case in cases {
            let labels: Vec<Option<bool>> = case.is_anomalous.iter().copied().map(Some).collect();
            let labels = MeasuredLabels { is_anomalous: &labels, normal_weight: case.normal_weight };
            let found: Measures = measures(&case.scores, labels).expect("both kinds of rows");
            assert_near(found.auroc_interval, case.auroc, "AUROC");
            assert_near(found.average_precision_interval, case.average_precision, "average precision");
            let rule = ThresholdRule::Score(case.threshold);
            let report: ThresholdReport = threshold(rule, &case.scores, Some(labels), &[]).expect("a sound rule");
            assert_near(report.precision_interval.expect("rows are flagged"), case.precision, "precision");
            assert_near(report.recall_interval.expect("there are anomalies"), case.recall, "recall");
        }
    }

    #[test]
    fn many_anomalies_are_drawn_by_fewer_points() {
        let count = 60_000_u64;
        let is_anomalous: Vec<Option<bool>> = (0..count).map(|i| Some(i % 3 == 0)).collect();
        let scores: Vec<f64> = (0..count)
            .map(|i| (i.wrapping_mul(40_503) % 65_537 + if i % 3 == 0 { 20_000 } else { 0 }) as f64)
            .collect();
        let found = measures(&scores, MeasuredLabels::of_all(&is_anomalous)).expect("both kinds of rows");
        let Interval { low, high } = found.auroc_interval;
        assert!(low < found.auroc && found.auroc < high && high - low < 0.01, "{low} to {high} for {}", found.auroc);
    }

    #[test]
    fn a_perfect_ranking_has_no_width() {
        let labels = [Some(true), Some(true), Some(false), Some(false)];
        let found = measures(&[4.0, 3.0, 2.0, 1.0], MeasuredLabels::of_all(&labels)).expect("both kinds of rows");
        assert_eq!(found.auroc_interval, Interval { low: 1.0, high: 1.0 });
        let none = threshold(ThresholdRule::Score(9.0), &[1.0], Some(MeasuredLabels::of_all(&[Some(false)])), &[]);
        let none = none.expect("a sound rule");
        assert_eq!((none.precision_interval, none.recall_interval), (None, None));
    }
}
