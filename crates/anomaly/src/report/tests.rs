//! A report of a table with hostile names.

use pinhole_protocol::table::{ColumnDrift, Method, Repeats, ScoreSummary, ShiftSize, TopColumn};

use super::*;
use crate::scoring::{self, MeasuredLabels};

const HOSTILE: &str = "<script>alert('1')</script>\u{202e}\u{200b}";

fn written() -> String {
    let scores: Vec<f64> =
        (0..2000).map(|i| if i % 50 == 0 { 5.0 + f64::from(i) / 40.0 } else { f64::from(i % 97) / 97.0 }).collect();
    let is_anomalous: Vec<bool> = (0..2000).map(|i| i % 50 == 0 || i % 333 == 1).collect();
    let labels: Vec<Option<bool>> = is_anomalous.iter().copied().map(Some).collect();
    let mut sums = scoring::ColumnErrorSums::new(2);
    sums.add(&[3.0, 1.0], true);
    let columns = sums.finish(&[HOSTILE.into(), "amount".into()]);
    let drift = ColumnDrift {
        name: HOSTILE.into(),
        population_stability_index: 0.3,
        kolmogorov_smirnov: 0.2,
        missing_now: 0.1,
        unknown: 3,
        values_shift: ShiftSize::Some,
        missing_shift: ShiftSize::Large,
        ..ColumnDrift::default()
    };
    let file = ScoredFile {
        name: HOSTILE.into(),
        has_own_format: true,
        columns: vec![HOSTILE.into(), "amount".into()],
        summary: ScoreSummary {
            rows: 2000,
            histogram: scoring::histogram(&scores, Some(&labels)),
            measures: scoring::measures(&scores, MeasuredLabels::of_all(&labels)),
            counted_rows: Some(HOSTILE.into()),
            measures_missing: None,
            columns: columns.clone(),
            warnings: vec![HOSTILE.into()],
        },
        threshold: scoring::threshold(ThresholdRule::BestF1, &scores, Some(MeasuredLabels::of_all(&labels)), &[])
            .expect("labels of both kinds"),
        column_notes: vec![HOSTILE.into()],
        drift: Some(scoring::drift_report(drift.clone(), vec![drift])),
    };
    let detector = DetectorSummary {
        name: HOSTILE.into(),
        method: Method::Autoencoder,
        columns: file.columns.clone(),
        features: 2,
        trained_rows: 1400,
        description: "2-128-64-128-2, dropout 0.2".into(),
        elapsed_s: 3.2,
        replay_rows: 0,
        warnings: vec![HOSTILE.into()],
    };
    let row = ScoredRow {
        row: 51,
        score: 6.25,
        percentile: 99.0,
        is_flagged: true,
        is_anomalous: Some(true),
        top_columns: vec![TopColumn { column: HOSTILE.into(), share: 0.75 }],
        cells: vec![HOSTILE.into(), "12".into()],
    };
    let method = MethodResult {
        name: HOSTILE.into(),
        repeats: 3,
        auroc: Repeats::of(&[0.96, 0.98]),
        average_precision: None,
        rank_correlation: 0.9,
        top_overlap: 0.8,
        elapsed_s: 0.1,
    };
    let verdict = LinearVerdict { is_enough: false, sentence: HOSTILE.into() };
    html(&Report {
        file: &file,
        detector: &detector,
        columns: &columns,
        rows: &vec![row; 60],
        methods: &[method],
        verdict: Some(&verdict),
    })
}

/// True if every element that begins ends, in order, and nothing else stands between `<` and `>`.
fn is_well_formed(html: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let body = html.strip_prefix("<!DOCTYPE html>").expect("the document type comes first");
    for piece in body.split('<').skip(1) {
        let Some((tag, _)) = piece.split_once('>') else { return false };
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap_or_default();
        match (tag.starts_with('/'), tag.ends_with('/')) {
            (true, _) if open.pop() != Some(name) => return false,
            (false, false) => open.push(name),
            _ => {}
        }
    }
    open.is_empty()
}

#[test]
fn names_from_files_stay_text() {
    let page = written();
    assert!(!page.contains("<script") && !page.contains('\u{202e}') && !page.contains('\u{200b}'));
    assert!(page.contains("&lt;script&gt;") && page.contains("U+202E"));
}

#[test]
fn columns_that_differ_stand_above_all_results() {
    let page = written();
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} in the report"));
    assert!(place("Columns that differ from training") < place("Flagged rows"));
    assert!(page.contains("large shift: missing cells"));
}

#[test]
fn the_report_is_well_formed_and_refers_to_no_other_file() {
    let page = written();
    assert!(is_well_formed(&page));
    for outside in ["http:", "https:", "src=", "href=", "url(", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn fifty_rows_are_listed() {
    assert_eq!(written().matches("<td>51</td>").count(), REPORT_ROWS);
}
