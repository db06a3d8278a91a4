//! What a run is made of, and the buttons that run it.

use pinhole_protocol::{BlockPlace, Experiment, Preset, TrainingPhase, TrainingStart};
use web_sys::File;
use yew::prelude::*;

use super::{
    data,
    rate_finder::RateFinder,
    state::{Lab, RunPhase},
};
use crate::{
    builder::{
        editor::Editor,
        focus::{BUILDER_ID, focus_soon},
        presets, schedule, start,
    },
    services::Services,
};

/// What the panel's buttons ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunRequest {
    Train,
    Pause,
    Resume,
    Step,
    Stop,
}

/// What the panel does.
pub struct PanelActions {
    pub services: Services,
    /// A search for a learning rate begins or ends.
    pub search: Callback<bool>,
    pub edit: Callback<Experiment>,
    pub choose: Callback<Preset>,
    pub start_from: Callback<TrainingStart>,
    pub open_images: Callback<Vec<File>>,
    pub open_table: Callback<Vec<File>>,
    pub run: Callback<RunRequest>,
}

/// The panel.
pub fn view(lab: &Lab, actions: &PanelActions) -> Html {
    let editor = Editor::new(lab.experiment.clone(), lab.table.rows(), actions.edit.clone());
    let lack = data::lack(lab, actions.services.engine.table().is_some());
    let misfit = start::misfit(lab.start, &lab.experiment, lab.model.as_deref());
    let can_train = editor.checked.is_ok() && lack.is_none() && misfit.is_none();
    html! {
        <section class="train-panel card edits" aria-labelledby="train-title">
            <h2 id="train-title">{ "Train your own" }</h2>
            <fieldset disabled={lab.phase.is_active()}>
                { data::view(&editor, lab, lack.clone(), actions) }
                { presets::view(&lab.experiment, actions.choose.clone()) }
                <button type="button" class="button" onclick={|_| focus_soon(vec![BUILDER_ID.into()])}>{ "Change its blocks" }</button>
                { schedule::pace(&editor) }
                { rate_finder(&editor, lack.is_none(), actions) }
                { schedule::more(&editor) }
                if lab.model.is_some() || lab.start != TrainingStart::Fresh {
                    { start::view(lab.start, misfit.as_ref(), &actions.start_from) }
                }
            </fieldset>
            { obstacle(&editor) }
            { run_buttons(&lab.phase, can_train && !lab.is_searching, &actions.run) }
        </section>
    }
}

fn rate_finder(editor: &Editor, has_samples: bool, actions: &PanelActions) -> Html {
    let on_use = editor.on(|experiment, rate: f32| experiment.schedule.learning_rate = rate);
    let (experiment, services) = (editor.experiment.clone(), actions.services.clone());
    let can_start = has_samples && editor.checked.is_ok();
    html! { <RateFinder {services} {experiment} {can_start} on_search={actions.search.clone()} {on_use} /> }
}

/// Why it cannot be trained: the setting itself may be out of sight.
fn obstacle(editor: &Editor) -> Html {
    let Err(error) = &editor.checked else { return Html::default() };
    let place = match error.block {
        Some(BlockPlace::Encoder(index)) => format!("encoder block {}: ", index + 1),
        Some(BlockPlace::Decoder(index)) => format!("decoder block {}: ", index + 1),
        None => String::new(),
    };
    html! { <p id="train-obstacle" class="obstacle">{ "Not yet: " }{ place }{ &error.message }</p> }
}

fn run_buttons(phase: &RunPhase, can_train: bool, on_run: &Callback<RunRequest>) -> Html {
    let button = |name: &'static str, class: &'static str, request: RunRequest, disabled: bool| {
        let onclick = on_run.reform(move |_: MouseEvent| request);
        let obstacle = (request == RunRequest::Train && !can_train).then_some("train-obstacle");
        html! { <button type="button" {class} {onclick} {disabled} aria-describedby={obstacle}>{ name }</button> }
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
