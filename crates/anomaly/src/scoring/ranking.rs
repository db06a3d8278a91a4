//! AUROC, average precision, and their curves.

use pinhole_numerics::ranking::{OperatingPoint, area_under_roc, operating_points};
use pinhole_protocol::table::{CurvePoint, Measures};

use super::{MeasuredLabels, bootstrap::ranking_intervals};

/// Most points of a curve.
pub const CURVE_POINTS: usize = 200;

/// Measures of a ranking with labels.
///
/// - AUROC: probability that an anomaly is ranked above a normal row, ties counting half (Mann and Whitney 1947).
/// - Average precision: sum over the operating points of (R_n - R_(n-1)) P_n, with recall R and precision P, as
///   scikit-learn's `average_precision_score` with the labels' weights; rows of equal score are one point.
/// - Their intervals, by a bootstrap.
///
/// The curves have the points of scikit-learn's `roc_curve(drop_intermediate=False)` and, from recall 0,
/// `precision_recall_curve`, simplified to [`CURVE_POINTS`] that keep ends and corners. O(n log n).
///
/// `None` if there is nothing to measure: labels of one kind only, or a score that is NaN.
///
/// # Panics
/// When the number of labels is not that of scores.
pub fn measures(scores: &[f64], labels: MeasuredLabels) -> Option<Measures> {
    let points = operating_points(labels.measured(scores)?);
    let auroc = area_under_roc(&points)?;
    let &OperatingPoint { true_positives: anomalous_rows, false_positives: normal_rows, .. } = points.last()?;
    let weight = labels.normal_weight;
    let [auroc_interval, average_precision_interval] = ranking_intervals(&points, weight);
    Some(Measures {
        auroc,
        auroc_interval,
        average_precision: average_precision(&points, anomalous_rows, weight),
        average_precision_interval,
        anomalous_rows,
        normal_rows,
        table_normal_rows: labels.in_table(normal_rows),
        roc: simplified(&roc(&points, anomalous_rows, normal_rows)),
        precision_recall: simplified(&precision_recall(&points, anomalous_rows, weight)),
    })
}

/// AUROC and average precision alone, as [`measures`] has them.
///
/// # Panics
/// When the number of labels is not that of scores.
pub fn auroc_and_average_precision(scores: &[f64], labels: MeasuredLabels) -> Option<[f64; 2]> {
    let points = operating_points(labels.measured(scores)?);
    let auroc = area_under_roc(&points)?;
    let anomalous_rows = points.last()?.true_positives;
    Some([auroc, average_precision(&points, anomalous_rows, labels.normal_weight)])
}

/// AUROC of values whose order alone tells anomalies from normal rows, whichever end is anomalous, .5 to 1; `None` with
/// rows of one kind only. No value may be NaN.
pub fn separation(values: impl Iterator<Item = (f64, bool)>) -> Option<f64> {
    let auroc = area_under_roc(&operating_points(values))?;
    Some(auroc.max(1.0 - auroc))
}

pub(super) fn average_precision(points: &[OperatingPoint], anomalous_rows: u64, normal_weight: f64) -> f64 {
    let mut before = 0;
    let sum: f64 = points
        .iter()
        .filter(|point| point.true_positives > 0)
        .map(|point| {
            let step = point.true_positives - std::mem::replace(&mut before, point.true_positives);
            step as f64 * point.precision(normal_weight)
        })
        .sum();
    sum / anomalous_rows as f64
}

fn roc(points: &[OperatingPoint], anomalous_rows: u64, normal_rows: u64) -> Vec<CurvePoint> {
    let points = points.iter().map(|point| CurvePoint {
        x: point.false_positives as f64 / normal_rows as f64,
        y: point.true_positives as f64 / anomalous_rows as f64,
    });
    std::iter::once(CurvePoint { x: 0.0, y: 0.0 }).chain(points).collect()
}

fn precision_recall(points: &[OperatingPoint], anomalous_rows: u64, normal_weight: f64) -> Vec<CurvePoint> {
    let points = points.iter().map(|point| CurvePoint {
        x: point.true_positives as f64 / anomalous_rows as f64,
        y: point.precision(normal_weight),
    });
    std::iter::once(CurvePoint { x: 0.0, y: 1.0 }).chain(points).collect()
}

/// A stretch of a curve, and its point that is farthest from the straight line between its ends.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    first: usize,
    last: usize,
    worst: usize,
    distance: f64,
}

impl Stretch {
    fn new(points: &[CurvePoint], first: usize, last: usize) -> Self {
        let (start, end) = (points[first], points[last]);
        let (dx, dy) = (end.x - start.x, end.y - start.y);
        let length = dx.hypot(dy).max(f64::MIN_POSITIVE);
        let mut stretch = Self { first, last, worst: first, distance: 0.0 };
        for (offset, point) in points[first..=last].iter().enumerate() {
            let distance = ((point.x - start.x) * dy - (point.y - start.y) * dx).abs() / length;
            if distance > stretch.distance {
                (stretch.worst, stretch.distance) = (first + offset, distance);
            }
        }
        stretch
    }
}

/// The curve with at most [`CURVE_POINTS`] points: the ends, then repeatedly the point that is farthest from the lines
/// so far (Douglas and Peucker 1973, stopped by number).
fn simplified(points: &[CurvePoint]) -> Vec<CurvePoint> {
    if points.len() <= CURVE_POINTS {
        return points.to_vec();
    }
    let mut stretches = vec![Stretch::new(points, 0, points.len() - 1)];
    while stretches.len() < CURVE_POINTS - 1 {
        let Some(widest) =
            (0..stretches.len()).max_by(|&a, &b| stretches[a].distance.total_cmp(&stretches[b].distance))
        else {
            break;
        };
        let Stretch { first, last, worst, distance } = stretches[widest];
        if distance == 0.0 {
            break;
        }
        stretches[widest] = Stretch::new(points, first, worst);
        stretches.push(Stretch::new(points, worst, last));
    }
    let mut kept: Vec<usize> = stretches.iter().map(|stretch| stretch.last).collect();
    kept.sort_unstable();
    std::iter::once(0).chain(kept).map(|index| points[index]).collect()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Case {
        scores: Vec<f64>,
        is_anomalous: Vec<bool>,
        auroc: f64,
        average_precision: f64,
        roc: Vec<[f64; 2]>,
        precision_recall: Vec<[f64; 2]>,
    }

    #[derive(Deserialize)]
    struct Reference {
        rankings: Vec<Case>,
    }

    fn measured(scores: &[f64], is_anomalous: &[bool]) -> Option<Measures> {
        let labels: Vec<Option<bool>> = is_anomalous.iter().copied().map(Some).collect();
        measures(scores, MeasuredLabels::of_all(&labels))
    }

    fn assert_same_curve(curve: &[CurvePoint], expected: &[[f64; 2]]) {
        assert_eq!(curve.len(), expected.len());
        for (point, [x, y]) in curve.iter().zip(expected) {
            assert!((point.x - x).abs() < 1e-12 && (point.y - y).abs() < 1e-12, "{point:?} is not ({x}, {y})");
        }
    }

    #[test]
    fn rankings_measure_as_in_scikit_learn() {
        let reference: Reference =
            serde_json::from_str(include_str!("../../tests/reference/scoring.json")).expect("the reference is JSON");
        assert!(reference.rankings.len() >= 6);
        for case in reference.rankings {
            let found = measured(&case.scores, &case.is_anomalous).expect("both kinds of rows");
            assert!((found.auroc - case.auroc).abs() < 1e-9, "{} is not {}", found.auroc, case.auroc);
            assert!((found.average_precision - case.average_precision).abs() < 1e-9);
            assert_same_curve(&found.roc, &case.roc);
            assert_same_curve(&found.precision_recall, &case.precision_recall);
        }
    }

    #[test]
    fn held_out_rows_stand_for_all_normal_ones() {
        // Every normal row of the table, and one in three of them, each of which counts three times.
        let scores = [9.0, 8.0, 8.0, 8.0, 7.0, 5.0, 5.0, 5.0, 4.0, 3.0, 3.0, 3.0];
        let all = [true, false, false, false, true, false, false, false, true, false, false, false].map(Some);
        let mut held_out = all;
        for row in [2, 3, 5, 6, 9, 10] {
            held_out[row] = None;
        }
        let expected = measures(&scores, MeasuredLabels::of_all(&all)).expect("both kinds");
        let found = measures(&scores, MeasuredLabels { is_anomalous: &held_out, normal_weight: 3.0 }).expect("both");
        assert!((found.auroc - expected.auroc).abs() < 1e-12);
        assert!((found.average_precision - expected.average_precision).abs() < 1e-12);
        assert_eq!(found.precision_recall, expected.precision_recall);
        assert_eq!((found.normal_rows, found.table_normal_rows, expected.table_normal_rows), (3, 9, 9));
    }

    #[test]
    fn one_kind_of_rows_measures_nothing() {
        assert_eq!(measured(&[], &[]), None);
        assert_eq!(measured(&[1.0, 2.0], &[true, true]), None);
        assert_eq!(measured(&[1.0, 2.0], &[false, false]), None);
    }

    #[test]
    fn scores_that_are_nan_measure_nothing() {
        assert_eq!(measured(&[1.0, f64::NAN], &[true, false]), None);
    }

    #[test]
    fn infinite_scores_rank_as_the_greatest() {
        let scores = [f64::INFINITY, 1.0, f64::NEG_INFINITY, f64::INFINITY];
        let found = measured(&scores, &[true, false, false, false]).expect("both kinds of rows");
        assert!((found.auroc - 2.5 / 3.0).abs() < 1e-15);
    }

    #[test]
    fn simplifying_keeps_ends_and_area() {
        let count = 200_000_u64;
        let is_anomalous: Vec<bool> = (0..count).map(|i| i.wrapping_mul(2_654_435_761) % 97 < 11).collect();
        let scores: Vec<f64> = (0..count)
            .map(|i| (i.wrapping_mul(40_503) % 65_537) as f64 + if is_anomalous[i as usize] { 20_000.0 } else { 0.0 })
            .collect();
        let found = measured(&scores, &is_anomalous).expect("both kinds of rows");
        for curve in [&found.roc, &found.precision_recall] {
            assert!(curve.len() <= CURVE_POINTS);
            assert!(curve.is_sorted_by(|a, b| a.x <= b.x));
        }
        assert_eq!(found.roc.first(), Some(&CurvePoint { x: 0.0, y: 0.0 }));
        assert_eq!(found.roc.last(), Some(&CurvePoint { x: 1.0, y: 1.0 }));
        let area: f64 = found.roc.windows(2).map(|pair| (pair[1].x - pair[0].x) * (pair[0].y + pair[1].y) / 2.0).sum();
        assert!((area - found.auroc).abs() < 1e-4, "{area} is not {}", found.auroc);
    }
}
