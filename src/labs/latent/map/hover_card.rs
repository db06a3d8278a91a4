//! Card beside the pointer: the sample there with its reconstruction, or what the decoder paints between the points.

use std::rc::Rc;

use pinhole_protocol::latent::SampleDetails;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::labs::latent::{
    controller::Controller,
    pictures::{PaintedCanvas, Painting},
    sample::text,
    state::{Hover, Lab, Purpose},
};

/// Distance of the card from the pointer, in pixels.
const DISTANCE_PX: f64 = 18.0;

/// Share of the map from which on the card stands at the other side of the pointer.
const TURN: f64 = 0.55;

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

/// The card; nothing while the pointer is elsewhere. A screen reader is told by the status and by the views beside the map.
#[component]
pub fn HoverCard(props: &HoverCardProps) -> Html {
    let card = use_node_ref();
    {
        let (card, controller, hover) = (card.clone(), props.controller.clone(), props.lab.hover);
        use_effect(move || place(&card, &controller, hover));
    }
    let paintings = paintings(&props.lab);
    if props.lab.hover.is_none() || paintings.is_empty() {
        return Html::default();
    }
    html! {
        <div class="hover-card" ref={card} aria-hidden="true">
            <div class="hover-pictures">
                { for paintings.into_iter().map(|(name, painting)| html! {
                    <figure key={name}><PaintedCanvas painting={Some(painting)} /><figcaption>{ name }</figcaption></figure>
                }) }
            </div>
            <p class="figure">{ hover_text(&props.lab) }</p>
        </div>
    }
}

/// Pictures at the pointer, with their names.
fn paintings(lab: &Lab) -> Vec<(&'static str, Painting)> {
    let is_between = lab.hover.is_some_and(|hover| hover.index.is_none());
    let mut named = Vec::new();
    let mut add = |name, painting: Option<Painting>| named.extend(painting.map(|painting| (name, painting)));
    if let Some(details) = hovered_details(lab) {
        let (sample, reconstruction) = (details.sample.as_ref(), details.reconstruction.as_ref());
        add("Sample", sample.and_then(Painting::strip));
        add("Decoded", reconstruction.and_then(Painting::strip));
        let both = sample.zip(reconstruction);
        add("Difference", both.and_then(|(sample, reconstruction)| Painting::difference(sample, reconstruction)));
    } else if let Some(samples) = lab.answers.decoded(Purpose::Pointer).filter(|_| is_between) {
        add("Decoded", Painting::strip(&samples.content));
    }
    named
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
        return at.map(|value| text::number(value, 2)).join(", ");
    };
    let name = text::name(lab, index);
    match hovered_details(lab).and_then(|details| text::error_text(details)) {
        Some(error) => format!("{name}: {error}"),
        None => name,
    }
}

/// Places the card beside the pointer, where there is room.
fn place(card: &NodeRef, controller: &Controller, hover: Option<Hover>) {
    let (Some(card), Some(hover)) = (card.cast::<HtmlElement>(), hover) else { return };
    let Some(((x, y), (width, height))) = controller.map.pixel(hover.at) else { return };
    let horizontal =
        if x > width * TURN { ("right", width - x + DISTANCE_PX, "left") } else { ("left", x + DISTANCE_PX, "right") };
    let vertical = if y > height * TURN { ("bottom", height - y, "top") } else { ("top", y, "bottom") };
    let style = card.style();
    for (side, distance, other) in [horizontal, vertical] {
        let set = style.set_property(side, &format!("{distance}px")).and_then(|()| style.set_property(other, "auto"));
        debug_assert!(set.is_ok(), "a length is a valid value");
    }
}
