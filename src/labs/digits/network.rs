//! What the experiment's network looks like.

use pinhole_protocol::{CheckedExperiment, NetworkSpec};
use yew::prelude::*;

use crate::parts::hourglass::Hourglass;

#[derive(Properties, PartialEq)]
pub struct NetworkSectionProps {
    pub title: AttrValue,
    pub network: NetworkSpec,
    /// `None` while any setting is out of range.
    pub checked: Option<CheckedExperiment>,
}

/// The hourglass of the network being edited.
#[component]
pub fn NetworkSection(props: &NetworkSectionProps) -> Html {
    let warning = props.checked.as_ref().and_then(CheckedExperiment::identity_warning);
    html! {
        <section class="network card" aria-labelledby="network-title">
            <h2 id="network-title">{ "The network" }</h2>
            <p class="hint">{ &props.title }</p>
            { match props.network.plan() {
                Ok(plan) => html! { <Hourglass {plan} {warning} /> },
                Err(error) => html! { <p class="hint">{ error.message }</p> },
            } }
        </section>
    }
}
