//! Card beside the pointer: the sample there with its reconstruction, or what the decoder paints between the points.

use std::rc::Rc;

use pinhole_protocol::latent::{DecodedContent, SampleDetails};
use web_sys::{HtmlCanvasElement, HtmlElement};
use yew::prelude::*;

use crate::{
    components::{format::fixed, picture},
    labs::latent::{
        controller::Controller,
        state::{Hover, Lab, Purpose},
    },
};

/// Multiple of the usual error from which a sample is said to be rebuilt badly.
const BAD_FACTOR: f32 = 2.0;

#[derive(Properties)]
pub struct HoverCardProps {
    pub controller: Rc<Controller>,
    pub lab: Rc<Lab>,
}

impl PartialEq for HoverCardProps {
    fn eq(&self, other: &Self) -> bool {
        let details = |lab: &Lab| lab.answers.sample(Purpose::Hovered).map(Rc::as_ptr);
        let decoded = |lab: &Lab| lab.answers.decoded(Purpose::Pointer).map(Rc::as_ptr);
        let same_answers = details(&self.lab) == details(&other.lab) && decoded(&self.lab) == decoded(&other.lab);
        self.lab.hover == other.lab.hover && same_answers
    }
}

/// The card; nothing while the pointer is elsewhere. Its pictures are those of the views beside the map, so that a
/// screen reader is told once.
#[component]
pub fn HoverCard(props: &HoverCardProps) -> Html {
    let card = use_node_ref();
    let canvases = use_memo((), |()| [NodeRef::default(), NodeRef::default()]);
    let pictures = pictures(&props.lab);
    {
        let (card, canvases, pictures) = (card.clone(), canvases.clone(), pictures.clone());
        let (controller, hover) = (props.controller.clone(), props.lab.hover);
        use_effect(move || {
            place(&card, &controller, hover);
            for (canvas, (_, content)) in canvases.iter().zip(&pictures) {
                paint(canvas, content);
            }
        });
    }
    if props.lab.hover.is_none() || pictures.is_empty() {
        return Html::default();
    }
    html! {
        <div class="hover-card" ref={card} aria-hidden="true">
            <div class="hover-pictures">
                { for pictures.iter().zip(canvases.iter()).map(|((name, _), canvas)| html! {
                    <figure>
                        <span class="picture-frame"><canvas ref={canvas.clone()} width="28" height="28"></canvas></span>
                        <figcaption>{ *name }</figcaption>
                    </figure>
                }) }
            </div>
            <p class="figure">{ hover_text(&props.lab) }</p>
        </div>
    }
}

/// Pictures at the pointer, with their names.
fn pictures(lab: &Lab) -> Vec<(&'static str, DecodedContent)> {
    let is_picture = |content: &DecodedContent| matches!(content, DecodedContent::Pictures { .. });
    let named = |name, content: Option<&DecodedContent>| {
        content.filter(|content| is_picture(content)).cloned().map(|content| (name, content))
    };
    if let Some(details) = hovered_details(lab) {
        let both = [named("Sample", details.sample.as_ref()), named("Decoded", details.reconstruction.as_ref())];
        return both.into_iter().flatten().collect();
    }
    let is_between = lab.hover.is_some_and(|hover| hover.index.is_none());
    let decoded = lab.answers.decoded(Purpose::Pointer).filter(|_| is_between);
    named("Decoded", decoded.map(|samples| &samples.content)).into_iter().collect()
}

/// Description of the sample under the pointer, once it is there.
fn hovered_details(lab: &Lab) -> Option<&Rc<SampleDetails>> {
    let index = lab.hover?.index?;
    lab.answers.sample(Purpose::Hovered).filter(|details| details.index == index)
}

/// What is under the pointer, in words.
pub fn hover_text(lab: &Lab) -> String {
    let Some(Hover { index, at }) = lab.hover else { return String::new() };
    let Some(index) = index else {
        return format!("{}, {}", fixed(at[0], 2), fixed(at[1], 2)).replace('-', "−");
    };
    let name = match lab.category(index) {
        Some(category) => format!("Sample {index}, {category}"),
        None => format!("Sample {index}"),
    };
    let Some((error, usual)) = hovered_details(lab).and_then(|details| details.error.zip(details.usual_error)) else {
        return name;
    };
    if error > usual * BAD_FACTOR {
        format!("{name}: error {}, {} times the usual", fixed(error, 3), fixed(error / usual, 0))
    } else {
        format!("{name}: error {}", fixed(error, 3))
    }
}

/// Places the card beside the pointer, where there is room.
fn place(card: &NodeRef, controller: &Controller, hover: Option<Hover>) {
    let (Some(card), Some(hover)) = (card.cast::<HtmlElement>(), hover) else { return };
    let Some(((x, y), (width, height))) = controller.map.pixel(hover.at) else { return };
    let style = card.style();
    let is_right = x > width * 0.55;
    let horizontal = if is_right { ("right", width - x + 18.0, "left") } else { ("left", x + 18.0, "right") };
    let vertical = if y > height * 0.55 { ("bottom", height - y, "top") } else { ("top", y, "bottom") };
    for (side, distance, other) in [horizontal, vertical] {
        let set = style.set_property(side, &format!("{distance}px")).and_then(|()| style.set_property(other, "auto"));
        debug_assert!(set.is_ok(), "a length is a valid value");
    }
}

fn paint(canvas: &NodeRef, content: &DecodedContent) {
    if let (Some(canvas), DecodedContent::Pictures { shape, pixels }) = (canvas.cast::<HtmlCanvasElement>(), content) {
        picture::show_all(&canvas, &pixels.0, *shape, 1);
    }
}
