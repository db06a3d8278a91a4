//! What the experiment's network looks like.

use pinhole_protocol::{CheckedExperiment, Experiment, Objective, SpecError};
use yew::prelude::*;

use super::state::preset_of;
use crate::parts::hourglass;

/// The experiment with all in range but what the picture is about: a mistyped batch size hides no network.
fn network_alone(experiment: &Experiment) -> Result<CheckedExperiment, SpecError> {
    let objective = Objective { corruption: experiment.objective.corruption, ..Objective::default() };
    Experiment { network: experiment.network.clone(), objective, ..Experiment::default() }.check()
}

/// The hourglass of the network being edited.
pub fn section(experiment: &Experiment) -> Html {
    let title = preset_of(experiment).map_or("Your own network", |preset| preset.title);
    html! {
        <section class="network card" aria-labelledby="network-title">
            <h2 id="network-title">{ "The network" }</h2>
            <p class="hint">{ title }</p>
            { match network_alone(experiment) {
                Ok(experiment) => hourglass::view(&experiment),
                Err(error) => html! { <p class="hint">{ error.message }</p> },
            } }
        </section>
    }
}
