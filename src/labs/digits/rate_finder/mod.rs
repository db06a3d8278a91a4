//! Finds a learning rate: tries many, from tiny to too large, and shows where the loss falls (Smith 2017).

mod paint;

use std::rc::Rc;

use pinhole_protocol::{Command, Event, Experiment};
use yew::prelude::*;

use self::paint::Sweep;
use crate::{
    components::{chart::use_chart, figures::shortest},
    engine_client::{News, use_news},
    services::Services,
};

#[derive(Properties, PartialEq)]
pub struct RateFinderProps {
    pub services: Services,
    /// What would be trained.
    pub experiment: Rc<Experiment>,
    /// Whether it could be trained now.
    pub can_start: bool,
    /// Told when a search begins and ends.
    pub on_search: Callback<bool>,
    /// Told the rate to use.
    pub on_use: Callback<f32>,
}

/// How far a search is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Search {
    /// None was begun.
    #[default]
    None,
    /// Rates are being tried.
    Active,
    /// It is over; with a rate to begin with, or none.
    Over(Option<f32>),
}

impl Search {
    /// The search after these news, where they are about one.
    fn after(self, news: &News) -> Option<Self> {
        match (self, news) {
            (Self::Active, News::Event(Event::LearningRateFound { suggestion })) => {
                Some(Self::Over(suggestion.map(two_digits)))
            }
            (Self::Active, News::Event(Event::Failed(_)) | News::Restarted) => Some(Self::None),
            _ => None,
        }
    }

    fn about(self) -> String {
        match self {
            Self::None => String::new(),
            Self::Active => "Trying rates from very small to too large…".into(),
            Self::Over(Some(rate)) => format!("A good learning rate to begin with: {}.", shortest(rate)),
            Self::Over(None) => {
                "The loss never fell: check the data and the loss, or let the search go on for longer.".into()
            }
        }
    }
}

/// A rate that people can say: its neighbours in the third digit train alike.
fn two_digits(rate: f32) -> f32 {
    let rate = f64::from(rate);
    let tens = 10_f64.powi(rate.log10().floor() as i32 - 1);
    ((rate / tens).round() * tens) as f32
}

/// The button, and the sweep once there is one.
#[component]
pub fn RateFinder(props: &RateFinderProps) -> Html {
    let search = use_state(Search::default);
    let sweep = use_mut_ref(Sweep::default);
    let chart = use_chart();
    {
        let (search, sweep, chart, on_search) = (search.clone(), sweep.clone(), chart.clone(), props.on_search.clone());
        let hear = move |news: &News| {
            if let News::Event(Event::LearningRateTried(tried)) = news {
                sweep.borrow_mut().tried.extend(tried);
                chart.paint_soon();
            }
            if let Some(next) = search.after(news) {
                if let Search::Over(suggestion) = next {
                    sweep.borrow_mut().suggestion = suggestion;
                }
                chart.paint_soon();
                search.set(next);
                on_search.emit(false);
            }
        };
        use_news(&props.services.engine, Rc::new(hear));
    }
    {
        let (chart, sweep) = (chart.clone(), sweep.clone());
        use_effect_with((), move |()| chart.show(Rc::new(move |sheet| paint::draw(sheet, &sweep.borrow()))));
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
            <p id="rate-about" class="hint" role="status">{ search.about() }</p>
            <div hidden={*search == Search::None}>{ chart.view("Loss over learning rate", "rate-about") }</div>
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
    fn a_search_ends_with_a_rate_or_without() {
        let found = |suggestion| News::Event(Event::LearningRateFound { suggestion });
        assert_eq!(Search::Active.after(&found(Some(0.003_162))), Some(Search::Over(Some(0.0032))));
        assert_eq!(Search::Active.after(&found(None)), Some(Search::Over(None)));
        assert_eq!(Search::None.after(&found(None)), None, "nobody searched");
        let failure = Failure { kind: FailureKind::Setting, message: "no".into() };
        assert_eq!(Search::Active.after(&News::Event(Event::Failed(failure))), Some(Search::None));
        assert_eq!(Search::Active.after(&News::Restarted), Some(Search::None));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn rates_are_said_in_two_digits() {
        let rates = [0.003_162, 0.000_987_6, 0.01, 1.249].map(|rate| shortest(two_digits(rate)));
        assert_eq!(rates, ["0.0032", "0.00099", "0.01", "1.2"]);
        assert_eq!(Search::Over(Some(0.0032)).about(), "A good learning rate to begin with: 0.0032.");
    }
}
