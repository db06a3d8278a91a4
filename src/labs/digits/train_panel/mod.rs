//! Everything that a run is made of, with what is wrong right beside it.

mod editor;
mod more;

use std::rc::Rc;

use pinhole_protocol::{
    BottleneckSpec, CheckedExperiment, Corruption, DataSummary, Experiment, ImageSource, Noise, SpecError,
    TrainingPhase, TrainingStart, presets,
};
use web_sys::File;
use yew::prelude::*;

use self::{
    editor::{Editor, exact},
    more::MoreSettings,
};
use super::state::{RunPhase, preset_of, with_preset};
use crate::parts::{
    field::{Choice, FieldError, NumberField, Switch},
    figures::grouped,
    file_button::FileButton,
    slider::Slider,
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

#[derive(Properties, PartialEq)]
pub struct TrainPanelProps {
    pub experiment: Rc<Experiment>,
    pub checked: Result<CheckedExperiment, Rc<SpecError>>,
    pub opened: Option<Rc<DataSummary>>,
    pub phase: RunPhase,
    pub start: TrainingStart,
    pub can_continue: bool,
    pub on_edit: Callback<Experiment>,
    pub on_start: Callback<TrainingStart>,
    pub on_images: Callback<Vec<File>>,
    pub on_run: Callback<RunRequest>,
}

/// The panel.
#[component]
pub fn TrainPanel(props: &TrainPanelProps) -> Html {
    let editor = Editor {
        experiment: props.experiment.clone(),
        error: props.checked.as_ref().err().cloned(),
        on_edit: props.on_edit.clone(),
    };
    let lacks_images = props.experiment.data.source == ImageSource::Opened && props.opened.is_none();
    let is_active = props.phase.is_active();
    html! {
        <section class="train-panel card" aria-labelledby="train-title">
            <h2 id="train-title">{ "Train your own" }</h2>
            <fieldset disabled={is_active}>
                <DataSettings editor={editor.clone()} opened={props.opened.clone()} {lacks_images} on_images={props.on_images.clone()} />
                <NetworkSettings editor={editor.clone()} />
                <CorruptionSettings editor={editor.clone()} />
                <PaceSettings editor={editor.clone()} />
                <MoreSettings {editor} />
                if props.can_continue {
                    <Switch label="Train on from the model in hand" on={props.start == TrainingStart::Continue}
                        on_change={props.on_start.reform(|on| if on { TrainingStart::Continue } else { TrainingStart::Fresh })} />
                }
            </fieldset>
            <RunButtons phase={props.phase.clone()} can_train={props.checked.is_ok() && !lacks_images} on_run={props.on_run.clone()} />
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct EditorProps {
    editor: Editor,
}

#[derive(Properties, PartialEq)]
struct DataSettingsProps {
    editor: Editor,
    opened: Option<Rc<DataSummary>>,
    lacks_images: bool,
    on_images: Callback<Vec<File>>,
}

#[component]
fn DataSettings(props: &DataSettingsProps) -> Html {
    const SOURCES: [ImageSource; 3] = [ImageSource::Strokes, ImageSource::Digits8x8, ImageSource::Opened];
    const SLUGS: [&str; 3] = ["strokes", "digits8x8", "opened"];
    let source = &props.editor.experiment.data.source;
    let slug = SOURCES.iter().position(|known| known == source).map_or("", |index| SLUGS[index]);
    let opened_title = props.opened.as_ref().map_or_else(
        || "Opened images".to_owned(),
        |opened| format!("{} ({} images)", opened.name, grouped(opened.images)),
    );
    let titles = ["Handwritten-style strokes".into(), "1,797 real 8×8 digits".into(), opened_title];
    let options = SLUGS.iter().zip(titles).map(|(slug, title)| ((*slug).into(), title.into())).collect::<Vec<_>>();
    let on_change = props.editor.on(|experiment, index: usize| {
        experiment.data.source = SOURCES[index].clone();
        // Generated images have to be counted; all of the others are used.
        experiment.data.limit = (SOURCES[index] == ImageSource::Strokes).then_some(10_000);
    });
    let error =
        props.lacks_images.then(|| AttrValue::from("open images first: an MNIST file, or PNG and JPEG pictures"));
    html! {
        <>
            <Choice label="Data" {options} selected={slug} {error} {on_change} />
            <div class="row">
                <FileButton label="Open images" accept=".gz,.idx,.png,.jpg,.jpeg,image/png,image/jpeg,*" multiple=true on_files={props.on_images.clone()} />
                <span class="hint">{ "MNIST (IDX, plain or .gz), PNG or JPEG. Or drop them on the page." }</span>
            </div>
            if let Some(opened) = &props.opened {
                <p class="hint">{ format!("Opened: {}, {} images.", opened.name, grouped(opened.images)) }</p>
                { for opened.warnings.iter().map(|warning| html! { <p class="hint">{ warning }</p> }) }
            }
        </>
    }
}

#[component]
fn NetworkSettings(props: &EditorProps) -> Html {
    let editor = &props.editor;
    let presets = presets();
    let preset = preset_of(&editor.experiment);
    let mut options: Vec<(AttrValue, AttrValue)> =
        presets.iter().map(|preset| (preset.name.into(), preset.title.into())).collect();
    if preset.is_none() {
        options.push(("custom".into(), "Your own".into()));
    }
    let about = preset.as_ref().map_or("Edited from a preset.", |preset| preset.about);
    let on_preset = editor.on(move |experiment, index: usize| {
        if let Some(preset) = presets.get(index) {
            *experiment = with_preset(experiment, preset);
        }
    });
    let (latent, placeholder) = match &editor.experiment.network.bottleneck {
        BottleneckSpec::Dense { size, .. } => (Some(*size as f64), ""),
        BottleneckSpec::Direct => (None, "feature maps"),
    };
    html! {
        <>
            <Choice label="Preset" {options} selected={preset.map_or("custom", |preset| preset.name)} on_change={on_preset} />
            <p class="hint">{ about }</p>
            <FieldError message={editor.error_of("network")} />
            <NumberField label="Latent size" value={latent} step="1" {placeholder}
                on_change={editor.on_count(|experiment, size| experiment.network.set_latent_size(size))} />
        </>
    }
}

#[component]
fn CorruptionSettings(props: &EditorProps) -> Html {
    let editor = &props.editor;
    let Corruption { noise, level, varied } = editor.experiment.objective.corruption;
    let on_noise = editor.on(|experiment, index: usize| {
        let corruption = &mut experiment.objective.corruption;
        corruption.noise = Noise::ALL[index];
        if corruption.level <= 0.0 {
            corruption.level = 0.5;
        }
    });
    html! {
        <>
            <Choice label="Corruption" options={super::noise_options()} selected={noise.slug()}
                error={editor.error_of("objective.corruption")} on_change={on_noise} />
            if noise != Noise::None {
                <Slider label="Corruption level" min=0.0 max=1.0 step=0.01 value={exact(level)} text={format!("{level:.2}")}
                    on_change={editor.on(|experiment, level: f64| experiment.objective.corruption.level = level as f32)} />
                <Switch label="Every level up to this" on={varied}
                    on_change={editor.on(|experiment, varied| experiment.objective.corruption.varied = varied)} />
            }
        </>
    }
}

#[component]
fn PaceSettings(props: &EditorProps) -> Html {
    let editor = &props.editor;
    let schedule = &editor.experiment.schedule;
    let rate = exact(schedule.learning_rate);
    // The slider moves by tenths of a power of ten; only its own moves are rounded.
    let on_slide = editor.on(|experiment, power: f64| {
        experiment.schedule.learning_rate = format!("{:.1e}", 10_f64.powf(power)).parse().unwrap_or(1e-3);
    });
    html! {
        <>
            <div class="pair">
                <NumberField label="Epochs" value={Some(schedule.epochs as f64)} step="1" error={editor.error_of("schedule.epochs")}
                    on_change={editor.on_count(|experiment, epochs| experiment.schedule.epochs = epochs)} />
                <NumberField label="Batch size" value={Some(schedule.batch_size as f64)} step="1" error={editor.error_of("schedule.batch_size")}
                    on_change={editor.on_count(|experiment, size| experiment.schedule.batch_size = size)} />
            </div>
            <div class="pair wide-left">
                <Slider label="Learning rate" min={-5.0} max=1.0 step=0.1 value={rate.max(1e-6).log10()} text={rate.to_string()} on_change={on_slide} />
                <NumberField label="Value" name="Learning rate value" value={Some(rate)} error={editor.error_of("schedule.learning_rate")}
                    on_change={editor.on(|experiment, rate: f64| experiment.schedule.learning_rate = rate as f32)} />
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct RunButtonsProps {
    phase: RunPhase,
    can_train: bool,
    on_run: Callback<RunRequest>,
}

#[component]
fn RunButtons(props: &RunButtonsProps) -> Html {
    let button = |name: &'static str, class: &'static str, request: RunRequest, disabled: bool| {
        let onclick = props.on_run.reform(move |_: MouseEvent| request);
        html! { <button type="button" {class} {onclick} {disabled}>{ name }</button> }
    };
    let is_active = props.phase.is_active();
    let is_paused = props.phase == RunPhase::Active(TrainingPhase::Paused);
    html! {
        <div class="row run-buttons">
            { button("Train", "button primary", RunRequest::Train, is_active || !props.can_train) }
            { button("Pause", "button", RunRequest::Pause, !is_active || is_paused) }
            { button("Resume", "button", RunRequest::Resume, !is_paused) }
            { button("Step", "button", RunRequest::Step, !is_paused) }
            { button("Stop", "button", RunRequest::Stop, !is_active) }
        </div>
    }
}
