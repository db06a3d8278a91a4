//! How good the ranking is, and what the threshold does to it, in numbers.

use pinhole_protocol::table::{Confusion, ScoreSummary, ThresholdReport};
use yew::prelude::*;

use crate::components::format::{fixed, grouped};

/// The numbers at the head of the results.
pub fn view(summary: &ScoreSummary, report: &ThresholdReport) -> Html {
    let percent = 100.0 * report.flagged as f64 / summary.rows.max(1) as f64;
    let measures = summary.measures.as_ref();
    html! {
        <>
            <div class="figures">
                { figure("Flagged rows", grouped(report.flagged as usize), Some(format!("{} % of {}", fixed(percent, 2), grouped(summary.rows as usize)))) }
                if let Some(measures) = measures {
                    { figure("AUROC", fixed(measures.auroc, 4), None) }
                    { figure("Average precision", fixed(measures.average_precision, 4), None) }
                }
                if report.confusion.is_some() {
                    { figure("Precision", optional(report.precision), None) }
                    { figure("Recall", optional(report.recall), None) }
                    { figure("F1", optional(report.f1), None) }
                }
            </div>
            if let Some(measures) = measures {
                <p class="hint">
                    { format!("Measured on {} odd and {} normal rows; rows that trained are not among them if others are there.",
                        grouped(measures.anomalous_rows as usize), grouped(measures.normal_rows as usize)) }
                </p>
            }
            if let Some(reason) = &summary.measures_missing {
                <p class="warning">{ reason }</p>
            }
            { report.confusion.as_ref().map(confusion).unwrap_or_default() }
        </>
    }
}

fn figure(name: &'static str, value: String, about: Option<String>) -> Html {
    html! {
        <div class="figure-box">
            <span class="field-name" aria-hidden="true">{ name }</span>
            <output aria-label={name}>{ value }</output>
            if let Some(about) = about {
                <span class="hint">{ about }</span>
            }
        </div>
    }
}

/// A share, or a dash where it makes no sense, as precision without a flagged row.
fn optional(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| fixed(share, 4))
}

fn confusion(confusion: &Confusion) -> Html {
    let count = |rows: u64| grouped(rows as usize);
    html! {
        <table class="confusion" aria-label="Confusion table">
            <thead><tr><td></td><th scope="col">{ "Flagged" }</th><th scope="col">{ "Not flagged" }</th></tr></thead>
            <tbody>
                <tr>
                    <th scope="row">{ "Odd" }</th>
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
    fn shares_that_make_no_sense_are_dashes() {
        assert_eq!([Some(0.5), Some(1.0), None].map(optional), ["0.5000", "1.0000", "–"]);
    }
}
