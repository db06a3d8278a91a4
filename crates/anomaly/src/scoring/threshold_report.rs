//! Effect of a threshold on a table's rows.

use pinhole_protocol::table::{Confusion, ThresholdReport, ThresholdRule};

use super::{MeasuredLabels, bootstrap::threshold_intervals};
use crate::text::integer;

/// Report on the threshold `value`, chosen by `rule`.
pub(super) fn report(
    rule: ThresholdRule,
    value: f64,
    scores: &[f64],
    labels: Option<MeasuredLabels>,
) -> ThresholdReport {
    let rows = scores.len() as u64;
    let flagged = scores.iter().filter(|&&score| score > value).count() as u64;
    let bare = ThresholdReport {
        rule,
        value,
        quantile: (rows - flagged) as f64 / rows.max(1) as f64,
        flagged,
        confusion: None,
        precision: None,
        recall: None,
        f1: None,
        precision_interval: None,
        recall_interval: None,
        alerts: alerts(rule, flagged, flagged, rows),
    };
    let Some(labels) = labels else { return bare };
    let measured = confusion(value, scores, labels.is_anomalous);
    let weight = labels.normal_weight;
    let Confusion { true_positives, false_positives, false_negatives, true_negatives } = measured;
    let has_normal = false_positives + true_negatives > 0;
    let alarms = weight * false_positives as f64;
    let found = true_positives as f64;
    let anomalous = (true_positives + false_negatives) as f64;
    let ratio = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
    let [precision_interval, recall_interval] = threshold_intervals(measured, weight);
    let in_table = in_table(measured, labels);
    let expected = if weight > 1.0 { expected_alerts(in_table, rows) } else { flagged };
    ThresholdReport {
        confusion: Some(in_table),
        // Without normal rows to tell false alarms by, anomalies alone would make it 1.
        precision: if has_normal { ratio(found, found + alarms) } else { None },
        recall: ratio(found, anomalous),
        // Without anomalies, F1 is undefined.
        f1: if anomalous > 0.0 && has_normal { ratio(2.0 * found, found + alarms + anomalous) } else { None },
        precision_interval: precision_interval.filter(|_| has_normal),
        recall_interval,
        alerts: alerts(rule, flagged, expected, rows),
        ..bare
    }
}

/// Counts of the measured rows.
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

/// Counts of the rows for which the measured ones stand; the normal ones add up to those of the table.
fn in_table(measured: Confusion, labels: MeasuredLabels) -> Confusion {
    let normal_rows = labels.in_table(measured.false_positives + measured.true_negatives);
    let false_positives = labels.in_table(measured.false_positives).min(normal_rows);
    Confusion { false_positives, true_negatives: normal_rows - false_positives, ..measured }
}

/// Rows above the threshold in another file of so many rows, by the shares of the labelled ones. Rows that trained have
/// lower scores than new ones, so that those held out tell how many normal rows of a file are flagged.
fn expected_alerts(
    Confusion { true_positives, false_positives, true_negatives, false_negatives }: Confusion,
    rows: u64,
) -> u64 {
    let labelled = true_positives + false_positives + true_negatives + false_negatives;
    let share = (true_positives + false_positives) as f64 / labelled.max(1) as f64;
    (share * rows as f64).round() as u64
}

fn alerts(rule: ThresholdRule, flagged: u64, expected: u64, rows: u64) -> String {
    match rule {
        ThresholdRule::Capacity(capacity) => format!(
            "At most {} rows of each file, those with the highest scores: here {} of {}{}.",
            integer(capacity),
            integer(flagged),
            integer(rows),
            if flagged < capacity.min(rows) { ", as rows of equal scores stay together" } else { "" }
        ),
        _ => format!("About {} of {} rows per file like this one.", integer(expected), integer(rows)),
    }
}
