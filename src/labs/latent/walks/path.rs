//! The walk from A to B: a strip of decoded samples, an animation, and files of both.

use std::rc::Rc;

use gloo_timers::callback::Interval;
use pinhole_protocol::latent::{DecodedContent, DecodedSamples, Interpolation};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{
    numbers::mark,
    recording::{FRAME_MS, Frames, can_record},
};
use crate::{
    components::media,
    glossary::{LinkedTerm, glossary_link},
    labs::latent::{
        controller::{Controller, WALK_STEPS, on},
        pictures::{PaintedCanvas, Painting, column_names, rows_table},
        sample::text,
        state::{ExploreAction, Lab, Purpose},
    },
};

/// Steps of the walk per picture of the strip.
const STRIDE: usize = 4;

/// Query for a system that is asked to move nothing.
const REDUCED_MOTION: &str = "(prefers-reduced-motion: reduce)";

/// Renders the walk, or a sentence that says what it needs.
pub fn view(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let ends = lab.chosen.a.zip(lab.chosen.b);
    let walk = lab.answers.decoded(Purpose::Interpolation).filter(|_| ends.is_some());
    html! {
        <section class="latent-part" aria-labelledby="latent-walk">
            <div class="row spread">
                <h2 id="latent-walk">{ "Walk from A to B" }</h2>
                { ways(lab.exploration.interpolation, controller) }
            </div>
            if let Some(walk) = walk {
                { steps(lab, walk, controller) }
                <div class="row spread">
                    if let Some((a, b)) = ends {
                        <p class="hint">{ format!("From {} to {}, in {} steps.", text::name(lab, a), text::name(lab, b), WALK_STEPS / STRIDE) }</p>
                    }
                    { buttons(lab, walk, controller) }
                </div>
            } else if ends.is_none() {
                <p class="hint">
                    { "Choose two samples: a click is A, a click with Shift held is B. Then the decoder paints the " }
                    { glossary_link(LinkedTerm::Interpolation, "codes between them") }
                    { "." }
                </p>
            }
        </section>
    }
}

/// Buttons of the ways between two codes.
fn ways(chosen: Interpolation, controller: &Rc<Controller>) -> Html {
    let button = |(way, name): (Interpolation, &'static str)| {
        let onclick = on(controller, Controller::explore).reform(move |_: MouseEvent| ExploreAction::Interpolate(way));
        html! {
            <button type="button" class="segment" aria-pressed={(way == chosen).to_string()} {onclick}>{ name }</button>
        }
    };
    let ways = [(Interpolation::Straight, "Straight"), (Interpolation::Spherical, "Spherical")];
    html! { <div class="segments" role="group" aria-label="Interpolation">{ for ways.into_iter().map(button) }</div> }
}

fn steps(lab: &Lab, walk: &DecodedSamples, controller: &Rc<Controller>) -> Html {
    let last = walk.count.saturating_sub(1);
    let step = lab.exploration.step.unwrap_or_default().min(last);
    let oninput = on(controller, |controller, event: InputEvent| {
        let input: HtmlInputElement = event.target_unchecked_into();
        controller.explore(ExploreAction::Play(false));
        controller.explore(ExploreAction::ShowStep(Some(input.value_as_number() as usize)));
    });
    let slider = html! {
        <input type="range" aria-label="Step of the walk" aria-valuetext={format!("{step} of {last}")} min="0" max={last.to_string()}
            step="1" value={step.to_string()} {oninput} />
    };
    match &walk.content {
        DecodedContent::Pictures { .. } => html! {
            <div class="reel">
                <PaintedCanvas label="Walk from A to B" painting={Painting::thinned(&walk.content, STRIDE)} />
                { for lab.exploration.step.map(|step| mark(step as f32 / last.max(1) as f32)) }
                { slider }
            </div>
        },
        DecodedContent::Rows { cells } => {
            let shown: Vec<Vec<String>> = cells.iter().step_by(STRIDE).cloned().collect();
            let columns = lab.vectors.as_ref().map(|vectors| column_names(&vectors.decoding)).unwrap_or_default();
            let ends = shown.len().saturating_sub(1);
            let head = |index: usize| match index {
                0 => "A".to_owned(),
                index if index == ends => "B".into(),
                index => index.to_string(),
            };
            html! { <><div class="reel plain">{ slider }</div>{ rows_table("Walk from A to B", columns, head, &shown) }</> }
        }
    }
}

fn buttons(lab: &Lab, walk: &Rc<DecodedSamples>, controller: &Rc<Controller>) -> Html {
    let is_playing = lab.exploration.is_playing;
    let is_still = media::matches(REDUCED_MOTION);
    let on_play = on(controller, Controller::explore).reform(move |_: MouseEvent| ExploreAction::Play(!is_playing));
    let pictures = Frames::of(&walk.content);
    let notices = controller.services.notices.clone();
    let save = |name: &'static str, save: fn(Frames, crate::notices::Notices)| {
        let (pictures, notices) = (pictures.clone(), notices.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            if let Some(pictures) = pictures.clone() {
                save(pictures, notices.clone());
            }
        });
        html! { <button type="button" class="button quiet" {onclick}>{ name }</button> }
    };
    let on_step = on(controller, Controller::show_next_step);
    html! {
        <div class="row">
            <button type="button" class="button quiet" onclick={on_play} disabled={is_still}>{ if is_playing { "Pause walk" } else { "Play" } }</button>
            if is_still {
                <span class="hint">{ "Your system asks for less motion: drag along the steps." }</span>
            }
            if is_playing {
                <Ticks {on_step} />
            }
            if pictures.is_some() {
                { save("Save as PNG", |pictures, notices| pictures.save_strip(STRIDE, &notices)) }
                if can_record() {
                    { save("Save as WebM", Frames::save_video) }
                } else {
                    <span class="hint">{ "This browser records no video." }</span>
                }
            }
        </div>
    }
}

impl Controller {
    /// Shows the next step of the walk that is played, and stops at its end.
    fn show_next_step(&self, (): ()) {
        let lab = self.lab();
        let last = lab.answers.decoded(Purpose::Interpolation).map_or(0, |walk| walk.count.saturating_sub(1));
        let next = lab.exploration.step.filter(|step| *step < last).map_or(0, |step| step + 1);
        self.explore(ExploreAction::ShowStep(Some(next)));
        if next == last {
            self.explore(ExploreAction::Play(false));
        }
    }
}

#[derive(PartialEq, Properties)]
struct TicksProps {
    on_step: Callback<()>,
}

/// Clock of the animation, which runs while it is rendered.
#[component]
fn Ticks(props: &TicksProps) -> Html {
    let on_step = props.on_step.clone();
    use_effect_with((), move |()| {
        let ticks = Interval::new(FRAME_MS, move || on_step.emit(()));
        move || drop(ticks)
    });
    Html::default()
}
