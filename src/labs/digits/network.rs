//! What the experiment's network looks like.

use pinhole_protocol::CheckedExperiment;
use yew::prelude::*;

use crate::parts::hourglass::Hourglass;

#[derive(Properties, PartialEq)]
pub struct NetworkSectionProps {
    pub title: AttrValue,
    /// `None` while a setting is out of range.
    pub checked: Option<CheckedExperiment>,
}

/// The hourglass of the network being edited.
#[component]
pub fn NetworkSection(props: &NetworkSectionProps) -> Html {
    html! {
        <section class="network card" aria-labelledby="network-title">
            <h2 id="network-title">{ "The network" }</h2>
            <p class="hint">{ &props.title }</p>
            if let Some(experiment) = props.checked.clone() {
                <Hourglass {experiment} />
            } else {
                <p class="hint">{ "A setting in the training panel is out of range." }</p>
            }
        </section>
    }
}
