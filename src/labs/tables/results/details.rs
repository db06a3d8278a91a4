//! Details of a row: the contribution of each column to its score, with the actual and the expected value.

use pinhole_protocol::table::{Contribution, RowDetails};
use yew::prelude::*;

use crate::{
    components::{
        format::{brief, fixed, grouped},
        share_bar::share_bar,
    },
    labs::tables::fields::button,
};

/// Most columns listed; the rest contribute next to nothing.
const MAX_COLUMNS: usize = 40;

/// The pane.
pub fn view(details: &RowDetails, threshold: f64, on_close: &Callback<()>) -> Html {
    let row = &details.row;
    let flag = if row.score > threshold { "flagged" } else { "not flagged" };
    let hidden = details.contributions.len().saturating_sub(MAX_COLUMNS);
    html! {
        <section class="row-details" aria-labelledby="details-title">
            <div class="row spread">
                <h3 id="details-title">{ format!("Row {}", grouped(row.row as usize)) }</h3>
                { button("Close", "button quiet", false, on_close) }
            </div>
            <p class="figure">
                { format!("Anomaly score {}, at least as high as those of {} % of the rows, {flag}{}.",
                    brief(row.score), fixed(row.percentile, 2), label(row.is_anomalous)) }
            </p>
            <div class="table-scroll" role="region" aria-label="Why this row is an anomaly" tabindex="0">
                <table class="cells contributions" aria-label="Contributions">
                    <thead>
                        <tr>
                            <th scope="col">{ "Column" }</th>
                            <th scope="col">{ "Contribution" }</th>
                            <th scope="col">{ "Actual" }</th>
                            <th scope="col">{ "Expected" }</th>
                            { for details.nearest_rows.iter().map(|row| html! {
                                <th scope="col"><abbr title="One of the normal rows that are nearest to this one">{ format!("Row {}", grouped(*row as usize)) }</abbr></th>
                            }) }
                            <th scope="col"><abbr title="Actual minus expected value, in standard deviations of the column in training">{ "Error" }</abbr></th>
                        </tr>
                    </thead>
                    <tbody>{ for details.contributions.iter().take(MAX_COLUMNS).map(line) }</tbody>
                </table>
            </div>
            if hidden > 0 {
                <p class="hint">{ format!("{} more columns contribute less.", grouped(hidden)) }</p>
            }
            if !details.nearest_rows.is_empty() {
                <p class="hint">{ "The rows beside it are the nearest normal ones: labelled normal, or without a label not flagged." }</p>
            }
            { for details.notes.iter().map(|note| html! { <p class="hint">{ note }</p> }) }
        </section>
    }
}

fn line(contribution: &Contribution) -> Html {
    let actual = shown(&contribution.actual);
    html! {
        <tr>
            <th scope="row" title={contribution.column.clone()}>{ &contribution.column }</th>
            <td><span class="share"><span class="figure">{ format!("{} %", fixed(100.0 * contribution.share, 1)) }</span>{ share_bar(contribution.share, "anomalous") }</span></td>
            <td title={actual.to_owned()}>{ actual }</td>
            <td title={contribution.expected.clone()}>{ &contribution.expected }</td>
            { for contribution.nearest.iter().map(|value| html! { <td title={value.clone()}>{ shown(value) }</td> }) }
            <td class="figure">{ signed(contribution.signed_error) }</td>
        </tr>
    }
}

/// A value as it is shown.
const fn shown(value: &str) -> &str {
    if value.is_empty() { "(empty)" } else { value }
}

/// An error with its sign; empty for 0, as of a category, which has no direction.
fn signed(error: f64) -> String {
    match error {
        _ if error > 0.0 => format!("+{}", brief(error)),
        _ if error < 0.0 => brief(error),
        _ => String::new(),
    }
}

const fn label(is_anomalous: Option<bool>) -> &'static str {
    match is_anomalous {
        Some(true) => ", labelled an anomaly",
        Some(false) => ", labelled normal",
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn errors_carry_their_sign() {
        assert_eq!([2.5, -0.25, 0.0, f64::NAN].map(signed), ["+2.5", "-0.25", "", ""]);
    }
}
