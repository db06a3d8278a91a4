//! Everything that a run is made of, with what is wrong right beside it.

mod editor;
mod more;

use std::rc::Rc;

use pinhole_protocol::{
    BottleneckSpec, Corruption, Experiment, ImageSource, Noise, TrainingPhase, TrainingStart, presets,
};
use web_sys::File;
use yew::prelude::*;

use self::editor::Editor;
use super::state::{Lab, RunPhase, preset_of, with_preset};
use crate::parts::{
    field::{Choice, NumberField, Slider, field_error, options, switch},
    figures::{fixed, grouped, shortest},
    file_button::file_button,
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
    pub edit: Callback<Experiment>,
    pub start_from: Callback<TrainingStart>,
    pub open_images: Callback<Vec<File>>,
    pub run: Callback<RunRequest>,
}

/// The panel.
pub fn view(lab: &Lab, actions: &PanelActions) -> Html {
    let error = (*lab.experiment).clone().check().err().map(Rc::new);
    let editor = Editor { experiment: lab.experiment.clone(), error, on_edit: actions.edit.clone() };
    let lacks_images = lab.experiment.data.source == ImageSource::Opened && lab.opened.is_none();
    let on_start = actions.start_from.reform(|on| if on { TrainingStart::Continue } else { TrainingStart::Fresh });
    html! {
        <section class="train-panel card" aria-labelledby="train-title">
            <h2 id="train-title">{ "Train your own" }</h2>
            <fieldset disabled={lab.phase.is_active()}>
                { data(&editor, lab, lacks_images, &actions.open_images) }
                { network(&editor) }
                { corruption(&editor) }
                { pace(&editor) }
                { more::view(&editor) }
                if lab.can_continue() {
                    { switch("Train on from the model in hand", lab.start == TrainingStart::Continue, &on_start) }
                }
            </fieldset>
            { run_buttons(&lab.phase, editor.error.is_none() && !lacks_images, &actions.run) }
        </section>
    }
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
    let selected = match editor.experiment.data.source {
        ImageSource::Strokes => "strokes",
        ImageSource::Digits8x8 => "digits8x8",
        // Rows of a table are no choice here; whoever comes with them has to open images.
        ImageSource::Opened | ImageSource::TableRows => "opened",
    };
    let on_change = editor.on(|experiment, index: usize| {
        experiment.data.source = SOURCES[index].clone();
        // Generated images have to be counted; all of the others are used.
        experiment.data.limit = (SOURCES[index] == ImageSource::Strokes).then_some(10_000);
    });
    let error = lacks_images.then_some("open images first: an MNIST file, or PNG and JPEG pictures".into());
    let accept = ".gz,.idx,.png,.jpg,.jpeg,image/png,image/jpeg,*";
    html! {
        <>
            { Choice { label: "Data", options, selected, error, on_change }.view() }
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

fn network(editor: &Editor) -> Html {
    let presets = presets();
    let preset = preset_of(&editor.experiment);
    let mut options: Vec<(AttrValue, AttrValue)> =
        presets.iter().map(|preset| (preset.name.into(), preset.title.into())).collect();
    if preset.is_none() {
        options.push(("custom".into(), "Your own".into()));
    }
    let about = preset.as_ref().map_or("Edited from a preset.", |preset| preset.about);
    let selected = preset.as_ref().map_or("custom", |preset| preset.name);
    let on_change = editor.on(move |experiment, index: usize| {
        if let Some(preset) = presets.get(index) {
            *experiment = with_preset(experiment, preset);
        }
    });
    let latent = match &editor.experiment.network.bottleneck {
        BottleneckSpec::Dense { size, .. } => Some(*size),
        BottleneckSpec::Direct => None,
    };
    let on_latent = editor.on_count(|experiment, size| experiment.network.set_latent_size(size));
    html! {
        <>
            { Choice { label: "Preset", options, selected, error: None, on_change }.view() }
            <p class="hint">{ about }</p>
            { field_error(editor.error_of("network").as_ref()) }
            { NumberField::new("Latent size", latent, on_latent).whole().placeholder("feature maps").view() }
        </>
    }
}

fn corruption(editor: &Editor) -> Html {
    let Corruption { noise, level, varied } = editor.experiment.objective.corruption;
    let on_change = editor.on(|experiment, index: usize| {
        let corruption = &mut experiment.objective.corruption;
        corruption.noise = Noise::ALL[index];
        if corruption.level <= 0.0 {
            corruption.level = 0.5;
        }
    });
    let error = editor.error_of("objective.corruption");
    let on_level = editor.on(|experiment, level: f64| experiment.objective.corruption.level = level as f32);
    let on_varied = editor.on(|experiment, varied| experiment.objective.corruption.varied = varied);
    html! {
        <>
            { Choice { label: "Corruption", options: super::noise_options(), selected: noise.slug(), error, on_change }.view() }
            if noise != Noise::None {
                { Slider {
                    label: "Corruption level",
                    min: "0",
                    max: "1",
                    step: "0.01",
                    value: shortest(level),
                    text: fixed(level, 2),
                    disabled: false,
                    on_change: on_level,
                }.view() }
                { switch("Every level up to this", varied, &on_varied) }
            }
        </>
    }
}

fn pace(editor: &Editor) -> Html {
    let schedule = &editor.experiment.schedule;
    let rate = schedule.learning_rate;
    let on_epochs = editor.on_count(|experiment, epochs| experiment.schedule.epochs = epochs);
    let on_batch = editor.on_count(|experiment, size| experiment.schedule.batch_size = size);
    let on_slide = editor.on(|experiment, power: f64| experiment.schedule.learning_rate = round_power(power));
    let on_rate = editor.on(|experiment, rate: f64| experiment.schedule.learning_rate = rate as f32);
    html! {
        <>
            <div class="pair">
                { NumberField::new("Epochs", Some(schedule.epochs), on_epochs).whole().error(editor.error_of("schedule.epochs")).view() }
                { NumberField::new("Batch size", Some(schedule.batch_size), on_batch).whole().error(editor.error_of("schedule.batch_size")).view() }
            </div>
            <div class="pair wide-left">
                { Slider {
                    label: "Learning rate",
                    min: "-5",
                    max: "1",
                    step: "0.1",
                    value: fixed(rate.max(1e-6).log10(), 1),
                    text: shortest(rate),
                    disabled: false,
                    on_change: on_slide,
                }.view() }
                { NumberField::new("Value", Some(shortest(rate)), on_rate).name("Learning rate value").error(editor.error_of("schedule.learning_rate")).view() }
            </div>
        </>
    }
}

/// Ten to that power, in two digits: the slider moves by tenths of a power.
fn round_power(power: f64) -> f32 {
    let tens = 10_f64.powi(power.floor() as i32 - 1);
    let digits = ((power - power.floor()) * std::f64::consts::LN_10).exp() * 10.0;
    (digits.round() * tens) as f32
}

fn run_buttons(phase: &RunPhase, can_train: bool, on_run: &Callback<RunRequest>) -> Html {
    let button = |name: &'static str, class: &'static str, request: RunRequest, disabled: bool| {
        let onclick = on_run.reform(move |_: MouseEvent| request);
        html! { <button type="button" {class} {onclick} {disabled}>{ name }</button> }
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

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn the_slider_gives_round_rates() {
        let rates = [-3.0, -2.7, -5.0, 0.0, 1.0].map(|power| shortest(round_power(power)));
        assert_eq!(rates, ["0.001", "0.002", "0.00001", "1", "10"]);
    }
}
