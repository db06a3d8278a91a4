//! A look inside the network, while it trains and after: its first weights, its code, its layers.

mod code;
mod layers;
mod turn;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use pinhole_protocol::{Command, Event, GridShape, Inspection, ModelSummary, TrainingPhase, WeightPictures};
use web_sys::{Element, HtmlCanvasElement};
use yew::prelude::*;

use self::turn::Turn;
use crate::{
    components::{
        figures::grouped,
        picture::{self, Tiling},
    },
    engine_client::{Engine, EngineState, News, use_news},
    services::Services,
};

#[derive(Properties, PartialEq)]
pub struct InspectSectionProps {
    pub services: Services,
    /// The model in training, or the one in hand.
    pub model: Option<Rc<ModelSummary>>,
    /// Whether it is in sight.
    pub is_shown: bool,
}

/// What was seen, and when to look again.
struct Looker {
    engine: Engine,
    /// Unfolded, and in sight.
    is_open: Cell<bool>,
    is_shown: Cell<bool>,
    has_model: Cell<bool>,
    turn: Cell<Turn>,
    seen: RefCell<Option<Inspection>>,
    weights: NodeRef,
}

impl Looker {
    fn new(engine: Engine) -> Self {
        Self {
            engine,
            is_open: Cell::default(),
            is_shown: Cell::new(true),
            has_model: Cell::default(),
            turn: Cell::default(),
            seen: RefCell::default(),
            weights: NodeRef::default(),
        }
    }

    /// Takes the news. Whether there is something else to show.
    fn hear(&self, news: &News) -> bool {
        match news {
            News::State(EngineState::Loading { .. }) => {
                self.has_model.set(false);
                self.turn.set(Turn::default());
            }
            News::Event(Event::ModelReady(_) | Event::TrainingEnded(_) | Event::RunModels(_)) => {
                self.has_model.set(true);
                self.look(Turn::want);
            }
            News::Event(Event::Progress(progress)) if progress.phase == TrainingPhase::Running && progress.step > 0 => {
                self.has_model.set(true);
                self.look(|turn| turn.tick(js_sys::Date::now()));
            }
            News::Event(Event::Inspected(inspection)) => {
                *self.seen.borrow_mut() = Some((**inspection).clone());
                self.look(Turn::answered);
                return true;
            }
            // It may have been the answer.
            News::Event(Event::Failed(_)) => self.look(Turn::give_up),
            _ => {}
        }
        false
    }

    fn set_open(&self, is_open: bool) {
        self.is_open.set(is_open);
        self.look(Turn::want);
    }

    fn set_shown(&self, is_shown: bool) {
        self.is_shown.set(is_shown);
        self.look(Turn::want);
    }

    /// Notes what happened; asks the engine, if somebody looks, there is something to see, and it is the page's turn.
    fn look(&self, happens: impl Fn(&mut Turn)) {
        let mut turn = self.turn.get();
        happens(&mut turn);
        let is_watched = self.is_open.get() && self.is_shown.get() && self.has_model.get();
        if is_watched && turn.take(js_sys::Date::now()) {
            self.engine.send(Command::Inspect);
        }
        self.turn.set(turn);
    }

    fn paint(&self) {
        if let (Some(canvas), Some(seen)) = (self.weights.cast::<HtmlCanvasElement>(), &*self.seen.borrow()) {
            paint_weights(&canvas, &seen.first_weights);
        }
    }
}

/// Tiles in a row, two to four times as wide as high, so that they fill a panel; without a rest if that can be.
fn columns(count: usize) -> usize {
    let least = ((2 * count) as f64).sqrt().ceil() as usize;
    (least..2 * least).find(|columns| count.is_multiple_of(*columns)).unwrap_or(least)
}

fn paint_weights(canvas: &HtmlCanvasElement, weights: &WeightPictures) {
    let WeightPictures { count, height, width, ref pixels } = *weights;
    let tiling = Tiling { columns: columns(count), gap: 1 };
    picture::show_tiles(canvas, &pixels.0, GridShape { channels: 1, height, width }, count, tiling);
}

/// The section.
#[component]
pub fn InspectSection(props: &InspectSectionProps) -> Html {
    let engine = &props.services.engine;
    let update = use_force_update();
    let looker = {
        let engine = engine.clone();
        use_memo((), move |()| Looker::new(engine))
    };
    {
        let (looker, update) = (looker.clone(), update.clone());
        let hear = move |news: &News| {
            if looker.hear(news) {
                update.force_update();
            }
        };
        use_news(engine, Rc::new(hear));
    }
    {
        let looker = looker.clone();
        use_effect_with(props.is_shown, move |is_shown| looker.set_shown(*is_shown));
    }
    {
        let looker = looker.clone();
        use_effect(move || looker.paint());
    }
    let ontoggle = {
        let looker = looker.clone();
        Callback::from(move |event: web_sys::Event| {
            looker.set_open(event.target_unchecked_into::<Element>().has_attribute("open"));
        })
    };
    let seen = looker.seen.borrow();
    html! {
        <section class="inspect card" aria-labelledby="inspect-title">
            <details {ontoggle}>
                <summary><h2 id="inspect-title">{ "Look inside" }</h2></summary>
                { match &*seen {
                    Some(seen) => inside(&looker, seen, props.model.as_deref()),
                    None => html! { <p class="hint">{ "Train or open a model, and this shows its weights, its code and its layers; while it trains, once a second." }</p> },
                } }
            </details>
        </section>
    }
}

fn inside(looker: &Looker, seen: &Inspection, model: Option<&ModelSummary>) -> Html {
    let plan = model.and_then(|model| model.experiment.network.plan().ok());
    html! {
        <div class="inside">
            <p class="hint">{ format!("Seen with {} held-out samples.", grouped(seen.samples)) }</p>
            <h3>{ "First layer's weights" }</h3>
            { weights(looker, &seen.first_weights) }
            <h3>{ "The code" }</h3>
            { code::view(seen, plan.as_ref()) }
            <h3>{ "Layers" }</h3>
            { layers::view(&seen.layers, plan.as_ref()) }
        </div>
    }
}

fn weights(looker: &Looker, weights: &WeightPictures) -> Html {
    let WeightPictures { count, height, width, .. } = *weights;
    if count == 0 {
        return html! { <p class="hint">{ "The first layer has no weights that make pictures." }</p> };
    }
    let about = format!(
        "What {count} units of the first layer look for, {height}×{width} weights each: grey is 0, bright above, dark below."
    );
    html! {
        <figure>
            <span class="plate strip">
                <canvas ref={looker.weights.clone()} role="img" aria-label="First layer's weights" aria-describedby="weights-about"></canvas>
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
    fn tiles_fill_a_wide_panel() {
        assert_eq!([64, 32, 8, 7, 1].map(columns), [16, 8, 4, 7, 2]);
    }
}
