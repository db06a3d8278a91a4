//! The first thing on the page: draw, dirty, and see it come back clean.

use std::rc::Rc;

use gloo_events::EventListener;
use pinhole_protocol::{Corruption, Noise, Quality};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent as DomKeyboardEvent};
use yew::prelude::*;

use super::{
    desk::{Desk, Shown},
    errands::Errand,
};
use crate::{
    engine::{use_engine, use_news},
    parts::{
        field::Choice,
        pad::{DrawingPad, Mark},
        picture::Picture,
        slider::Slider,
    },
};

/// Compared by identity: the desk stays the same while its pictures change.
#[derive(Clone)]
struct DeskRef(Rc<Desk>);

impl PartialEq for DeskRef {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Pad, noise, pictures and their quality.
#[component]
pub fn DrawSection() -> Html {
    let engine = use_engine();
    let shown = use_state_eq(Shown::default);
    let desk = {
        let setter = shown.setter();
        DeskRef(use_memo((), move |()| Desk::new(engine, setter)).clone())
    };
    html! {
        <section class="draw" aria-labelledby="draw-title">
            <header class="lead">
                <h1 id="draw-title">{ "Draw a digit. It comes back clean." }</h1>
                <p>{ "An autoencoder squeezes a picture through a few numbers and rebuilds it. What does not fit through, such as noise, stays behind." }</p>
            </header>
            <div class="optics">
                <PadWithTools desk={desk.clone()} />
                <div class="path">
                    <Pictures shown={(*shown).clone()} />
                    <NoiseControls {desk} />
                </div>
            </div>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct DeskProps {
    desk: DeskRef,
}

/// The pad and what can be done to it.
#[component]
fn PadWithTools(props: &DeskProps) -> Html {
    let desk = props.desk.0.clone();
    let brush = use_state_eq(|| 0.085_f32);
    let update = use_force_update();
    let on_change = {
        let (desk, update) = (desk.clone(), update.clone());
        Callback::from(move |()| {
            desk.want(Errand::Drawing);
            update.force_update();
        })
    };
    {
        let (desk, update) = (desk.clone(), update);
        use_news(move |news| {
            if desk.hear(news) {
                update.force_update();
            }
        });
    }
    let act = |change: fn(&Desk)| {
        let (desk, on_change) = (desk.clone(), on_change.clone());
        Callback::from(move |_: MouseEvent| {
            change(&desk);
            on_change.emit(());
        })
    };
    use_shortcuts(&desk, &on_change);
    let surprise = {
        let desk = desk.clone();
        Callback::from(move |_: MouseEvent| desk.surprise())
    };
    let on_brush = {
        let brush = brush.clone();
        Callback::from(move |value: f64| brush.set(value as f32))
    };
    let (can_undo, can_redo) = desk.pad.steps();
    let is_empty = desk.pad.is_empty();
    html! {
        <div class="pad-column">
            <DrawingPad pad={desk.pad.clone()} brush={*brush} on_change={on_change.clone()}>
                if is_empty {
                    <p class="pad-hint">{ "Draw here" }</p>
                }
            </DrawingPad>
            <div class="row tools">
                <button type="button" class="button" onclick={act(|desk| desk.pad.undo())} disabled={!can_undo}>{ "Undo" }</button>
                <button type="button" class="button" onclick={act(|desk| desk.pad.redo())} disabled={!can_redo}>{ "Redo" }</button>
                <button type="button" class="button" onclick={act(|desk| desk.pad.add(Mark::Clear))} disabled={is_empty}>{ "Clear" }</button>
                <button type="button" class="button" onclick={surprise}>{ "Surprise me" }</button>
            </div>
            <Slider label="Brush size" min=0.03 max=0.16 step=0.005 value={f64::from(*brush)}
                text={format!("{:.1} px", *brush * 28.0)} on_change={on_brush} />
        </div>
    }
}

/// Control Z and Control Y (or Shift Control Z), unless something is being typed.
#[hook]
fn use_shortcuts(desk: &Rc<Desk>, on_change: &Callback<()>) {
    let (desk, on_change) = (desk.clone(), on_change.clone());
    use_effect_with((DeskRef(desk.clone()), on_change.clone()), move |_| {
        let window = web_sys::window().expect("the page runs in a window");
        let listener = EventListener::new(&window, "keydown", move |event| {
            let event: &DomKeyboardEvent = event.unchecked_ref();
            let typing = event
                .target()
                .and_then(|target| target.dyn_into::<HtmlElement>().ok())
                .is_some_and(|element| ["INPUT", "SELECT", "TEXTAREA"].contains(&element.tag_name().as_str()));
            if typing || !(event.ctrl_key() || event.meta_key()) {
                return;
            }
            match (event.key().to_ascii_lowercase().as_str(), event.shift_key()) {
                ("z", false) => desk.pad.undo(),
                ("z", true) | ("y", _) => desk.pad.redo(),
                _ => return,
            }
            on_change.emit(());
        });
        move || drop(listener)
    });
}

/// Kind and level of the noise.
#[component]
fn NoiseControls(props: &DeskProps) -> Html {
    let desk = props.desk.0.clone();
    let corruption = use_state_eq(|| Corruption::new(Noise::Gaussian, 0.5));
    let set = {
        let (desk, corruption) = (desk.clone(), corruption.clone());
        move |next: Corruption| {
            corruption.set(next);
            desk.set_corruption(next);
        }
    };
    let on_kind = {
        let (set, now) = (set.clone(), *corruption);
        Callback::from(move |index: usize| set(Corruption { noise: Noise::ALL[index], ..now }))
    };
    let on_level = {
        let now = *corruption;
        Callback::from(move |level: f64| set(Corruption { level: level as f32, ..now }))
    };
    let again = Callback::from(move |_: MouseEvent| desk.throw_noise());
    html! {
        <div class="noise">
            <Choice label="Noise kind" options={super::noise_options()} selected={corruption.noise.slug()} on_change={on_kind} />
            <Slider label="Noise level" min=0.0 max=1.0 step=0.01 value={f64::from(corruption.level)}
                text={format!("{:.2}", corruption.level)} disabled={corruption.noise == Noise::None} on_change={on_level} />
            <button type="button" class="button" onclick={again} disabled={corruption.is_none()}>{ "New noise" }</button>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct PicturesProps {
    shown: Shown,
}

/// Clean, noisy, through the hole, denoised.
#[component]
fn Pictures(props: &PicturesProps) -> Html {
    let Shown { clean, noisy, denoised, quality } = &props.shown;
    let is_blank = clean.is_none();
    html! {
        <div class={classes!("pictures", is_blank.then_some("blank"))}>
            <figure>
                <Picture label="Clean" values={clean.clone()} />
                <figcaption><span class="caption">{ "Clean" }</span><span class="quality">{ "as MNIST would have it" }</span></figcaption>
            </figure>
            <figure>
                <Picture label="Noisy" values={noisy.clone()} />
                <figcaption><span class="caption">{ "Noisy" }</span>{ figures("noisy", quality.map(|(noisy, _)| noisy)) }</figcaption>
            </figure>
            <Cones />
            <figure class="result">
                <Picture label="Denoised" values={denoised.clone()} />
                <figcaption><span class="caption">{ "Denoised" }</span>{ figures("denoised", quality.map(|(_, denoised)| denoised)) }</figcaption>
            </figure>
        </div>
    }
}

/// Light through a pinhole: what stands on one side appears on the other.
#[component]
fn Cones() -> Html {
    html! {
        <svg class="cones" viewBox="0 0 60 100" aria-hidden="true" preserveAspectRatio="none">
            <path class="cone-in" d="M0 17.4 30 50 0 82.6Z" />
            <path class="cone-out" d="M60 0 30 50l30 50Z" />
        </svg>
    }
}

fn figures(which: &str, quality: Option<Quality>) -> Html {
    let text = |value: f64, digits: usize| {
        if value.is_finite() { format!("{value:.digits$}") } else { "∞".into() }
    };
    let (psnr, ssim) = quality.map_or_else(
        || ("–".to_owned(), "–".to_owned()),
        |quality| (format!("{} dB", text(quality.psnr_db, 1)), text(quality.ssim, 3)),
    );
    html! {
        <span class="quality">
            <abbr title="Peak signal-to-noise ratio, in decibels">{ "PSNR" }</abbr>{ " " }
            <span class="figure" data-testid={format!("psnr-{which}")}>{ psnr }</span>{ " · " }
            <abbr title="Structural similarity: 1 is the same picture">{ "SSIM" }</abbr>{ " " }
            <span class="figure" data-testid={format!("ssim-{which}")}>{ ssim }</span>
        </span>
    }
}
