//! Claim of a preset, measurements of its model, and the preset's aims.

mod aim_text;
mod text;

use std::rc::Rc;

use pinhole_protocol::{Aim, Measure, Measurement, ModelSummary};
use yew::prelude::*;

use self::{
    aim_text::{AimText, bound_text},
    text::{MeasurementText, term},
};
use super::{
    controller::{Controller, on},
    state::{Lab, ViewTab},
};
use crate::{
    builder::presets::preset_of,
    components::format::grouped,
    glossary::{LinkedTerm, glossary_link},
};

/// Renders the measurements.
pub fn view(lab: &Lab, controller: &Rc<Controller>) -> Html {
    if !lab.view.shows(ViewTab::Measures) {
        return Html::default();
    }
    let model = lab.active_model();
    let preset = model.as_ref().and_then(|model| preset_of(&model.experiment));
    let is_measuring = lab.report.is_measuring;
    let is_idle = model.is_some() && !lab.phase.is_active() && !lab.is_searching && !is_measuring;
    let onclick = on(controller, |controller, _: MouseEvent| controller.measure());
    html! {
        <section class="measurements" aria-label="What to look for">
            if let Some(preset) = &preset {
                <p class="look-for">{ "Look for: " }{ preset.look_for }</p>
            }
            <div class="row">
                <button type="button" class="button" {onclick} disabled={!is_idle}>
                    { if is_measuring { "Measuring…" } else { "Measure" } }
                </button>
                <span class="hint">
                    { "On " }
                    { glossary_link(LinkedTerm::HeldOut, "held-out") }
                    { " samples, or on training samples where none are held out. A finished run is measured automatically." }
                </span>
            </div>
            <div aria-live="polite">{ list(&lab.report.measurements, model.as_deref(), preset.as_ref().map_or(&[], |preset| &preset.aim)) }</div>
        </section>
    }
}

/// Renders the aims of the experiment's preset, and whether the model that was trained with it has reached them.
pub fn aim_summary(lab: &Lab) -> Html {
    let Some(preset) = preset_of(&lab.experiment) else { return Html::default() };
    let model_preset =
        lab.model.as_ref().filter(|_| !lab.phase.is_active()).and_then(|model| preset_of(&model.experiment));
    let is_of_model = model_preset.is_some_and(|of_model| of_model.name == preset.name);
    let line = |aim: &Aim| {
        let measured = lab
            .report
            .measurements
            .iter()
            .filter(|_| is_of_model)
            .find_map(|measurement| Some((measurement, AimText::new(aim, measurement)?)));
        match measured {
            Some((measurement, text)) => {
                let value = MeasurementText::new(measurement).value;
                html! { <li class={if text.is_reached { "aim reached" } else { "aim" }}>{ name(aim.measure) }{ format!(": {value}. ") }{ text.sentence }</li> }
            }
            None => html! { <li class="aim">{ name(aim.measure) }{ format!(": aim {}", bound_text(aim)) }</li> },
        }
    };
    html! { <ul class="aims" aria-label="Aims of the preset">{ for preset.aim.iter().map(line) }</ul> }
}

/// Renders the name of a measure, which leads to its term in the glossary if that has one.
fn name(measure: Measure) -> Html {
    let name = measure.label();
    term(measure).map_or_else(|| html! { { name } }, |term| glossary_link(term, name))
}

fn list(measurements: &[Measurement], model: Option<&ModelSummary>, aims: &[Aim]) -> Html {
    let Some(samples) = measurements.iter().map(|measurement| measurement.samples).max() else {
        return Html::default();
    };
    let model_name = model.map_or("The current model", |model| &model.name);
    let item = |measurement: &Measurement| {
        let MeasurementText { value, sentence } = MeasurementText::new(measurement);
        html! {
            <div class="measurement" key={measurement.measure.label()}>
                <dt>{ name(measurement.measure) }</dt>
                <dd class="figure">{ value }</dd>
                <dd class="hint">{ sentence }</dd>
                { for aims.iter().filter_map(|aim| AimText::new(aim, measurement)).map(aim_line) }
            </div>
        }
    };
    html! {
        <>
            <p class="hint">{ format!("{model_name}, on {} samples:", grouped(samples)) }</p>
            <dl aria-label="Measured">{ for measurements.iter().map(item) }</dl>
        </>
    }
}

fn aim_line(AimText { is_reached, sentence }: AimText) -> Html {
    html! { <dd class={if is_reached { "aim reached" } else { "aim" }}>{ sentence }</dd> }
}
