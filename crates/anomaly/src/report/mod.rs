//! Report on a scored table: one HTML file without scripts or references to other files.

mod chart;
mod text;

use std::fmt::Write as _;

use pinhole_protocol::table::{
    ColumnErrors, DetectorSummary, DriftReport, ErrorCosts, Interval, LinearVerdict, Measures, MethodResult, Repeats,
    ScoredFile, ScoredRow, ThresholdReport, ThresholdRule,
};

use text::{escaped, number, percent};

use crate::text::integer;

/// Most flagged rows listed.
pub const REPORT_ROWS: usize = 50;
/// Most columns listed.
const REPORT_COLUMNS: usize = 50;
/// Most characters of a cell.
const CELL_CHARACTERS: usize = 80;

/// Contents of a report.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The scored table.
    pub file: &'a ScoredFile,
    /// The detector that scored it.
    pub detector: &'a DetectorSummary,
    /// Errors by column at the current threshold, those with the greatest share in the flagged rows' error first.
    pub columns: &'a [ColumnErrors],
    /// Rows with the greatest scores; the first [`REPORT_ROWS`] are listed.
    pub rows: &'a [ScoredRow],
    /// Detector and baselines on the same rows, if they were compared.
    pub methods: &'a [MethodResult],
    /// Verdict if a linear method is enough, likewise.
    pub verdict: Option<&'a LinearVerdict>,
}

/// Report as HTML, well-formed as XML too. All text from files is escaped; characters that are invisible or change the
/// direction of text are written as their code point.
pub fn html(report: &Report) -> String {
    let Report { file, detector, columns, rows, methods, verdict } = report;
    let title = format!("Anomalies in {}", escaped(&file.name));
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n\
         <meta name=\"viewport\" content=\"width=device-width\" />\n<title>{title}</title>\n<style>\n{}</style>\n</head>\n\
         <body>\n<h1>{title}</h1>\n",
        include_str!("report.css")
    );
    column_notes(&mut page, &file.column_notes);
    overview(&mut page, file, detector);
    warnings(&mut page, &file.summary.warnings, &detector.warnings);
    let _ = writeln!(page, "<h2>Scores</h2>\n{}", chart::histogram(&file.summary.histogram, file.threshold.value));
    threshold(&mut page, &file.threshold);
    if let Some(measures) = &file.summary.measures {
        measured(&mut page, measures, file.summary.counted_rows.as_deref());
    } else if let Some(reason) = &file.summary.measures_missing {
        let _ = writeln!(page, "<p>{}</p>", escaped(reason));
    }
    if !methods.is_empty() {
        compared(&mut page, methods, *verdict);
    }
    columns_behind(&mut page, columns);
    flagged_rows(&mut page, file, rows);
    if let Some(drift) = &file.drift {
        drifted(&mut page, drift);
    }
    page.push_str("<footer>Made by Pinhole on this computer; the table never left it.</footer>\n</body>\n</html>\n");
    page
}

/// Appends a list of names and values; the values are HTML.
fn definitions(page: &mut String, definitions: &[(&str, String)]) {
    page.push_str("<dl>\n");
    for (name, value) in definitions {
        let _ = writeln!(page, "<div><dt>{name}</dt><dd>{value}</dd></div>");
    }
    page.push_str("</dl>\n");
}

/// Appends a table; `headers` and cells are HTML. `class` is `figures` (numbers but for the first column) or `rows`.
fn table(page: &mut String, class: &str, headers: &[String], rows: impl Iterator<Item = Vec<String>>) {
    let _ = write!(page, "<div class=\"scroll\"><table class=\"{class}\">\n<thead><tr>");
    for header in headers {
        let _ = write!(page, "<th scope=\"col\">{header}</th>");
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        page.push_str("<tr>");
        for cell in row {
            let _ = write!(page, "<td>{cell}</td>");
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table></div>\n");
}

fn names(headers: &[&str]) -> Vec<String> {
    headers.iter().map(|&header| header.to_owned()).collect()
}

fn column_notes(page: &mut String, notes: &[String]) {
    if notes.is_empty() {
        return;
    }
    page.push_str("<h2>Columns that differ from training</h2>\n<ul class=\"warnings\">\n");
    for note in notes {
        let _ = writeln!(page, "<li>{}</li>", escaped(note));
    }
    page.push_str("</ul>\n");
}

fn overview(page: &mut String, file: &ScoredFile, detector: &DetectorSummary) {
    definitions(
        page,
        &[
            ("Rows", integer(file.summary.rows)),
            ("Flagged rows", integer(file.threshold.flagged)),
            ("Detector", format!("{}, {}", detector.method.label(), escaped(&detector.name))),
            ("Made of", escaped(&detector.description)),
            ("Trained on", format!("{} rows in {:.1} s", integer(detector.trained_rows), detector.elapsed_s)),
            ("Columns read", integer(detector.columns.len() as u64)),
        ],
    );
}

fn warnings(page: &mut String, of_scores: &[String], of_detector: &[String]) {
    if of_scores.is_empty() && of_detector.is_empty() {
        return;
    }
    page.push_str("<h2>Warnings</h2>\n<ul class=\"warnings\">\n");
    for warning in of_scores.iter().chain(of_detector) {
        let _ = writeln!(page, "<li>{}</li>", escaped(warning));
    }
    page.push_str("</ul>\n");
}

fn rule_description(rule: ThresholdRule) -> String {
    match rule {
        ThresholdRule::Score(_) => "a fixed score".into(),
        ThresholdRule::Quantile(share) => format!("at the {} quantile of the scores", number(share)),
        ThresholdRule::Contamination(share) => format!("so that {} of the rows are flagged", percent(share)),
        ThresholdRule::FalseAlarms(share) => {
            format!("so that {} of held-out normal rows are flagged", percent(share))
        }
        ThresholdRule::BestF1 => "at the best F1".into(),
        ThresholdRule::Capacity(rows) => format!("so that at most {} rows of each file are flagged", integer(rows)),
        ThresholdRule::Cost(ErrorCosts { missed, false_alarm }) => format!(
            "at the least cost, where a missed anomaly costs {} and a false alarm {}",
            number(missed),
            number(false_alarm)
        ),
    }
}

fn threshold(page: &mut String, threshold: &ThresholdReport) {
    let mut list = vec![
        ("Threshold", format!("{}, {}", number(threshold.value), rule_description(threshold.rule))),
        ("Alerts to expect", escaped(&threshold.alerts)),
    ];
    if threshold.confusion.is_some() {
        list.extend([
            ("Precision", with_interval(threshold.precision, threshold.precision_interval)),
            ("Recall", with_interval(threshold.recall, threshold.recall_interval)),
            ("F1", with_interval(threshold.f1, None)),
        ]);
    }
    definitions(page, &list);
    if let Some(confusion) = threshold.confusion {
        let row = |name: &str, flagged, not_flagged| vec![name.to_owned(), integer(flagged), integer(not_flagged)];
        let rows = [
            row("Anomaly", confusion.true_positives, confusion.false_negatives),
            row("Normal", confusion.false_positives, confusion.true_negatives),
        ];
        table(page, "figures", &names(&["Label", "Flagged", "Not flagged"]), rows.into_iter());
    }
}

/// A measure, and its interval if there is one; a dash without a measure.
fn with_interval(value: Option<f64>, interval: Option<Interval>) -> String {
    match (value, interval) {
        (None, _) => "–".into(),
        (Some(value), None) => number(value),
        (Some(value), Some(Interval { low, high })) => {
            format!("{} ({} to {})", number(value), number(low), number(high))
        }
    }
}

fn measured(page: &mut String, measures: &Measures, counted_rows: Option<&str>) {
    page.push_str("<h2>Measures</h2>\n");
    if let Some(counted_rows) = counted_rows {
        let _ = writeln!(page, "<p>{} In brackets: intervals of 95 %.</p>", escaped(counted_rows));
    }
    definitions(
        page,
        &[
            ("AUROC", with_interval(Some(measures.auroc), Some(measures.auroc_interval))),
            (
                "Average precision",
                with_interval(Some(measures.average_precision), Some(measures.average_precision_interval)),
            ),
            ("Anomalies measured", integer(measures.anomalous_rows)),
            ("Normal rows measured", integer(measures.normal_rows)),
        ],
    );
    let _ = writeln!(
        page,
        "<div class=\"charts\">\n{}\n{}\n</div>",
        chart::curve("ROC", "False-positive rate", "True-positive rate", &measures.roc),
        chart::curve("Precision and recall", "Recall", "Precision", &measures.precision_recall)
    );
}

fn compared(page: &mut String, methods: &[MethodResult], verdict: Option<&LinearVerdict>) {
    page.push_str("<h2>Baselines compared</h2>\n");
    if let Some(verdict) = verdict {
        let _ = writeln!(page, "<p>{}</p>", escaped(&verdict.sentence));
    }
    if methods.iter().any(|method| method.repeats > 1) {
        page.push_str("<p>Means over repeats with other seeds, with the least and the greatest.</p>\n");
    }
    let repeated = |figure: Option<Repeats>| match figure {
        None => "–".into(),
        Some(Repeats { mean, min, max }) if min < max => {
            format!("{} ({} to {})", number(mean), number(min), number(max))
        }
        Some(Repeats { mean, .. }) => number(mean),
    };
    let rows = methods.iter().map(|method| {
        vec![
            escaped(&method.name),
            repeated(method.auroc),
            repeated(method.average_precision),
            number(method.rank_correlation),
            percent(method.top_overlap),
        ]
    });
    let headers = ["Method", "AUROC", "Average precision", "Rank correlation", "Same top twentieth"];
    table(page, "figures", &names(&headers), rows);
}

fn columns_behind(page: &mut String, columns: &[ColumnErrors]) {
    if columns.is_empty() {
        return;
    }
    page.push_str("<h2>Columns behind the anomalies</h2>\n");
    let rows = columns.iter().take(REPORT_COLUMNS).map(|column| {
        vec![
            escaped(&column.name),
            chart::bar(column.share_of_flagged),
            percent(column.share_of_flagged),
            percent(column.share),
        ]
    });
    let headers = ["Column", "", "Share of the flagged rows’ scores", "Share of all rows’ scores"];
    table(page, "figures", &names(&headers), rows);
    if columns.len() > REPORT_COLUMNS {
        let _ = writeln!(page, "<p>{} more columns are not listed.</p>", columns.len() - REPORT_COLUMNS);
    }
}

fn flagged_rows(page: &mut String, file: &ScoredFile, rows: &[ScoredRow]) {
    let flagged: Vec<&ScoredRow> = rows.iter().filter(|row| row.is_flagged).take(REPORT_ROWS).collect();
    page.push_str("<h2>Flagged rows</h2>\n");
    if flagged.is_empty() {
        page.push_str("<p>No row lies above the threshold.</p>\n");
        return;
    }
    let shown = integer(flagged.len() as u64);
    let _ = writeln!(page, "<p>The {shown} with the greatest scores, of {}.</p>", integer(file.threshold.flagged));
    let headers: Vec<String> = ["Row", "Score", "Top columns"]
        .map(str::to_owned)
        .into_iter()
        .chain(file.columns.iter().map(|name| escaped(name)))
        .collect();
    let rows = flagged.into_iter().map(|row| {
        let top: Vec<String> = row
            .top_columns
            .iter()
            .map(|column| format!("{} {}", escaped(&column.column), percent(column.share)))
            .collect();
        [integer(row.row), number(row.score), top.join("<br />")]
            .into_iter()
            .chain(row.cells.iter().map(|cell| text::clipped(cell, CELL_CHARACTERS)))
            .collect()
    });
    table(page, "rows", &headers, rows);
}

fn drifted(page: &mut String, drift: &DriftReport) {
    page.push_str("<h2>Drift against the training table</h2>\n");
    let rows = std::iter::once(&drift.scores).chain(drift.columns.iter().take(REPORT_COLUMNS)).map(|column| {
        vec![
            escaped(&column.name),
            column.shift_text(),
            number(column.population_stability_index),
            number(column.kolmogorov_smirnov),
            percent(column.missing_before),
            percent(column.missing_now),
            integer(column.unknown),
        ]
    });
    let headers = [
        "Column",
        "Shift",
        "Population stability index",
        "Kolmogorov-Smirnov",
        "Missing before",
        "Missing now",
        "Unknown categories",
    ];
    table(page, "figures", &names(&headers), rows);
    page.push_str(
        "<p>An index below 0.1 means stable, above 0.25 a large shift. A shift is called one only if index and \
         Kolmogorov-Smirnov statistic agree, and the rows are enough to tell it from chance. Dates are not compared.</p>\n",
    );
}

#[cfg(test)]
mod tests;
