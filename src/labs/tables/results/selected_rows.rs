//! Rows that were selected in another lab, each of which can be explained.

use yew::prelude::*;

use crate::components::{
    format::grouped,
    selection::{Selection, SelectionOrigin},
};

/// Rows that are listed.
const MAX_LISTED: usize = 100;

/// Renders the selected rows; nothing if other samples are selected, or none.
pub fn view(selection: Option<&Selection>, on_explain: &Callback<u64>) -> Html {
    let Some(selection) = selection.filter(|selection| selection.origin == SelectionOrigin::Rows) else {
        return Html::default();
    };
    let row = |number: &usize| {
        let number = *number as u64;
        let onclick = on_explain.reform(move |_: MouseEvent| number);
        html! { <li><button type="button" class="button link" {onclick}>{ format!("Row {}", grouped(number)) }</button></li> }
    };
    html! {
        <div class="selected-rows">
            <p>{ format!("Selected in Latent space: {} rows ({})", grouped(selection.len()), selection.name) }</p>
            <ul class="selected-rows-list" aria-label="Selected rows">{ for selection.indices.iter().take(MAX_LISTED).map(row) }</ul>
            if selection.len() > MAX_LISTED {
                <p class="hint">{ format!("The first {MAX_LISTED} are listed.") }</p>
            }
        </div>
    }
}
