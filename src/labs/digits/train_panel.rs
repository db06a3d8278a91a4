//! Panel with the settings of a run and the buttons that control it.

use pinhole_protocol::{BlockPlace, Experiment, Preset, TrainingPhase, TrainingStart};
use web_sys::File;
use yew::prelude::*;

use super::{
    data,
    rate_finder::LearningRateFinder,
    state::{Lab, RunPhase},
};
use crate::{
    builder::{
        editor::Editor,
        focus::{BUILDER_ID, focus_soon},
        presets, schedule, training_start,
    },
    services::Services,
};

/// Request of the run buttons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunRequest {
    Train,
    Pause,
    Resume,
    Step,
    Stop,
}

/// Services and callbacks of the panel.
pub struct PanelActions {
    pub services: Services,
    /// Receives true when a search for a learning rate starts and false when it ends.
    pub set_searching: Callback<bool>,
    pub edit: Callback<Experiment>,
    pub choose: Callback<Preset>,
    pub start_from: Callback<TrainingStart>,
    pub open_images: Callback<Vec<File>>,
    pub open_table: Callback<Vec<File>>,
    pub run: Callback<RunRequest>,
}

/// Renders the panel.
pub fn view(lab: &Lab, actions: &PanelActions) -> Html {
    let editor = Editor::new(lab.experiment.clone(), lab.table.rows(), actions.edit.clone());
    let missing_data = data::missing_data(lab, actions.services.engine.table().is_some());
    let incompatibility = training_start::incompatibility(lab.start, &lab.experiment, lab.model.as_deref());
    let can_train = editor.checked.is_ok() && missing_data.is_none() && incompatibility.is_none();
    html! {
        <section class="train-panel card edits" aria-labelledby="train-title">
            <h2 id="train-title">{ "Train your own" }</h2>
            <fieldset disabled={lab.phase.is_active()}>
                { data::view(&editor, lab, missing_data.clone(), &actions.open_images, &actions.open_table) }
                { presets::view(&lab.experiment, actions.choose.clone()) }
                <button type="button" class="button" onclick={|_| focus_soon(vec![BUILDER_ID.into()])}>{ "Change its blocks" }</button>
                { schedule::main_settings(&editor) }
                { learning_rate_finder(&editor, missing_data.is_none(), actions) }
                { schedule::more_settings(&editor) }
                if lab.model.is_some() || lab.start != TrainingStart::Fresh {
                    { training_start::view(lab.start, incompatibility.as_ref(), &actions.start_from) }
                }
            </fieldset>
            { error_text(&editor) }
            { run_buttons(&lab.phase, can_train && !lab.is_searching, &actions.run) }
        </section>
    }
}

fn learning_rate_finder(editor: &Editor, has_samples: bool, actions: &PanelActions) -> Html {
    let on_use = editor.on(|experiment, rate: f32| experiment.schedule.learning_rate = rate);
    let (experiment, services) = (editor.experiment.clone(), actions.services.clone());
    let can_start = has_samples && editor.checked.is_ok();
    html! { <LearningRateFinder {services} {experiment} {can_start} on_search={actions.set_searching.clone()} {on_use} /> }
}

/// Renders the experiment's error, as its setting may not be visible.
fn error_text(editor: &Editor) -> Html {
    let Err(error) = &editor.checked else { return Html::default() };
    let location = match error.block {
        Some(BlockPlace::Encoder(index)) => format!("encoder block {}: ", index + 1),
        Some(BlockPlace::Decoder(index)) => format!("decoder block {}: ", index + 1),
        None => String::new(),
    };
    html! { <p id="train-obstacle" class="obstacle">{ "Cannot train yet: " }{ location }{ &error.message }</p> }
}

fn run_buttons(phase: &RunPhase, can_train: bool, on_run: &Callback<RunRequest>) -> Html {
    let button = |name: &'static str, class: &'static str, request: RunRequest, disabled: bool| {
        let onclick = on_run.reform(move |_: MouseEvent| request);
        let description = (request == RunRequest::Train && !can_train).then_some("train-obstacle");
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
