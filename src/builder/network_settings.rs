//! Settings of all layers, and a summary of the network: completeness, size and warnings.

use pinhole_protocol::{Activation, Completeness, Experiment, MemoryEstimate, NetworkPlan, Normalisation};
use yew::prelude::*;

use super::{
    editor::{Editor, NumberSetting, index_of, real},
    layout_preview::LayoutPreview,
};
use crate::components::{
    field::field_error,
    format::{fixed, grouped},
    number_field::NumberRange,
};

/// Renders the settings of all layers.
pub fn settings(editor: &Editor) -> Html {
    const DROPOUT: NumberSetting = real!("Dropout", network.dropout, NumberRange::real(0.0, 0.9));
    let network = &editor.experiment.network;
    let activations = Activation::ALL.map(Activation::label);
    let norms = Normalisation::ALL.map(Normalisation::label);
    html! {
        <div class="block" role="group" aria-label="All layers">
            <h3>{ "All layers" }</h3>
            <div class="numbers">
                { editor.menu("Activation", "", activations, index_of(activations, network.activation.label()),
                    |experiment, index| experiment.network.activation = Activation::ALL[index]) }
                { editor.menu("Normalisation", "network.normalisation", norms, index_of(norms, network.normalisation.label()),
                    |experiment, index| experiment.network.normalisation = Normalisation::ALL[index]) }
                if matches!(network.normalisation, Normalisation::Group { .. }) {
                    { editor.number(&GROUPS) }
                }
                { editor.number(&DROPOUT) }
            </div>
            <div class="row switches">
                { editor.switch("U-Net skips", "network.skips", network.skips, |experiment, is_on| experiment.network.skips = is_on) }
                { editor.switch("Tied weights", "network.tied", network.tied, |experiment, is_on| experiment.network.tied = is_on) }
            </div>
            { field_error(editor.setting_error("network").as_ref()) }
        </div>
    }
}

/// Number of groups of group normalisation; its error is shown at the normalisation menu.
const GROUPS: NumberSetting = NumberSetting {
    label: "Groups",
    field: "",
    read: |experiment| match experiment.network.normalisation {
        Normalisation::Group { groups } => Some(groups as f64),
        _ => None,
    },
    write: |experiment, value| experiment.network.normalisation = Normalisation::Group { groups: value as usize },
    empty: "",
    range: NumberRange::whole_from(1),
};

/// Renders the summary of the network.
pub fn summary(editor: &Editor, layout: &LayoutPreview) -> Html {
    let warning = editor.checked.as_ref().ok().and_then(pinhole_protocol::CheckedExperiment::identity_warning);
    html! {
        <div class="network-summary">
            if let Some(plan) = layout.complete_plan() {
                <p>{ completeness(plan) }</p>
                <p class="figure">{ size(plan, &editor.experiment) }</p>
            } else {
                <p>{ "Something does not fit yet: see the error on its card." }</p>
            }
            if let Some(warning) = warning {
                <p class="warning" role="note">{ warning }</p>
            }
        </div>
    }
}

fn completeness(plan: &NetworkPlan) -> String {
    let (code, input) = (grouped(plan.code.len()), grouped(plan.input.len()));
    match plan.completeness() {
        Completeness::Undercomplete => {
            format!("Undercomplete: {code} numbers for {input} values, so the network has to summarise.")
        }
        Completeness::Overcomplete => {
            format!(
                "Overcomplete: {code} numbers for {input} values, so the network could copy unless something forbids it."
            )
        }
    }
}

fn size(plan: &NetworkPlan, experiment: &Experiment) -> String {
    let memory = MemoryEstimate::new(plan, &experiment.schedule);
    format!("{} parameters in all · training takes about {}", grouped(plan.parameters()), bytes(memory.total_bytes()))
}

/// Number of bytes in MB or GB.
fn bytes(count: u64) -> String {
    let megabytes = count as f64 / 1e6;
    if megabytes < 1000.0 {
        format!("{} MB", fixed(megabytes.max(1.0), 0))
    } else {
        format!("{} GB", fixed(megabytes / 1000.0, 1))
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn the_summary_has_completeness_and_size() {
        let experiment = Experiment::default();
        let plan = experiment.network.plan().expect("valid");
        assert!(completeness(&plan).starts_with("Undercomplete: 64 numbers for 784 values"));
        // 435,536 weights of 4 bytes four times over, and 128 rows of 2,144 values twice.
        assert_eq!(size(&plan, &experiment), "435,536 parameters in all · training takes about 9 MB");
        assert_eq!([0, 999_000_000, 2_500_000_000].map(bytes), ["1 MB", "999 MB", "2.5 GB"]);
    }
}
