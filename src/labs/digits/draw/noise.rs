//! Settings of the corruption that a person sees the model with.

use std::rc::Rc;

use pinhole_protocol::{Corruption, Noise};
use yew::prelude::*;

use super::pipeline::PipelineAction;
use crate::{
    components::{
        field::{Choice, Slider, options},
        format::{fixed, shortest},
    },
    labs::digits::{controller::Controller, state::Lab},
};

/// Renders the settings.
pub fn view(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let corruption = lab.pipeline.seeded_corruption.corruption;
    let set = {
        let controller = controller.clone();
        Callback::from(move |corruption| controller.act(PipelineAction::SetCorruption(corruption)))
    };
    let on_kind = set.reform(move |index: usize| Corruption { noise: Noise::ALL[index], ..corruption });
    let on_level = set.reform(move |level: f64| Corruption { level: level as f32, ..corruption });
    let again = {
        let controller = controller.clone();
        Callback::from(move |_: MouseEvent| controller.redraw_noise())
    };
    html! {
        <div class="noise">
            { Choice {
                label: "Noise kind",
                name: "Noise kind".into(),
                options: options(Noise::ALL.map(|noise| (noise.slug(), noise.label()))),
                selected: Noise::ALL.iter().position(|noise| *noise == corruption.noise).unwrap_or_default(),
                error: None,
                on_change: on_kind,
            }.view() }
            { Slider {
                label: "Noise level",
                min: "0",
                max: "1",
                step: "0.01",
                value: shortest(corruption.level),
                text: fixed(corruption.level, 2),
                disabled: corruption.noise == Noise::None,
                on_change: on_level,
            }.view() }
            <button type="button" class="button link" onclick={again} disabled={corruption.is_none()}>{ "New noise" }</button>
        </div>
    }
}
