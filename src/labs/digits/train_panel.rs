//! What a run is made of, and the buttons that run it.

use pinhole_protocol::{BlockPlace, Experiment, ImageSource, Preset, TrainingPhase, TrainingStart};
use web_sys::File;
use yew::prelude::*;

use super::{
    rate_finder::RateFinder,
    state::{Lab, RunPhase},
};
use crate::{
    builder::{
        editor::Editor,
        focus::{BUILDER_ID, focus_soon},
        presets, schedule, start,
    },
    parts::{
        field::{Choice, options},
        figures::grouped,
        file_button::file_button,
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
    pub run: Callback<RunRequest>,
}

/// The panel.
pub fn view(lab: &Lab, actions: &PanelActions) -> Html {
    let editor = Editor::new(lab.experiment.clone(), actions.edit.clone());
    let lacks_images = lab.experiment.data.source == ImageSource::Opened && lab.opened.is_none();
    let misfit = start::misfit(lab.start, &lab.experiment, lab.model.as_deref());
    let can_train = editor.checked.is_ok() && !lacks_images && misfit.is_none();
    html! {
        <section class="train-panel card edits" aria-labelledby="train-title">
            <h2 id="train-title">{ "Train your own" }</h2>
            <fieldset disabled={lab.phase.is_active()}>
                { data(&editor, lab, lacks_images, &actions.open_images) }
                { presets::view(&lab.experiment, actions.choose.clone()) }
                <button type="button" class="button" onclick={|_| focus_soon(vec![BUILDER_ID.into()])}>{ "Change its blocks" }</button>
                { schedule::pace(&editor) }
                { rate_finder(&editor, !lacks_images, actions) }
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

fn rate_finder(editor: &Editor, has_images: bool, actions: &PanelActions) -> Html {
    let on_use = editor.on(|experiment, rate: f32| experiment.schedule.learning_rate = rate);
    let (experiment, services) = (editor.experiment.clone(), actions.services.clone());
    let can_start = has_images && editor.checked.is_ok();
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

fn data(editor: &Editor, lab: &Lab, lacks_images: bool, on_images: &Callback<Vec<File>>) -> Html {
    const SOURCES: [ImageSource; 3] = [ImageSource::Strokes, ImageSource::Digits8x8, ImageSource::Opened];
    let opened = lab.opened.as_ref();
    let mut options = options([
        ("strokes", "Handwritten-style strokes"),
        ("digits8x8", "1,797 real 8×8 digits"),
        ("opened", "Opened images"),
    ]);
    if let Some(opened) = opened {
        options[2].1 = format!("{} ({} images)", opened.name, grouped(opened.images)).into();
    }
    // Rows of a table are no choice here; whoever comes with them has to open images.
    let selected = SOURCES.iter().position(|source| *source == editor.experiment.data.source).unwrap_or(2);
    let on_change = editor.on(|experiment, index: usize| {
        experiment.data.source = SOURCES[index].clone();
        // Generated images have to be counted; all of the others are used.
        experiment.data.limit = (SOURCES[index] == ImageSource::Strokes).then_some(10_000);
    });
    let error = lacks_images.then_some("open images first: an MNIST file, or PNG and JPEG pictures".into());
    let accept = ".gz,.idx,.png,.jpg,.jpeg,image/png,image/jpeg,*";
    html! {
        <>
            { Choice { label: "Data", name: "Data".into(), options, selected, error, on_change }.view() }
            <div class="row">
                { file_button("Open images", accept, true, false, on_images.clone()) }
                <span class="hint">{ "MNIST (IDX, plain or .gz), PNG or JPEG. Or drop them on the page." }</span>
            </div>
            if let Some(opened) = opened {
                <p class="hint">{ format!("Opened: {}, {} images.", opened.name, grouped(opened.images)) }</p>
                { for opened.warnings.iter().map(|warning| html! { <p class="hint">{ warning }</p> }) }
            }
        </>
    }
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
