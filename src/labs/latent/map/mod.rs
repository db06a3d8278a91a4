//! The map with its controls, the line under it, the selection, and the maps of a run's epochs.

mod export;
mod hover_card;
mod legend;
mod progress;
mod reading;
mod scene;
mod search;
mod selection;
mod strip;
mod tools;
mod twin;

use std::rc::Rc;

use yew::prelude::*;

pub use self::{export::view as export_view, selection::MAX_SHOWN, strip::Strip};
use self::{
    hover_card::{HoverCard, hover_text},
    legend::{Legend, can_select},
    scene::{scene_of, use_colouring},
    selection::SelectionView,
    twin::Twin,
};
use super::{
    controller::Controller,
    state::{JobKind, Lab, PointerMode, Shown},
};
use crate::components::{format::grouped, map::Outline};

/// Ids of the sentence about the map, and of that about its keys.
const ABOUT: &str = "latent-status latent-keys";

#[derive(Properties)]
pub struct MapSectionProps {
    pub controller: Rc<Controller>,
    pub lab: Rc<Lab>,
}

impl PartialEq for MapSectionProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.lab, &other.lab)
    }
}

/// The map and all that belongs to it.
#[component]
pub fn MapSection(props: &MapSectionProps) -> Html {
    let (lab, controller) = (&props.lab, &props.controller);
    let is_searching = use_state(|| false);
    let searched = use_state(|| None::<String>);
    let colouring = use_colouring(lab);
    {
        let controller = controller.clone();
        use_effect_with((), move |()| controller.map.attach());
    }
    {
        let (controller, lab, colouring) = (controller.clone(), lab.clone(), colouring.clone());
        use_effect(move || {
            controller.map.set_outline(outline(lab.view.mode));
            controller.map.show(scene_of(&lab, colouring));
        });
    }
    let on_search = {
        let is_searching = is_searching.clone();
        Callback::from(move |is_on| is_searching.set(is_on))
    };
    let is_selecting = lab.view.mode != PointerMode::Pan;
    html! {
        <section class="map-part" aria-label="Map">
            { tools::view(lab, controller, *is_searching, &on_search) }
            if *is_searching {
                { search::view(lab, controller, &searched) }
            }
            <div class={classes!("map-frame", is_selecting.then_some("is-selecting"), lab.shown_positions().is_none().then_some("is-empty"))}>
                { controller.map.view("Latent map", ABOUT) }
                { empty(lab) }
                <HoverCard controller={controller.clone()} lab={lab.clone()} />
            </div>
            { progress::view(lab, controller) }
            <p id="latent-status" class="map-status" role="status">{ status(lab) }</p>
            <p id="latent-keys" class="visually-hidden">
                { "Arrow keys move to the neighbour in their direction, Enter chooses it as A, Shift and Enter as B, plus, minus and 0 change the magnification, Escape chooses nothing." }
            </p>
            <Legend {colouring} controller={controller.clone()} can_select={can_select(lab)} />
            { reading::view(lab, controller) }
            <SelectionView controller={controller.clone()} lab={lab.clone()} />
            <Twin controller={controller.clone()} lab={lab.clone()} />
        </section>
    }
}

/// What dragging draws.
const fn outline(mode: PointerMode) -> Option<Outline> {
    match mode {
        PointerMode::Pan => None,
        PointerMode::Lasso => Some(Outline::Lasso),
        PointerMode::Box => Some(Outline::Box),
    }
}

/// Sentence in the place of points, while there are none.
fn empty(lab: &Lab) -> Html {
    if lab.shown_positions().is_some() {
        return Html::default();
    }
    let is_opening = lab.job.as_ref().is_some_and(|job| job.kind == JobKind::Opening);
    let content = match &lab.refusal {
        _ if is_opening || lab.job.is_some() => html! { "The codes are on their way." },
        Some(reason) => html! { <>{ &**reason }{ " " }<a href="#/">{ "To the Digits lab" }</a></> },
        None if lab.vectors.is_some() => html! { "Press a projection: Raw, PCA, t-SNE or UMAP." },
        None => html! {
            <>{ "A map of the codes will stand here: train a network in the " }<a href="#/">{ "Digits lab" }</a>{ ", or open coordinates." }</>
        },
    };
    html! { <p class="map-empty">{ content }</p> }
}

/// What the map shows, in words.
fn status(lab: &Lab) -> String {
    if lab.hover.is_some_and(|hover| hover.index.is_some()) {
        return hover_text(lab);
    }
    match (lab.shown, &lab.vectors) {
        (Shown::Epoch(index), _) => lab
            .history
            .get(index)
            .map_or_else(String::new, |epoch| format!("{} codes after epoch {}", grouped(epoch.count()), epoch.number)),
        (Shown::Map, Some(vectors)) if lab.positions.is_some() => {
            let kind = if vectors.are_coordinates { "points" } else { "codes" };
            let held_out = if vectors.are_held_out { ", of samples that training does not see" } else { "" };
            let selected = lab
                .selection
                .as_ref()
                .map_or_else(String::new, |selection| format!("; {} selected", grouped(selection.len())));
            format!("{}: {} {kind}{held_out}{selected}", lab.method.name(), grouped(vectors.count))
        }
        _ => String::new(),
    }
}
