//! What an experiment is to show, and what was measured when it was over.

mod words;

use std::rc::Rc;

use pinhole_protocol::{Command, Event, Measurement, ModelSummary};
use yew::prelude::*;

use self::words::Finding;
use crate::{
    builder::presets::preset_of,
    components::figures::grouped,
    engine_client::{News, use_news},
    services::Services,
};

#[derive(Properties, PartialEq)]
pub struct FindingsProps {
    pub services: Services,
    /// The model in training, or the one in hand.
    pub model: Option<Rc<ModelSummary>>,
    /// Whether the engine has something else to do.
    pub is_busy: bool,
}

/// What was measured last, and whether an answer is awaited.
#[derive(Default)]
struct Measured {
    measurements: Vec<Measurement>,
    is_asked: bool,
}

impl Measured {
    /// Whether there is something else to show.
    fn hear(&mut self, news: &News) -> bool {
        match news {
            News::Event(Event::Measured(measurements)) => {
                *self = Self { measurements: measurements.clone(), is_asked: false };
                true
            }
            // Another model: what was measured is no longer true of it.
            News::Restarted
            | News::Event(Event::TrainingStarted { .. } | Event::ModelReady(_) | Event::RunModels(_)) => {
                *self = Self::default();
                true
            }
            News::Event(Event::Failed(_)) => std::mem::take(&mut self.is_asked),
            _ => false,
        }
    }
}

/// The section.
#[component]
pub fn Findings(props: &FindingsProps) -> Html {
    let measured = use_mut_ref(Measured::default);
    let update = use_force_update();
    let engine = &props.services.engine;
    {
        let (measured, update) = (measured.clone(), update.clone());
        let hear = move |news: &News| {
            if measured.borrow_mut().hear(news) {
                update.force_update();
            }
        };
        use_news(engine, Rc::new(hear));
    }
    let onclick = {
        let (engine, measured) = (engine.clone(), measured.clone());
        Callback::from(move |_: MouseEvent| {
            measured.borrow_mut().is_asked = true;
            engine.send(Command::Measure { measures: Vec::new() });
            update.force_update();
        })
    };
    let measured = measured.borrow();
    let preset = props.model.as_ref().and_then(|model| preset_of(&model.experiment));
    let is_idle = props.model.is_some() && !props.is_busy && !measured.is_asked;
    html! {
        <section class="findings card" aria-labelledby="findings-title">
            <h2 id="findings-title">{ "What to look for" }</h2>
            if let Some(preset) = preset {
                <p class="look-for">{ preset.look_for }</p>
            }
            <div class="row">
                <button type="button" class="button" {onclick} disabled={!is_idle}>
                    { if measured.is_asked { "Measuring…" } else { "Measure" } }
                </button>
                <span class="hint">{ "On samples that training did not see. A run that ends is measured by itself." }</span>
            </div>
            <div aria-live="polite">{ list(&measured.measurements, props.model.as_deref()) }</div>
        </section>
    }
}

fn list(measurements: &[Measurement], model: Option<&ModelSummary>) -> Html {
    let Some(samples) = measurements.iter().map(|measurement| measurement.samples).max() else {
        return Html::default();
    };
    let whose = model.map_or("The model in hand", |model| &model.name);
    let item = |measurement: &Measurement| {
        let Finding { name, value, sentence } = Finding::of(measurement);
        html! {
            <div class="finding" key={name}>
                <dt>{ name }</dt>
                <dd class="figure">{ value }</dd>
                <dd class="hint">{ sentence }</dd>
            </div>
        }
    };
    html! {
        <>
            <p class="hint">{ format!("{whose}, on {} samples:", grouped(samples)) }</p>
            <dl aria-label="Measured">{ for measurements.iter().map(item) }</dl>
        </>
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::Measure;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn what_was_measured_goes_with_its_model() {
        let mut measured = Measured { is_asked: true, ..Measured::default() };
        let measurement = Measurement { measure: Measure::Accuracy, value: 0.9, reference: Some(0.1), samples: 1_000 };
        assert!(measured.hear(&News::Event(Event::Measured(vec![measurement]))));
        assert!(!measured.is_asked);
        assert_eq!(measured.measurements.len(), 1);
        assert!(measured.hear(&News::Event(Event::TrainingStarted { train_images: 1, validation_images: 0 })));
        assert!(measured.measurements.is_empty());
    }
}
