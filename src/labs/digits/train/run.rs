//! The run: its buttons, its status line, and what keeps it from starting.

use std::rc::Rc;

use pinhole_protocol::{BlockPlace, SpecError, TrainingPhase};
use yew::prelude::*;

use super::{status, table_source::learns_from_rows};
use crate::{
    components::format::shortest,
    labs::digits::{
        controller::Controller,
        state::{Lab, RunPhase},
    },
    storage::StorageState,
};

/// Id of the sentence on what keeps a run from starting.
const OBSTACLE_ID: &str = "train-obstacle";

/// Request of the run buttons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunRequest {
    Train,
    Pause,
    Resume,
    Step,
    Stop,
}

/// Renders the run; `obstacle` says what keeps it from starting, where no field does.
pub fn view(
    lab: &Lab,
    controller: &Rc<Controller>,
    can_train: bool,
    obstacle: Option<&str>,
    device: &AttrValue,
) -> Html {
    html! {
        <div class="run">
            if let Some(obstacle) = obstacle {
                <p id={OBSTACLE_ID} class="obstacle">{ "Cannot train yet: " }{ obstacle }</p>
            }
            { buttons(&lab.phase, can_train, obstacle.is_some(), controller) }
            { status_line(lab, device) }
            if lab.storage != StorageState::Works {
                <p class="obstacle" role="status" data-testid="storage">{ lab.storage.to_string() }</p>
            }
        </div>
    }
}

/// The experiment's error with its place, as its setting may not be visible.
pub fn error_text(error: &SpecError) -> String {
    let place = match error.block {
        Some(BlockPlace::Encoder(index)) => format!("encoder block {}: ", index + 1),
        Some(BlockPlace::Decoder(index)) => format!("decoder block {}: ", index + 1),
        None => String::new(),
    };
    place + &error.message
}

fn buttons(phase: &RunPhase, can_train: bool, has_obstacle: bool, controller: &Rc<Controller>) -> Html {
    let button = |name: &'static str, class: &'static str, request: RunRequest, disabled: bool| {
        let controller = controller.clone();
        let onclick = Callback::from(move |_: MouseEvent| controller.run(request));
        let description = (request == RunRequest::Train && has_obstacle).then_some(OBSTACLE_ID);
        html! { <button type="button" {class} {onclick} {disabled} aria-describedby={description}>{ name }</button> }
    };
    let is_active = phase.is_active();
    let is_paused = *phase == RunPhase::Active(TrainingPhase::Paused);
    html! {
        <div class="row run-buttons">
            { button("Train", "button primary", RunRequest::Train, is_active || !can_train) }
            { button("Pause", "button", RunRequest::Pause, !is_active || is_paused) }
            { button("Resume", "button", RunRequest::Resume, !is_paused) }
            { button("Step", "button", RunRequest::Step, !is_paused) }
            { button("Stop", "button", RunRequest::Stop, !is_active) }
        </div>
    }
}

fn status_line(lab: &Lab, device: &AttrValue) -> Html {
    let progress = lab.progress.shown();
    let (slug, text) = status::describe(&lab.phase, progress, learns_from_rows(&lab.experiment));
    let share = progress.map_or(0.0, |progress| progress.step as f32 / progress.steps.max(1) as f32);
    // A progress bar without a value is indeterminate.
    let value = (lab.phase != RunPhase::Active(TrainingPhase::Preparing)).then(|| shortest(share));
    html! {
        <div class="status">
            <p role="status" data-testid="status" data-phase={slug}>{ text }{ " · " }{ device }</p>
            if lab.phase.is_active() {
                <progress aria-label="Training progress" {value} max="1"></progress>
            }
        </div>
    }
}
