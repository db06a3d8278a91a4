//! Comparison of the current model with the ready-made one, on the digit in sight.

use std::rc::Rc;

use pinhole_protocol::Quality;
use yew::prelude::*;

use super::pipeline::{PipelineAction, ShownModel};
use crate::{
    components::{
        format::{fixed, grouped},
        picture,
    },
    labs::digits::{controller::Controller, state::Lab},
};

/// Renders the switch between both models with the figure of each; nothing while there is nothing to compare.
pub fn switch(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let pipeline = &lab.pipeline;
    let (Some(own), Some(reference)) = (pipeline.own_quality(), pipeline.reference_quality()) else {
        return Html::default();
    };
    let shown = pipeline.shown_model();
    let choice = |name: &'static str, model: ShownModel, quality: Quality| {
        let controller = controller.clone();
        let onclick = Callback::from(move |_: MouseEvent| controller.act(PipelineAction::ShowModel(model)));
        let figure = decibels(quality);
        html! {
            <button type="button" class="segment" aria-label={format!("{name}, {figure}")} aria-pressed={(shown == model).to_string()} {onclick}>
                { name }{ " " }<span class="figure">{ figure.clone() }</span>
            </button>
        }
    };
    html! {
        <div class="segments" role="group" aria-label="Model whose output is shown">
            { choice("Yours", ShownModel::Yours, own) }
            { choice("Ready-made", ShownModel::ReadyMade, reference) }
        </div>
    }
}

/// Renders the ready-made model's output beside the current one's, as long as it is the better of the two.
pub fn beside(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let onclick = {
        let controller = controller.clone();
        Callback::from(move |_: MouseEvent| controller.continue_from_ready_made())
    };
    let is_beside = lab.pipeline.is_reference_beside();
    let figure = match lab.pipeline.hidden_errors() {
        Some((_, error)) => format!("error {} where hidden", fixed(error, 4)),
        None => lab.pipeline.reference_quality().map_or_else(String::new, decibels),
    };
    // A larger code keeps more of a picture: the figures alone would not be fair.
    let own_code_len = lab.active_plan().map(|plan| plan.code.len());
    let codes = lab.pipeline.reference_code_len.zip(own_code_len).filter(|(reference, own)| reference != own);
    html! {
        <figure class="station reference" hidden={!is_beside}>
            { picture::view(&controller.canvases.reference, "Ready-made") }
            <figcaption>
                <span class="caption">{ "Ready-made" }</span>
                <span class="quality">{ "better so far: " }<span class="figure">{ figure }</span></span>
                if let Some((reference, own)) = codes {
                    <span class="quality">{ format!("its code has {} numbers, yours {}", grouped(reference), grouped(own)) }</span>
                }
                <button type="button" class="button link" {onclick} disabled={lab.phase.is_active()}>{ "Continue from it" }</button>
            </figcaption>
        </figure>
    }
}

fn decibels(quality: Quality) -> String {
    format!("{} dB", fixed(quality.psnr_db, 1))
}
