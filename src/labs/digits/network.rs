//! What the experiment's network looks like.

use std::rc::Rc;

use pinhole_protocol::{CheckedExperiment, Experiment, Objective, SpecError};
use yew::prelude::*;

use super::state::preset_of;
use crate::parts::hourglass::Hourglass;

#[derive(Properties, PartialEq)]
pub struct NetworkSectionProps {
    pub experiment: Rc<Experiment>,
}

/// The experiment with all in range but what the picture is about: a mistyped batch size hides no network.
fn network_alone(experiment: &Experiment) -> Result<CheckedExperiment, SpecError> {
    let objective = Objective { corruption: experiment.objective.corruption, ..Objective::default() };
    Experiment { network: experiment.network.clone(), objective, ..Experiment::default() }.check()
}

/// The hourglass of the network being edited.
#[component]
pub fn NetworkSection(props: &NetworkSectionProps) -> Html {
    let title = preset_of(&props.experiment).map_or("Your own network", |preset| preset.title);
    html! {
        <section class="network card" aria-labelledby="network-title">
            <h2 id="network-title">{ "The network" }</h2>
            <p class="hint">{ title }</p>
            { match network_alone(&props.experiment) {
                Ok(experiment) => html! { <Hourglass {experiment} /> },
                Err(error) => html! { <p class="hint">{ error.message }</p> },
            } }
        </section>
    }
}
