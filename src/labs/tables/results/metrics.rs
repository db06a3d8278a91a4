//! Metrics at the head of the results: flagged rows, AUROC, average precision, precision, recall, F1, confusion table.

use pinhole_protocol::table::{Confusion, Interval, ScoreSummary, ThresholdReport};
use yew::prelude::*;

use crate::{
    components::format::{fixed, grouped},
    glossary::{LinkedTerm, glossary_link},
};

/// The metrics and the confusion table.
pub fn view(summary: &ScoreSummary, report: &ThresholdReport) -> Html {
    let percent = 100.0 * report.flagged as f64 / summary.rows.max(1) as f64;
    let measures = summary.measures.as_ref();
    html! {
        <>
            <div class="metrics">
                { metric("Flagged rows", grouped(report.flagged as usize), Some(format!("{} % of {}", fixed(percent, 2), grouped(summary.rows as usize)))) }
                if let Some(measures) = measures {
                    { metric("AUROC", fixed(measures.auroc, 4), Some(range(measures.auroc_interval))) }
                    { metric("Average precision", fixed(measures.average_precision, 4), Some(range(measures.average_precision_interval))) }
                }
                if report.confusion.is_some() {
                    { metric("Precision", optional(report.precision), report.precision_interval.map(range)) }
                    { metric("Recall", optional(report.recall), report.recall_interval.map(range)) }
                    { metric("F1", optional(report.f1), None) }
                }
            </div>
            if let Some(counted_rows) = &summary.counted_rows {
                <p class="hint">
                    { counted_rows }
                    { " In brackets: " }
                    { glossary_link(LinkedTerm::ConfidenceInterval, "intervals") }
                    { " of 95 %. In the glossary: " }
                    { glossary_link(LinkedTerm::Auroc, "AUROC") }
                    { ", " }
                    { glossary_link(LinkedTerm::AveragePrecision, "average precision") }
                    { "." }
                </p>
            }
            if let Some(reason) = &summary.measures_missing {
                <p class="warning">{ reason }</p>
            }
            { report.confusion.as_ref().map(confusion).unwrap_or_default() }
        </>
    }
}

fn metric(name: &'static str, value: String, about: Option<String>) -> Html {
    html! {
        <div class="metric">
            <span class="field-name" aria-hidden="true">{ name }</span>
            <output aria-label={name}>{ value }</output>
            if let Some(about) = about {
                <span class="hint">{ about }</span>
            }
        </div>
    }
}

/// A share, or a dash where it is undefined, as precision without a flagged row.
fn optional(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| fixed(share, 4))
}

/// An interval in brackets.
fn range(Interval { low, high }: Interval) -> String {
    format!("({} to {})", fixed(low, 3), fixed(high, 3))
}

fn confusion(confusion: &Confusion) -> Html {
    let count = |rows: u64| grouped(rows as usize);
    html! {
        <table class="confusion" aria-label="Confusion table">
            <thead><tr><td></td><th scope="col">{ "Flagged" }</th><th scope="col">{ "Not flagged" }</th></tr></thead>
            <tbody>
                <tr>
                    <th scope="row">{ "Anomaly" }</th>
                    <td class="right">{ count(confusion.true_positives) }</td>
                    <td class="wrong">{ count(confusion.false_negatives) }</td>
                </tr>
                <tr>
                    <th scope="row">{ "Normal" }</th>
                    <td class="wrong">{ count(confusion.false_positives) }</td>
                    <td class="right">{ count(confusion.true_negatives) }</td>
                </tr>
            </tbody>
        </table>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn undefined_shares_are_dashes() {
        assert_eq!([Some(0.5), Some(1.0), None].map(optional), ["0.5000", "1.0000", "–"]);
        assert_eq!(range(Interval { low: 0.8904, high: 0.93 }), "(0.890 to 0.930)");
    }
}
