//! Loss curves of the run.

use std::rc::Rc;

use yew::prelude::*;

use crate::{
    components::loss_chart::{self, use_loss_chart},
    engine_client::{EngineUpdate, use_engine_updates},
    services::Services,
};

#[derive(Properties, PartialEq)]
pub struct CurveProps {
    /// Number of runs started from other weights; a change clears the curves.
    pub fresh_runs: usize,
    /// True while the curves are in sight; hidden, they are not painted.
    pub is_shown: bool,
    pub services: Services,
}

/// Renders the curves; the points arrive many times per second, so that only the charts are painted again.
#[component]
pub fn CurveView(props: &CurveProps) -> Html {
    let chart = use_loss_chart(props.fresh_runs);
    let update = use_force_update();
    {
        let (chart, update) = (chart.clone(), update.clone());
        let on_update = move |engine_update: &EngineUpdate| {
            let EngineUpdate::Event(event) = engine_update else { return };
            if chart.on_event(event) {
                update.force_update();
            }
        };
        use_engine_updates(&props.services.engine, Rc::new(on_update));
    }
    {
        let chart = chart.clone();
        // A hidden canvas has no size.
        use_effect_with(props.is_shown, move |_| chart.request_paint());
    }
    let on_change = Callback::from(move |()| update.force_update());
    html! {
        <section class="training-progress" aria-label="Training, live">
            { loss_chart::view(&chart, &props.services.notices, &on_change) }
        </section>
    }
}
