//! Comparison of the detector with the baselines.

use pinhole_protocol::table::{LinearVerdict, MethodResult, Repeats};
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
    let repeats = comparison.methods.iter().map(|method| method.repeats).max().unwrap_or(1);
    html! {
        <section class="card results-card" aria-labelledby="compare-title">
            <h2 id="compare-title">{ "Baselines compared" }</h2>
            <p class={if comparison.verdict.is_enough { "lead-sentence warning" } else { "lead-sentence" }} role="status"
                data-testid="linear-verdict">
                { &comparison.verdict.sentence }
            </p>
            if repeats > 1 {
                <p class="hint">
                    { format!("Methods that depend on the seed, or on the rows that it draws, were fitted {repeats} times: the mean, \
                        with the least and the greatest.") }
                </p>
            }
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
    let optional = |figure: Option<Repeats>| match figure {
        None => "–".to_owned(),
        Some(Repeats { mean, min, max }) if min < max => {
            format!("{} ({} to {})", fixed(mean, 3), fixed(min, 3), fixed(max, 3))
        }
        Some(Repeats { mean, .. }) => fixed(mean, 3),
    };
    html! {
        <tr>
            <th scope="row">{ &method.name }</th>
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
