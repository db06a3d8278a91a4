//! Drawing a digit, and the pipeline that it goes through: corruption, encoder, code, decoder, output.

mod canvases;
mod code_figure;
mod comparison;
mod epoch_strip;
mod hourglass;
mod noise;
mod pad;
mod pipeline;
mod shown_code;
mod stations;
mod task;

use std::rc::Rc;

use pinhole_protocol::{Completeness, NetworkPlan};
use yew::prelude::*;

pub use self::{
    canvases::Canvases,
    pad::pad_shortcuts,
    pipeline::{Pipeline, PipelineAction},
    task::Task,
};
#[cfg(test)]
pub use self::{code_figure::CodeEdit, pipeline::ShownModel};
use super::{
    controller::{Controller, building::BUILD_BUTTON_ID, on},
    state::Lab,
    tour,
    train::is_ready_made,
};
use crate::components::picture;

/// Renders the head of the lab and the pipeline.
pub fn view(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let input = lab.active_input();
    let corruption = lab.pipeline.seeded_corruption.corruption;
    let on_epoch = on(controller, |controller, index| controller.act(PipelineAction::ChooseEpoch(index)));
    html! {
        <section class="draw" aria-labelledby="draw-title">
            { head(lab, controller) }
            { stations::view(lab, controller) }
            if !picture::is_picture(input) {
                <p class="hint">{ format!("Drawings need a model of pictures, and the current one reads rows of {} values: open or train a model of pictures to send them through it.", input.len()) }</p>
            }
            if let Some(mismatch) = lab.pipeline.task.mismatch(corruption) {
                <p class="hint">{ mismatch }</p>
            }
            if can_copy(lab) {
                <p class="hint">{ "Its code is larger than the picture. Press “Random noise”: a network that merely copies lets even that through." }</p>
            }
            if !lab.view.is_building() {
                { lab.pipeline.epochs.view(&controller.canvases.epochs, &on_epoch) }
            }
        </section>
    }
}

/// True if the active model has a code larger than its input.
fn can_copy(lab: &Lab) -> bool {
    let is_own = lab.active_model().is_some_and(|model| !is_ready_made(&model));
    let is_overcomplete = |plan: &NetworkPlan| !plan.has_skips() && plan.completeness() == Completeness::Overcomplete;
    is_own && lab.active_plan().is_some_and(is_overcomplete)
}

/// Renders title, sentence, and the buttons that compare models and open the builder.
fn head(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let is_building = lab.view.is_building();
    let on_build = {
        let controller = controller.clone();
        Callback::from(move |_: MouseEvent| controller.set_building(!is_building))
    };
    let (title, sentence) = if is_building {
        ("Build your network".to_owned(), "The same pipeline, opened: every part is changed below.")
    } else {
        (
            lab.pipeline.task.title().to_owned(),
            "An autoencoder turns a picture into a code of numbers, also called latent vector, and rebuilds the picture from it.",
        )
    };
    let is_ready_made = !is_building && lab.active_model().is_some_and(|model| is_ready_made(&model));
    html! {
        <header class="lead">
            <div>
                <h1 id="draw-title">{ title }</h1>
                <p>
                    { sentence }
                    if is_ready_made {
                        { " Shown is the ready-made denoiser; Train makes one of your own." }
                    }
                </p>
            </div>
            <div class="row">
                { comparison::switch(lab, controller) }
                { tour::start_button(lab, controller) }
                <button id={BUILD_BUTTON_ID} type="button" class="button" onclick={on_build} aria-pressed={is_building.to_string()}>
                    { if is_building { "Done" } else { "Build" } }
                </button>
            </div>
        </header>
    }
}
