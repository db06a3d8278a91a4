//! The first thing on the page: draw, dirty, and see it come back clean.

use std::rc::Rc;

use gloo_events::EventListener;
use pinhole_protocol::{Corruption, GridShape, Noise, Quality};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::desk::Desk;
use crate::{
    components::{
        field::{Choice, Slider, options},
        figures::{fixed, shortest},
        pad::{self, Mark},
        picture,
    },
    engine_client::{Engine, News, use_news},
    services::use_mount,
};

#[derive(Properties, PartialEq)]
pub struct DrawSectionProps {
    pub engine: Engine,
    /// What the model reads.
    pub input: GridShape,
    /// Whether it is in sight.
    pub is_shown: bool,
}

/// Pad, noise, pictures and their quality.
#[component]
pub fn DrawSection(props: &DrawSectionProps) -> Html {
    let engine = &props.engine;
    let update = use_force_update();
    let desk = {
        let engine = engine.clone();
        use_memo((), move |()| Desk::new(engine, update))
    };
    {
        let desk = desk.clone();
        use_news(engine, Rc::new(move |news: &News| desk.hear(news)));
    }
    {
        let desk = desk.clone();
        use_effect_with(props.is_shown, move |is_shown| desk.set_shown(*is_shown));
    }
    {
        let desk = desk.clone();
        use_effect_with(props.input, move |input| desk.set_input(*input));
    }
    {
        let desk = desk.clone();
        use_mount(Rc::new(move || {
            desk.pad.repaint();
            Box::new(shortcuts(desk.clone()))
        }));
    }
    html! {
        <section class="draw" aria-labelledby="draw-title">
            <header class="lead">
                <h1 id="draw-title">{ "Draw a digit. It comes back clean." }</h1>
                <p>{ "An autoencoder squeezes a picture through a few numbers and rebuilds it. What does not fit through, such as noise, stays behind." }</p>
            </header>
            <div class="optics">
                { pad_with_tools(&desk) }
                <div class="path">
                    { pictures(&desk) }
                    if !picture::is_picture(props.input) {
                        <p class="hint">{ format!("Drawings need a model of pictures, and the one in hand reads rows of {} numbers: open or train a model of pictures to send them through it.", props.input.len()) }</p>
                    }
                    { noise_controls(&desk) }
                </div>
            </div>
        </section>
    }
}

/// The pad and what can be done to it.
fn pad_with_tools(desk: &Rc<Desk>) -> Html {
    let on_change = {
        let desk = desk.clone();
        Callback::from(move |()| desk.pad_changed())
    };
    let tool = |name: &'static str, disabled: bool, act: fn(&Rc<Desk>)| {
        let desk = desk.clone();
        let onclick = Callback::from(move |_: MouseEvent| act(&desk));
        html! { <button type="button" class="button" {onclick} {disabled}>{ name }</button> }
    };
    let on_brush = {
        let desk = desk.clone();
        Callback::from(move |width: f64| desk.set_brush(width as f32))
    };
    let (can_undo, can_redo) = desk.pad.steps();
    let brush = desk.brush.get();
    html! {
        <div class="pad-column">
            { pad::view(&desk.pad, brush, &on_change) }
            <div class="row tools">
                { tool("Undo", !can_undo, undo) }
                { tool("Redo", !can_redo, redo) }
                { tool("Clear", desk.pad.is_empty(), clear) }
                { tool("Surprise me", false, |desk| desk.surprise()) }
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

fn undo(desk: &Rc<Desk>) {
    desk.pad.undo();
    desk.pad_changed();
}

fn redo(desk: &Rc<Desk>) {
    desk.pad.redo();
    desk.pad_changed();
}

fn clear(desk: &Rc<Desk>) {
    desk.pad.add(Mark::Clear);
    desk.pad_changed();
}

/// Control Z and Control Y (or Shift Control Z), unless something is being typed.
fn shortcuts(desk: Rc<Desk>) -> EventListener {
    let window = web_sys::window().expect("the page runs in a window");
    EventListener::new(&window, "keydown", move |event| {
        let event: &KeyboardEvent = event.unchecked_ref();
        let is_typing = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlElement>().ok())
            .is_some_and(|element| ["INPUT", "SELECT", "TEXTAREA"].contains(&element.tag_name().as_str()));
        if !desk.is_shown() || is_typing || !(event.ctrl_key() || event.meta_key()) {
            return;
        }
        match (event.key().as_str(), event.shift_key()) {
            ("z", false) => undo(&desk),
            ("Z" | "z", true) | ("y" | "Y", _) => redo(&desk),
            _ => {}
        }
    })
}

/// Kind and level of the noise.
fn noise_controls(desk: &Rc<Desk>) -> Html {
    let corruption = desk.corruption.get();
    let on_kind = {
        let desk = desk.clone();
        Callback::from(move |index: usize| desk.set_corruption(Corruption { noise: Noise::ALL[index], ..corruption }))
    };
    let on_level = {
        let desk = desk.clone();
        Callback::from(move |level: f64| desk.set_corruption(Corruption { level: level as f32, ..corruption }))
    };
    let again = {
        let desk = desk.clone();
        Callback::from(move |_: MouseEvent| desk.throw_noise())
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

/// Clean, noisy, through the hole, denoised.
fn pictures(desk: &Desk) -> Html {
    let likeness = desk.likeness.get();
    html! {
        <div class={if desk.is_blank() { "pictures blank" } else { "pictures" }}>
            <figure>
                { picture::view(&desk.pictures.clean, "Clean") }
                <figcaption><span class="caption">{ "Clean" }</span><span class="quality">{ "as MNIST would have it" }</span></figcaption>
            </figure>
            <figure>
                { picture::view(&desk.pictures.noisy, "Noisy") }
                <figcaption><span class="caption">{ "Noisy" }</span>{ figures("psnr-noisy", "ssim-noisy", likeness.map(|(noisy, _)| noisy)) }</figcaption>
            </figure>
            { cones() }
            <figure class="result">
                { picture::view(&desk.pictures.denoised, "Denoised") }
                <figcaption><span class="caption">{ "Denoised" }</span>{ figures("psnr-denoised", "ssim-denoised", likeness.map(|(_, denoised)| denoised)) }</figcaption>
            </figure>
        </div>
    }
}

/// Light through a pinhole: what stands on one side appears on the other.
fn cones() -> Html {
    html! {
        <svg class="cones" viewBox="0 0 60 100" aria-hidden="true" preserveAspectRatio="none">
            <path class="cone-in" d="M0 17.4 30 50 0 82.6Z" />
            <path class="cone-out" d="M60 0 30 50l30 50Z" />
        </svg>
    }
}

fn figures(psnr_id: &'static str, ssim_id: &'static str, quality: Option<Quality>) -> Html {
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
