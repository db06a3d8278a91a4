//! Learning-rate finder: trains a few steps with increasing learning rates and shows the loss over them (Smith 2017).

mod paint;

use std::rc::Rc;

use pinhole_protocol::{Command, Event, Experiment};
use yew::prelude::*;

use self::paint::Sweep;
use crate::{
    components::{format::shortest, plot::PlotChart},
    engine_client::{EngineUpdate, use_engine_updates},
    services::Services,
};

#[derive(Properties, PartialEq)]
pub struct LearningRateFinderProps {
    pub services: Services,
    /// Experiment for which a learning rate is searched.
    pub experiment: Rc<Experiment>,
    /// True if a search can start now.
    pub can_start: bool,
    /// Receives true when a search starts and false when it ends.
    pub on_search: Callback<bool>,
    /// Receives the learning rate to use.
    pub on_use: Callback<f32>,
}

/// State of a search.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Search {
    /// No search was started.
    #[default]
    None,
    /// Learning rates are being tried.
    Active,
    /// The search has ended with a suggested learning rate, or none.
    Over(Option<f32>),
}

impl Search {
    /// State after an update of the engine; `None` if it does not change.
    fn after(self, update: &EngineUpdate) -> Option<Self> {
        match (self, update) {
            (Self::Active, EngineUpdate::Event(Event::LearningRateFound { suggestion })) => {
                Some(Self::Over(suggestion.map(two_digits)))
            }
            (Self::Active, EngineUpdate::Event(Event::Failed(_)) | EngineUpdate::Restarted) => Some(Self::None),
            _ => None,
        }
    }

    fn text(self) -> String {
        match self {
            Self::None => String::new(),
            Self::Active => "Trying learning rates from very small to too large…".into(),
            Self::Over(Some(rate)) => format!("Suggested learning rate: {}.", shortest(rate)),
            Self::Over(None) => {
                "The loss never fell: check the data and the loss, or let the search run longer.".into()
            }
        }
    }
}

/// Learning rate rounded to two digits, as the third makes no difference to training.
fn two_digits(rate: f32) -> f32 {
    let rate = f64::from(rate);
    let tens = 10_f64.powi(rate.log10().floor() as i32 - 1);
    ((rate / tens).round() * tens) as f32
}

/// Renders the buttons, and the chart once a search was started.
#[component]
pub fn LearningRateFinder(props: &LearningRateFinderProps) -> Html {
    let search = use_state(Search::default);
    let sweep = use_mut_ref(Sweep::default);
    let update = use_force_update();
    let chart = {
        let sweep = sweep.clone();
        (*use_memo((), move |()| PlotChart::new(Rc::new(move || paint::plot(&sweep.borrow()))))).clone()
    };
    {
        let (search, sweep, chart, on_search) = (search.clone(), sweep.clone(), chart.clone(), props.on_search.clone());
        let on_update = move |update: &EngineUpdate| {
            if let EngineUpdate::Event(Event::LearningRateTried(tried)) = update {
                sweep.borrow_mut().tried.extend(tried);
                chart.chart.request_paint();
            }
            if let Some(next) = search.after(update) {
                if let Search::Over(suggestion) = next {
                    sweep.borrow_mut().suggestion = suggestion;
                }
                chart.chart.request_paint();
                search.set(next);
                on_search.emit(false);
            }
        };
        use_engine_updates(&props.services.engine, Rc::new(on_update));
    }
    let start = {
        let (search, on_search) = (search.clone(), props.on_search.clone());
        let (engine, experiment) = (props.services.engine.clone(), props.experiment.clone());
        Callback::from(move |_: MouseEvent| {
            *sweep.borrow_mut() = Sweep::default();
            engine.send(Command::FindLearningRate { experiment: Box::new((*experiment).clone()) });
            search.set(Search::Active);
            on_search.emit(true);
        })
    };
    let stop = {
        let engine = props.services.engine.clone();
        Callback::from(move |_: MouseEvent| engine.send(Command::Stop))
    };
    html! {
        <div class="rate-finder">
            <div class="row">
                if *search == Search::Active {
                    <button type="button" class="button" onclick={stop}>{ "Stop the search" }</button>
                } else {
                    <button type="button" class="button" onclick={start} disabled={!props.can_start}>{ "Find a learning rate" }</button>
                }
                { use_button(*search, &props.on_use) }
            </div>
            <p id="rate-about" class="hint" role="status">{ search.text() }</p>
            <div hidden={*search == Search::None}>
                <span class="row">{ chart.save_buttons("loss over learning rate", "pinhole-learning-rates", &props.services.notices) }</span>{ chart.view("Loss over learning rate", "rate-about", &Callback::from(move |()| update.force_update())) }</div>
        </div>
    }
}

fn use_button(search: Search, on_use: &Callback<f32>) -> Html {
    let Search::Over(Some(rate)) = search else { return Html::default() };
    let onclick = on_use.reform(move |_: MouseEvent| rate);
    html! { <button type="button" class="button primary" {onclick}>{ format!("Use {}", shortest(rate)) }</button> }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::{Failure, FailureKind};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_search_ends_with_a_suggestion_or_without() {
        let found = |suggestion| EngineUpdate::Event(Event::LearningRateFound { suggestion });
        assert_eq!(Search::Active.after(&found(Some(0.003_162))), Some(Search::Over(Some(0.0032))));
        assert_eq!(Search::Active.after(&found(None)), Some(Search::Over(None)));
        assert_eq!(Search::None.after(&found(None)), None, "no search was started");
        let failure = Failure { kind: FailureKind::Setting, message: "no".into() };
        assert_eq!(Search::Active.after(&EngineUpdate::Event(Event::Failed(failure))), Some(Search::None));
        assert_eq!(Search::Active.after(&EngineUpdate::Restarted), Some(Search::None));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn suggestions_have_two_digits() {
        let rates = [0.003_162, 0.000_987_6, 0.01, 1.249].map(|rate| shortest(two_digits(rate)));
        assert_eq!(rates, ["0.0032", "0.00099", "0.01", "1.2"]);
        assert_eq!(Search::Over(Some(0.0032)).text(), "Suggested learning rate: 0.0032.");
    }
}
