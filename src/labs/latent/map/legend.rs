//! Meaning of the colours: a scale for numbers, and the categories, each of which selects its points.

use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::{
    components::{
        chart::COLOURS_CHANGED,
        format::{brief, grouped},
        map::palette::{CATEGORY_COLOURS, ColourScale, Colouring, hex, members, number_colour},
        selection::Selection,
    },
    labs::latent::{
        controller::Controller,
        state::{Lab, Shown},
    },
    services::use_mount,
};

/// Categories that are listed; of more the first.
const MAX_LISTED: usize = 40;

/// Steps of a scale of numbers.
const STEPS: usize = 24;

#[derive(Properties)]
pub struct LegendProps {
    pub colouring: Rc<Colouring>,
    pub controller: Rc<Controller>,
    /// True if categories can be selected: the points are vectors.
    pub can_select: bool,
}

impl PartialEq for LegendProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.colouring, &other.colouring) && self.can_select == other.can_select
    }
}

/// Meaning of the colours of the points.
#[component]
pub fn Legend(props: &LegendProps) -> Html {
    let (row, update) = (use_node_ref(), use_force_update());
    use_mount(Rc::new(move || {
        let update = update.clone();
        let window = web_sys::window().expect("the page runs in a window");
        Box::new(EventListener::new(&window, COLOURS_CHANGED, move |_| update.force_update()))
    }));
    {
        let (row, colouring) = (row.clone(), props.colouring.clone());
        use_effect(move || paint(&row, &colouring));
    }
    match &props.colouring.scale {
        ColourScale::Plain => Html::default(),
        ColourScale::Numbers { low, high } => html! {
            <div class="map-legend is-scale" ref={row}>
                <span class="figure">{ brief(f64::from(*low)) }</span>
                <span class="map-scale" aria-hidden="true">{ for (0..STEPS).map(|_| html! { <i></i> }) }</span>
                <span class="figure">{ brief(f64::from(*high)) }</span>
            </div>
        },
        ColourScale::Categories { names, .. } => {
            let counts = members(names.len(), &props.colouring.indices);
            let category = |(category, (name, count)): (usize, (&String, usize))| {
                let onclick = {
                    let (controller, colouring, name) =
                        (props.controller.clone(), props.colouring.clone(), name.clone());
                    Callback::from(move |_: MouseEvent| {
                        let origin = controller.lab().selection_origin();
                        let indices = members_of(&colouring, category);
                        controller.select(Some(Selection::new(origin, indices, name.clone())));
                    })
                };
                html! {
                    <button type="button" class="map-chip" disabled={!props.can_select} title={format!("Select all {}", grouped(count))} {onclick}>
                        <i aria-hidden="true"></i>{ name }
                    </button>
                }
            };
            html! {
                <div class="map-legend" ref={row} role="group" aria-label="Categories">
                    { for names.iter().zip(counts).take(MAX_LISTED).enumerate().map(category) }
                    if names.len() > MAX_LISTED {
                        <span class="hint">{ format!("and {} more", names.len() - MAX_LISTED) }</span>
                    }
                </div>
            }
        }
    }
}

/// Points of a category.
fn members_of(colouring: &Colouring, category: usize) -> Vec<usize> {
    let is_member = |(_, index): &(usize, &u8)| usize::from(**index) == category;
    colouring.indices.iter().enumerate().filter(is_member).map(|(index, _)| index).collect()
}

/// Sets the colours, which a policy without inline styles leaves to the object model.
fn paint(row: &NodeRef, colouring: &Colouring) {
    let Some(row) = row.cast::<HtmlElement>() else { return };
    let swatches = row.get_elements_by_tag_name("i");
    let is_dark = web_sys::window()
        .and_then(|window| window.document()?.document_element()?.get_attribute("data-theme"))
        .is_some_and(|theme| theme == "dark");
    for index in 0..swatches.length() {
        let Some(swatch) = swatches.item(index) else { continue };
        let place = index as usize;
        let colour = match &colouring.scale {
            ColourScale::Categories { slots, .. } => match slots.get(place).copied().flatten() {
                Some(slot) => format!("var({})", CATEGORY_COLOURS[usize::from(slot)]),
                None => "var(--ink-soft)".into(),
            },
            ColourScale::Numbers { .. } => hex(number_colour(place as f32 / (STEPS - 1) as f32, is_dark)),
            ColourScale::Plain => continue,
        };
        let swatch: HtmlElement = swatch.unchecked_into();
        let set = swatch.style().set_property("background", &colour);
        debug_assert!(set.is_ok(), "a colour is a valid value");
    }
}

/// True if the points of the shown map are vectors.
pub fn can_select(lab: &Lab) -> bool {
    lab.shown == Shown::Map && lab.vectors.is_some()
}
