//! Test fixtures of this lab: a small table, its detector and its scores.

use pinhole_protocol::table::{
    ColumnKind, ColumnSummary, DetectorSummary, Dialect, Histogram, LabelGuess, LabelValue, Method, ScoreSummary,
    ScoredFile, TablePreview, TableSummary, ThresholdReport, ThresholdRule, UnmatchedColumns,
};

fn column(name: &str, kind: ColumnKind, aside: Option<&str>) -> ColumnSummary {
    ColumnSummary {
        name: name.into(),
        kind,
        exclusion_reason: aside.map(str::to_owned),
        distinct: 2,
        ..ColumnSummary::default()
    }
}

/// Preview of the table.
pub fn preview(name: &str) -> TablePreview {
    TablePreview {
        name: name.into(),
        size_bytes: 12,
        is_gzip: false,
        origin: None,
        dialect: Dialect::default(),
        columns: summary().columns,
        rows: vec![vec!["1".into(), "2.5".into(), "ok".into()]],
        warnings: Vec::new(),
    }
}

/// Summary of the table: 40 rows, 2 of them labelled as anomalies.
pub fn summary() -> TableSummary {
    TableSummary {
        dialect: Dialect::default(),
        rows: 40,
        columns: vec![
            column("id", ColumnKind::Identifier, Some("every value is another")),
            column("flow", ColumnKind::Numeric, None),
            column("state", ColumnKind::Categorical, None),
        ],
        label: Some(LabelGuess {
            column: 2,
            anomalous_values: vec!["fault".into()],
            values: vec![LabelValue { value: "ok".into(), rows: 38 }, LabelValue { value: "fault".into(), rows: 2 }],
        }),
        entity: None,
        fillers: Vec::new(),
        warnings: Vec::new(),
        more_warnings: 0,
    }
}

/// A detector trained on the table.
pub fn detector() -> DetectorSummary {
    DetectorSummary {
        name: "pumps.csv".into(),
        method: Method::Autoencoder,
        columns: vec!["flow".into()],
        features: 1,
        trained_rows: 26,
        description: "1-8-1".into(),
        elapsed_s: 0.5,
        replay_rows: 26,
        warnings: Vec::new(),
    }
}

/// Columns of a file that were not matched by their names.
pub fn unmatched_columns() -> UnmatchedColumns {
    UnmatchedColumns { name: "june.csv".into(), missing: vec!["flow".into()], unused: vec!["Durchfluss".into()] }
}

/// Scores of the table by the detector.
pub fn scored(name: &str) -> ScoredFile {
    ScoredFile {
        name: name.into(),
        has_own_format: true,
        columns: vec!["id".into(), "flow".into(), "state".into()],
        summary: ScoreSummary {
            rows: 40,
            histogram: Histogram::default(),
            measures: None,
            counted_rows: None,
            measures_missing: None,
            columns: Vec::new(),
            warnings: Vec::new(),
        },
        threshold: ThresholdReport {
            rule: ThresholdRule::Contamination(0.05),
            value: 1.5,
            quantile: 0.95,
            flagged: 2,
            confusion: None,
            precision: None,
            recall: None,
            f1: None,
            precision_interval: None,
            recall_interval: None,
            alerts: "About 2 of 40 rows per file like this one.".into(),
        },
        column_notes: Vec::new(),
        drift: None,
    }
}
