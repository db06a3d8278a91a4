//! Columns of the scored file that differ from those of training, above all results.

use yew::prelude::*;

/// Card of the notes; nothing without one.
pub fn view(notes: &[String]) -> Html {
    if notes.is_empty() {
        return Html::default();
    }
    html! {
        <section class="card results-card" aria-labelledby="column-notes-title">
            <h2 id="column-notes-title">{ "Columns that differ from training" }</h2>
            <ul class="notes">{ for notes.iter().map(|note| html! { <li>{ note }</li> }) }</ul>
        </section>
    }
}
