//! Card of the output: its activation and the reconstruction loss.

use pinhole_protocol::{Activation, ReconstructionLoss, Scope};
use yew::prelude::*;

use crate::{
    builder::editor::{Editor, NumberSetting, index_of, real},
    components::{
        field::{Choice, options},
        number_field::NumberRange,
    },
};

const SCOPES: [&str; 2] = ["all values", "hidden values only"];

/// Renders the card of the output.
pub fn view(editor: &Editor) -> Html {
    const WEIGHT: NumberSetting = real!("Reconstruction weight", objective.reconstruction, NumberRange::WEIGHT);
    let network = &editor.experiment.network;
    let objective = &editor.experiment.objective;
    let activations = Activation::ALL.map(Activation::label);
    let on_loss = editor.on(|experiment, index: usize| {
        let loss = ReconstructionLoss::ALL[index];
        experiment.objective.loss = loss;
        // The Gaussian loss is the one that needs a learnt variance.
        experiment.network.learnt_variance = loss == ReconstructionLoss::Gaussian;
    });
    html! {
        <div class="block" role="group" aria-label="Output">
            <h3>{ "Output" }</h3>
            <div class="numbers">
                { editor.menu("Output activation", "", activations, index_of(activations, network.output_activation.label()),
                    |experiment, index| experiment.network.output_activation = Activation::ALL[index]) }
                { Choice {
                    label: "Loss",
                    name: "Loss".into(),
                    options: options(ReconstructionLoss::ALL.map(|loss| (loss.slug(), loss.label()))),
                    selected: ReconstructionLoss::ALL.iter().position(|loss| *loss == objective.loss).unwrap_or_default(),
                    error: editor.setting_error("objective.loss"),
                    on_change: on_loss,
                }.view() }
                { editor.menu("Loss over", "objective.scope", SCOPES, usize::from(objective.scope == Scope::Hidden),
                    |experiment, index| experiment.objective.scope = [Scope::All, Scope::Hidden][index]) }
                { editor.number(&WEIGHT) }
            </div>
            { editor.switch("Learnt variance", "", network.learnt_variance,
                |experiment, is_on| experiment.network.learnt_variance = is_on) }
        </div>
    }
}
