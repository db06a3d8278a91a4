//! Section to draw a digit, corrupt it, and see it denoised.

use std::rc::Rc;

use gloo_events::EventListener;
use pinhole_protocol::{Corruption, GridShape, Noise, Quality};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::{
    code_figure::CodeFigure,
    live_denoiser::{LiveDenoiser, Qualities},
    task::{PictureNames, Task},
};
use crate::{
    components::{
        drawing_pad::{self, DrawingEdit},
        field::{Choice, Slider, options},
        format::{fixed, shortest},
        picture,
    },
    engine_client::{Engine, EngineUpdate, use_engine_updates},
    services::use_mount,
};

#[derive(Properties, PartialEq)]
pub struct DrawSectionProps {
    pub engine: Engine,
    /// Input shape of the model.
    pub input: GridShape,
    /// Task of the model, if there is one.
    pub task: Option<Task>,
    /// True while the lab is shown.
    pub is_shown: bool,
}

/// Renders the section.
#[component]
pub fn DrawSection(props: &DrawSectionProps) -> Html {
    let engine = &props.engine;
    let update = use_force_update();
    let denoiser = {
        let engine = engine.clone();
        use_memo((), move |()| LiveDenoiser::new(engine, update))
    };
    {
        let denoiser = denoiser.clone();
        use_engine_updates(engine, Rc::new(move |update: &EngineUpdate| denoiser.on_update(update)));
    }
    {
        let denoiser = denoiser.clone();
        use_effect_with(props.is_shown, move |is_shown| denoiser.set_shown(*is_shown));
    }
    {
        let denoiser = denoiser.clone();
        use_effect_with(props.input, move |input| denoiser.set_input(*input));
    }
    {
        let denoiser = denoiser.clone();
        use_effect_with(props.task, move |task| {
            if let Some(task) = *task {
                denoiser.set_task(task);
            }
        });
    }
    {
        let denoiser = denoiser.clone();
        use_effect(move || denoiser.paint_code());
    }
    {
        let denoiser = denoiser.clone();
        use_mount(Rc::new(move || {
            denoiser.pad.repaint();
            Box::new(shortcuts(denoiser.clone()))
        }));
    }
    html! {
        <section class="draw" aria-labelledby="draw-title">
            <header class="lead">
                <h1 id="draw-title">{ denoiser.task().title() }</h1>
                <p>{ "An autoencoder squeezes a picture through a few numbers, its code or latent vector, and rebuilds it. What does not fit through, such as noise, is lost." }</p>
            </header>
            <div class="denoise-layout">
                { pad_with_tools(&denoiser) }
                <div class="path">
                    { pictures(&denoiser) }
                    if !picture::is_picture(props.input) {
                        <p class="hint">{ format!("Drawings need a model of pictures, and the current one reads rows of {} values: open or train a model of pictures to send them through it.", props.input.len()) }</p>
                    }
                    { noise_controls(&denoiser) }
                    if let Some(mismatch) = denoiser.task().mismatch(denoiser.corruption.get()) {
                        <p class="hint">{ mismatch }</p>
                    }
                </div>
            </div>
        </section>
    }
}

/// Renders the pad with its tools.
fn pad_with_tools(denoiser: &Rc<LiveDenoiser>) -> Html {
    let on_change = {
        let denoiser = denoiser.clone();
        Callback::from(move |()| denoiser.on_drawing_changed())
    };
    let tool = |name: &'static str, disabled: bool, act: fn(&Rc<LiveDenoiser>)| {
        let denoiser = denoiser.clone();
        let onclick = Callback::from(move |_: MouseEvent| act(&denoiser));
        html! { <button type="button" class="button" {onclick} {disabled}>{ name }</button> }
    };
    let on_brush = {
        let denoiser = denoiser.clone();
        Callback::from(move |width: f64| denoiser.set_brush(width as f32))
    };
    let (can_undo, can_redo) = denoiser.pad.can_undo_redo();
    let brush = denoiser.brush.get();
    html! {
        <div class="pad-column">
            { drawing_pad::view(&denoiser.pad, brush, &on_change) }
            <div class="row tools">
                { tool("Undo", !can_undo, undo) }
                { tool("Redo", !can_redo, redo) }
                { tool("Clear", denoiser.pad.is_empty(), clear) }
                { tool("Surprise me", false, |denoiser| denoiser.request_random_sample()) }
            </div>
            { Slider {
                label: "Brush size",
                min: "0.03",
                max: "0.16",
                step: "0.005",
                value: shortest(brush),
                text: format!("{} px", fixed(brush * picture::SIDE as f32, 1)),
                disabled: false,
                on_change: on_brush,
            }.view() }
        </div>
    }
}

fn undo(denoiser: &Rc<LiveDenoiser>) {
    denoiser.pad.undo();
    denoiser.on_drawing_changed();
}

fn redo(denoiser: &Rc<LiveDenoiser>) {
    denoiser.pad.redo();
    denoiser.on_drawing_changed();
}

fn clear(denoiser: &Rc<LiveDenoiser>) {
    denoiser.pad.add(DrawingEdit::Clear);
    denoiser.on_drawing_changed();
}

/// Listener for Control Z, and Control Y or Shift Control Z, outside form fields.
fn shortcuts(denoiser: Rc<LiveDenoiser>) -> EventListener {
    let window = web_sys::window().expect("the page runs in a window");
    EventListener::new(&window, "keydown", move |event| {
        let event: &KeyboardEvent = event.unchecked_ref();
        let is_typing = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlElement>().ok())
            .is_some_and(|element| ["INPUT", "SELECT", "TEXTAREA"].contains(&element.tag_name().as_str()));
        if !denoiser.is_shown() || is_typing || !(event.ctrl_key() || event.meta_key()) {
            return;
        }
        match (event.key().as_str(), event.shift_key()) {
            ("z", false) => undo(&denoiser),
            ("Z" | "z", true) | ("y" | "Y", _) => redo(&denoiser),
            _ => {}
        }
    })
}

/// Renders the settings of the noise.
fn noise_controls(denoiser: &Rc<LiveDenoiser>) -> Html {
    let corruption = denoiser.corruption.get();
    let on_kind = {
        let denoiser = denoiser.clone();
        Callback::from(move |index: usize| {
            denoiser.set_corruption(Corruption { noise: Noise::ALL[index], ..corruption });
        })
    };
    let on_level = {
        let denoiser = denoiser.clone();
        Callback::from(move |level: f64| denoiser.set_corruption(Corruption { level: level as f32, ..corruption }))
    };
    let again = {
        let denoiser = denoiser.clone();
        Callback::from(move |_: MouseEvent| denoiser.redraw_noise())
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
            <button type="button" class="button" onclick={again} disabled={corruption.is_none()}>{ "New noise" }</button>
        </div>
    }
}

/// Renders the way of the drawing: the clean picture, the corrupted one if there is a corruption, the code, and the
/// output.
fn pictures(denoiser: &Rc<LiveDenoiser>) -> Html {
    let qualities: Option<Qualities> = denoiser.qualities.get();
    let corruption = denoiser.corruption.get();
    let PictureNames { clean, corrupted, output } = denoiser.task().names(corruption.noise);
    // Also at level 0, so that the pictures stay where they are while the level is chosen.
    let is_corrupted = corruption.noise != Noise::None;
    let mut class = classes!("pictures");
    if denoiser.is_blank() {
        class.push("blank");
    }
    if is_corrupted {
        class.push("corrupted");
    }
    html! {
        <div {class}>
            <figure>
                { picture::view(&denoiser.pictures.clean, clean) }
                <figcaption><span class="caption">{ clean }</span><span class="quality">{ "centred and scaled as in MNIST" }</span></figcaption>
            </figure>
            <figure hidden={!is_corrupted}>
                { picture::view(&denoiser.pictures.noisy, corrupted) }
                <figcaption><span class="caption">{ corrupted }</span>{ quality_text("psnr-noisy", "ssim-noisy", qualities.map(|(noisy, _)| noisy)) }</figcaption>
            </figure>
            <div class="hourglass-code">
                { cones() }
                { code(denoiser) }
            </div>
            <figure class="result">
                { picture::view(&denoiser.pictures.denoised, output) }
                <figcaption><span class="caption">{ output }</span>{ quality_text("psnr-denoised", "ssim-denoised", qualities.and_then(|(_, output)| output)) }</figcaption>
            </figure>
        </div>
    }
}

/// Renders the code, if there is one.
fn code(denoiser: &Rc<LiveDenoiser>) -> Html {
    let on_edit = {
        let denoiser = denoiser.clone();
        Callback::from(move |edit| denoiser.edit_code(edit))
    };
    let shown = denoiser.code.borrow();
    let Some(shown) = &*shown else { return Html::default() };
    CodeFigure {
        code: &shown.code,
        range: shown.range,
        selected: shown.selected,
        is_edited: shown.is_edited,
        inputs: denoiser.input().len(),
        canvas: &denoiser.pictures.code,
        on_edit,
    }
    .view()
}

/// Decoration: light through a pinhole.
fn cones() -> Html {
    html! {
        <svg class="cones" viewBox="0 0 60 100" aria-hidden="true" preserveAspectRatio="none">
            <path class="cone-in" d="M0 17.4 30 50 0 82.6Z" />
            <path class="cone-out" d="M60 0 30 50l30 50Z" />
        </svg>
    }
}

fn quality_text(psnr_id: &'static str, ssim_id: &'static str, quality: Option<Quality>) -> Html {
    let (psnr, ssim) = quality.map_or_else(
        || ("–".to_owned(), "–".to_owned()),
        |quality| (format!("{} dB", fixed(quality.psnr_db, 1)), fixed(quality.ssim, 3)),
    );
    html! {
        <span class="quality">
            <span>
                <abbr title="Peak signal-to-noise ratio, in decibels">{ "PSNR" }</abbr>{ " " }
                <span class="figure" data-testid={psnr_id}>{ psnr }</span>
            </span>
            <span>
                <abbr title="Structural similarity: 1 is the same picture">{ "SSIM" }</abbr>{ " " }
                <span class="figure" data-testid={ssim_id}>{ ssim }</span>
            </span>
        </span>
    }
}
