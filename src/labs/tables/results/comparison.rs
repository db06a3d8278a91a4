//! Comparison of the detector with the baselines, PCA and isolation forest.

use pinhole_protocol::table::{LinearVerdict, MethodResult};
use yew::prelude::*;

use crate::components::format::fixed;

/// Result of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Metrics of each method, the detector's own first.
    pub methods: Vec<MethodResult>,
    pub verdict: LinearVerdict,
}

/// The card.
pub fn view(comparison: &Comparison) -> Html {
    let has_measures = comparison.methods.iter().any(|method| method.auroc.is_some());
    html! {
        <section class="card results-card" aria-labelledby="compare-title">
            <h2 id="compare-title">{ "Baselines compared" }</h2>
            <p class={if comparison.verdict.is_enough { "lead-sentence warning" } else { "lead-sentence" }} role="status"
                data-testid="linear-verdict">
                { &comparison.verdict.sentence }
            </p>
            <div class="table-scroll" role="region" aria-label="Methods" tabindex="0">
                <table class="cells" aria-label="Baselines compared">
                    <thead>
                        <tr>
                            <th scope="col">{ "Method" }</th>
                            if has_measures {
                                <th scope="col">{ "AUROC" }</th>
                                <th scope="col">{ "Average precision" }</th>
                            }
                            <th scope="col"><abbr title="Spearman's correlation with the detector's ranking">{ "Rank correlation" }</abbr></th>
                            <th scope="col"><abbr title="Of the 5 % of rows that the detector ranks highest, the share that this method ranks there too">{ "Shared top" }</abbr></th>
                            <th scope="col">{ "Seconds" }</th>
                        </tr>
                    </thead>
                    <tbody>{ for comparison.methods.iter().map(|method| line(method, has_measures)) }</tbody>
                </table>
            </div>
        </section>
    }
}

fn line(method: &MethodResult, has_measures: bool) -> Html {
    let optional = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| fixed(value, 4));
    html! {
        <tr>
            <th scope="row">{ method.method.label() }</th>
            if has_measures {
                <td class="figure">{ optional(method.auroc) }</td>
                <td class="figure">{ optional(method.average_precision) }</td>
            }
            <td class="figure">{ fixed(method.rank_correlation, 3) }</td>
            <td class="figure">{ format!("{} %", fixed(100.0 * method.top_overlap, 0)) }</td>
            <td class="figure">{ fixed(method.elapsed_s, 1) }</td>
        </tr>
    }
}
