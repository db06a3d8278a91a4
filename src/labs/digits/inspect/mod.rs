//! Inspection of the network during and after training: weights of the first layer, the code, the layers.

mod code;
mod layers;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use pinhole_protocol::{Command, Event, GridShape, Inspection, ModelSummary, TrainingPhase, WeightPictures};
use web_sys::{Element, HtmlCanvasElement};
use yew::prelude::*;

use crate::{
    components::{
        format::grouped,
        picture::{self, Tiling},
    },
    engine_client::{Engine, EngineState, EngineUpdate, use_engine_updates},
    latest_request::LatestRequest,
    services::Services,
};

#[derive(Properties, PartialEq)]
pub struct InspectSectionProps {
    pub services: Services,
    /// Model in training, or else the current one.
    pub model: Option<Rc<ModelSummary>>,
    /// True while the lab is shown.
    pub is_shown: bool,
}

/// Time between two inspections during training.
const INTERVAL_MS: f64 = 1_000.0;

/// Last inspection, and the request for the next one.
struct InspectionState {
    engine: Engine,
    /// True while the section is unfolded.
    is_open: Cell<bool>,
    is_shown: Cell<bool>,
    has_model: Cell<bool>,
    request: RefCell<LatestRequest<()>>,
    requested_at_ms: Cell<f64>,
    inspection: RefCell<Option<Inspection>>,
    /// Canvas of the first layer's weights.
    weights: NodeRef,
}

impl InspectionState {
    fn new(engine: Engine) -> Self {
        Self {
            engine,
            is_open: Cell::default(),
            is_shown: Cell::new(true),
            has_model: Cell::default(),
            request: RefCell::default(),
            requested_at_ms: Cell::default(),
            inspection: RefCell::default(),
            weights: NodeRef::default(),
        }
    }

    /// Takes an update of the engine. Returns true if the section has to be rendered again.
    fn on_update(&self, update: &EngineUpdate) -> bool {
        match update {
            EngineUpdate::State(EngineState::Loading { .. }) => {
                self.has_model.set(false);
                self.request.borrow_mut().cancel();
                self.requested_at_ms.set(0.0);
            }
            EngineUpdate::Event(Event::ModelReady(_) | Event::TrainingEnded(_) | Event::RunModels(_)) => {
                self.has_model.set(true);
                self.refresh();
            }
            EngineUpdate::Event(Event::Progress(progress))
                if progress.phase == TrainingPhase::Running && progress.step > 0 =>
            {
                self.has_model.set(true);
                if is_due(self.requested_at_ms.get(), js_sys::Date::now()) {
                    self.request.borrow_mut().queue(());
                }
                self.send_queued();
            }
            EngineUpdate::Event(Event::Inspected(inspection)) => {
                *self.inspection.borrow_mut() = Some((**inspection).clone());
                self.request.borrow_mut().finish_any();
                self.send_queued();
                return true;
            }
            // The failure may be the answer; the same request would fail again.
            EngineUpdate::Event(Event::Failed(_)) => self.request.borrow_mut().cancel(),
            _ => {}
        }
        false
    }

    fn set_open(&self, is_open: bool) {
        self.is_open.set(is_open);
        self.refresh();
    }

    fn set_shown(&self, is_shown: bool) {
        self.is_shown.set(is_shown);
        self.refresh();
    }

    /// Requests a new inspection.
    fn refresh(&self) {
        self.request.borrow_mut().queue(());
        self.send_queued();
    }

    /// Sends the request that waits, if the section is visible, there is a model, and no answer is awaited.
    fn send_queued(&self) {
        let is_watched = self.is_open.get() && self.is_shown.get() && self.has_model.get();
        if is_watched && self.request.borrow_mut().start_queued().is_some() {
            self.requested_at_ms.set(js_sys::Date::now());
            self.engine.send(Command::Inspect);
        }
    }

    fn paint(&self) {
        if let (Some(canvas), Some(inspection)) = (self.weights.cast::<HtmlCanvasElement>(), &*self.inspection.borrow())
        {
            paint_weights(&canvas, &inspection.first_weights);
        }
    }
}

/// True if enough time has passed for another inspection during training.
fn is_due(requested_at_ms: f64, now_ms: f64) -> bool {
    now_ms - requested_at_ms >= INTERVAL_MS
}

/// Tiles per row, so that the grid is two to four times as wide as high, and the last row is full if possible.
fn columns(count: usize) -> usize {
    let least = ((2 * count) as f64).sqrt().ceil() as usize;
    (least..2 * least).find(|columns| count.is_multiple_of(*columns)).unwrap_or(least)
}

fn paint_weights(canvas: &HtmlCanvasElement, weights: &WeightPictures) {
    let WeightPictures { count, height, width, ref pixels } = *weights;
    let tiling = Tiling { columns: columns(count), gap: 1 };
    picture::show_tiles(canvas, &pixels.0, GridShape { channels: 1, height, width }, count, tiling);
}

/// Renders the section.
#[component]
pub fn InspectSection(props: &InspectSectionProps) -> Html {
    let engine = &props.services.engine;
    let update = use_force_update();
    let state = {
        let engine = engine.clone();
        use_memo((), move |()| InspectionState::new(engine))
    };
    {
        let (state, update) = (state.clone(), update.clone());
        let on_update = move |engine_update: &EngineUpdate| {
            if state.on_update(engine_update) {
                update.force_update();
            }
        };
        use_engine_updates(engine, Rc::new(on_update));
    }
    {
        let state = state.clone();
        use_effect_with(props.is_shown, move |is_shown| state.set_shown(*is_shown));
    }
    {
        let state = state.clone();
        use_effect(move || state.paint());
    }
    let ontoggle = {
        let state = state.clone();
        Callback::from(move |event: web_sys::Event| {
            state.set_open(event.target_unchecked_into::<Element>().has_attribute("open"));
        })
    };
    let inspection = state.inspection.borrow();
    html! {
        <section class="inspect card" aria-labelledby="inspect-title">
            <details {ontoggle}>
                <summary><h2 id="inspect-title">{ "Look inside" }</h2></summary>
                { match &*inspection {
                    Some(inspection) => inside(&state, inspection, props.model.as_deref()),
                    None => html! { <p class="hint">{ "Train or open a model to see its weights, its code and its layers, once per second during training." }</p> },
                } }
            </details>
        </section>
    }
}

fn inside(state: &InspectionState, inspection: &Inspection, model: Option<&ModelSummary>) -> Html {
    let plan = model.and_then(|model| model.experiment.network.plan().ok());
    html! {
        <div class="inside">
            <p class="hint">{ format!("Computed on {} held-out samples.", grouped(inspection.samples)) }</p>
            <h3>{ "First layer's weights" }</h3>
            { weights(state, &inspection.first_weights) }
            <h3>{ "The code" }</h3>
            { code::view(inspection, plan.as_ref()) }
            <h3>{ "Layers" }</h3>
            { layers::view(&inspection.layers, plan.as_ref()) }
        </div>
    }
}

fn weights(state: &InspectionState, weights: &WeightPictures) -> Html {
    let WeightPictures { count, height, width, .. } = *weights;
    if count == 0 {
        return html! { <p class="hint">{ "The first layer has no weights that can be shown as pictures." }</p> };
    }
    let about = format!(
        "What {count} units of the first layer look for, {height}×{width} weights each: grey is 0, bright above, dark below."
    );
    html! {
        <figure>
            <span class="picture-frame strip">
                <canvas ref={state.weights.clone()} role="img" aria-label="First layer's weights" aria-describedby="weights-about"></canvas>
            </span>
            <figcaption id="weights-about">{ about }</figcaption>
        </figure>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn inspections_during_training_are_a_second_apart() {
        assert_eq!([0.0, 999.0, 1_000.0].map(|now_ms| is_due(0.0, now_ms)), [false, false, true]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn tiles_fill_a_wide_panel() {
        assert_eq!([64, 32, 8, 7, 1].map(columns), [16, 8, 4, 7, 2]);
    }
}
