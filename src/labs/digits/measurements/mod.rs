//! Section with the preset's description of what to look for, and the measurements of the model.

mod aim_text;
mod text;

use std::rc::Rc;

use pinhole_protocol::{Aim, Command, Event, Measurement, ModelSummary};
use yew::prelude::*;

use self::{aim_text::AimText, text::MeasurementText};
use crate::{
    builder::presets::preset_of,
    components::format::grouped,
    engine_client::{EngineUpdate, use_engine_updates},
    glossary::{LinkedTerm, glossary_link},
    latest_request::LatestRequest,
    services::Services,
};

#[derive(Properties, PartialEq)]
pub struct MeasurementsSectionProps {
    pub services: Services,
    /// Model in training, or else the current one.
    pub model: Option<Rc<ModelSummary>>,
    /// True during a run or a search.
    pub is_busy: bool,
}

/// Measurements of the model, and the request for them.
#[derive(Default)]
struct MeasurementState {
    measurements: Vec<Measurement>,
    request: LatestRequest<()>,
}

impl MeasurementState {
    /// Takes an update of the engine. Returns true if the section has to be rendered again.
    fn on_update(&mut self, update: &EngineUpdate) -> bool {
        match update {
            EngineUpdate::Event(Event::Measured(measurements)) => {
                *self = Self { measurements: measurements.clone(), ..Self::default() };
                true
            }
            // The measurements are of another model.
            EngineUpdate::Restarted
            | EngineUpdate::Event(Event::TrainingStarted { .. } | Event::ModelReady(_) | Event::RunModels(_)) => {
                *self = Self::default();
                true
            }
            EngineUpdate::Event(Event::Failed(_)) => self.request.finish_any().is_some(),
            _ => false,
        }
    }
}

/// Renders the section.
#[component]
pub fn MeasurementsSection(props: &MeasurementsSectionProps) -> Html {
    let state = use_mut_ref(MeasurementState::default);
    let update = use_force_update();
    let engine = &props.services.engine;
    {
        let (state, update) = (state.clone(), update.clone());
        let on_update = move |engine_update: &EngineUpdate| {
            if state.borrow_mut().on_update(engine_update) {
                update.force_update();
            }
        };
        use_engine_updates(engine, Rc::new(on_update));
    }
    let onclick = {
        let (engine, state) = (engine.clone(), state.clone());
        Callback::from(move |_: MouseEvent| {
            state.borrow_mut().request.start(());
            engine.send(Command::Measure { measures: Vec::new() });
            update.force_update();
        })
    };
    let state = state.borrow();
    let is_measuring = state.request.is_in_flight();
    let preset = props.model.as_ref().and_then(|model| preset_of(&model.experiment));
    let is_idle = props.model.is_some() && !props.is_busy && !is_measuring;
    html! {
        <section class="measurements card" aria-labelledby="measurements-title">
            <h2 id="measurements-title">{ "What to look for" }</h2>
            if let Some(preset) = &preset {
                <p class="look-for">{ preset.look_for }</p>
            }
            <div class="row">
                <button type="button" class="button" {onclick} disabled={!is_idle}>
                    { if is_measuring { "Measuring…" } else { "Measure" } }
                </button>
                <span class="hint">
                    { "On " }
                    { glossary_link(LinkedTerm::HeldOut, "held-out") }
                    { " samples, which training did not see. A finished run is measured automatically." }
                </span>
            </div>
            <div aria-live="polite">{ list(&state.measurements, props.model.as_deref(), preset.as_ref().map_or(&[], |preset| &preset.aim)) }</div>
        </section>
    }
}

fn list(measurements: &[Measurement], model: Option<&ModelSummary>, aims: &[Aim]) -> Html {
    let Some(samples) = measurements.iter().map(|measurement| measurement.samples).max() else {
        return Html::default();
    };
    let name = model.map_or("The current model", |model| &model.name);
    let item = |measurement: &Measurement| {
        let MeasurementText { name, value, sentence } = MeasurementText::new(measurement);
        html! {
            <div class="measurement" key={name}>
                <dt>{ name }</dt>
                <dd class="figure">{ value }</dd>
                <dd class="hint">{ sentence }</dd>
                { for aims.iter().filter_map(|aim| AimText::new(aim, measurement)).map(aim_line) }
            </div>
        }
    };
    html! {
        <>
            <p class="hint">{ format!("{name}, on {} samples:", grouped(samples)) }</p>
            <dl aria-label="Measured">{ for measurements.iter().map(item) }</dl>
        </>
    }
}

fn aim_line(AimText { is_reached, sentence }: AimText) -> Html {
    html! { <dd class={if is_reached { "aim reached" } else { "aim" }}>{ sentence }</dd> }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::Measure;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn measurements_are_dropped_with_their_model() {
        let mut state = MeasurementState::default();
        state.request.start(());
        let measurement = Measurement { measure: Measure::Accuracy, value: 0.9, reference: Some(0.1), samples: 1_000 };
        assert!(state.on_update(&EngineUpdate::Event(Event::Measured(vec![measurement]))));
        assert!(!state.request.is_in_flight());
        assert_eq!(state.measurements.len(), 1);
        assert!(
            state.on_update(&EngineUpdate::Event(Event::TrainingStarted { train_images: 1, validation_images: 0 }))
        );
        assert!(state.measurements.is_empty());
    }
}
