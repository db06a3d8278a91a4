//! Controls above the map: projection and its settings, colours, and what lies on it.

use std::rc::Rc;

use pinhole_protocol::GridShape;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::{
    components::{
        field::{Choice, switch},
        number_field::{NumberField, NumberRange},
    },
    labs::latent::{
        controller::{Controller, on},
        state::{JobKind, Lab, LabAction, MapView, Method, PointerMode, ProjectionSettings, Shown},
    },
};

/// Latent size up to which a latent number is chosen from a menu.
const MENU_WIDTH: usize = 64;

/// Renders the controls; `is_searching` is true while the search is shown.
pub fn view(lab: &Lab, controller: &Rc<Controller>, is_searching: bool, on_search: &Callback<bool>) -> Html {
    let has_points = lab.shown_positions().is_some();
    let is_selecting = lab.view.mode != PointerMode::Pan;
    let toggle_search = on_search.reform(move |_: MouseEvent| !is_searching);
    let toggle_selecting = on(controller, |controller, _: MouseEvent| {
        let view = controller.lab().view;
        let mode = if view.mode == PointerMode::Pan { PointerMode::Lasso } else { PointerMode::Pan };
        controller.dispatch(LabAction::SetView(MapView { mode, ..view }));
    });
    html! {
        <div class="map-controls">
            <div class="row map-tools">
                { methods(lab, controller) }
                { colour_menu(lab, controller) }
                <span class="row map-links">
                    <button type="button" class="button link" aria-expanded={is_searching.to_string()} disabled={lab.vectors.is_none()} onclick={toggle_search}>{ "Search" }</button>
                    <button type="button" class="button link" aria-pressed={is_selecting.to_string()} disabled={!has_points} onclick={toggle_selecting}>{ "Select" }</button>
                </span>
            </div>
            <div class="row map-tools">
                { layers(lab, controller) }
                if is_selecting {
                    { outlines(lab.view, controller) }
                }
            </div>
            { settings(lab, controller) }
        </div>
    }
}

fn methods(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let is_locked = !can_project(lab);
    let button = |method: Method| {
        let controller = controller.clone();
        let onclick = Callback::from(move |_: MouseEvent| controller.project(method));
        let is_pressed = lab.shown == Shown::Map && lab.map.is_some() && lab.method == method;
        html! {
            <button type="button" class="segment" aria-pressed={is_pressed.to_string()} disabled={is_locked} {onclick}>{ method.name() }</button>
        }
    };
    html! { <div class="segments" role="group" aria-label="Projection">{ for Method::ALL.map(button) }</div> }
}

/// True if a projection may be asked for: one in progress gives way to another.
fn can_project(lab: &Lab) -> bool {
    lab.vectors.is_some() && lab.job.as_ref().is_none_or(|job| job.kind == JobKind::Projecting)
}

fn colour_menu(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let chosen = lab.colour_column().map(|column| column.name.as_str());
    let onchange = on(controller, |controller, event: Event| {
        let name = event.target_unchecked_into::<HtmlSelectElement>().value();
        controller.dispatch(LabAction::ColourBy(name.into()));
    });
    // An epoch's map knows only classes.
    let is_locked = chosen.is_none() || lab.shown != Shown::Map;
    html! {
        <label class="menu">
            <span class="menu-name">{ "Colour by" }</span>
            <select {onchange} aria-label="Colour by" disabled={is_locked}>
                { for lab.columns().map(|column| html! {
                    <option value={column.name.clone()} selected={Some(column.name.as_str()) == chosen}>{ &column.name }</option>
                }) }
            </select>
        </label>
    }
}

fn layers(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let layer = |label: &'static str, is_on: bool, set: fn(&mut MapView, bool)| {
        let controller = controller.clone();
        let on_switch = Callback::from(move |is_on: bool| {
            let mut view = controller.lab().view;
            set(&mut view, is_on);
            controller.dispatch(LabAction::SetView(view));
        });
        switch(label, is_on, &on_switch)
    };
    let has_pictures = lab.vectors.as_ref().is_some_and(|vectors| vectors.thumbnails.is_some());
    let has_grid = lab.picture_shape().is_some_and(|shape: GridShape| !shape.is_empty()) && lab.shows_plane();
    html! {
        <>
            if has_pictures {
                { layer("Pictures", lab.view.has_pictures, |view, is_on| view.has_pictures = is_on) }
            }
            if has_grid {
                { layer("Decoded grid", lab.view.has_decoded_grid, |view, is_on| view.has_decoded_grid = is_on) }
            }
            { layer("Density", lab.view.has_density, |view, is_on| view.has_density = is_on) }
        </>
    }
}

/// Renders the choice between the two kinds of outlines.
fn outlines(view: MapView, controller: &Rc<Controller>) -> Html {
    let button = |mode: PointerMode, name: &'static str| {
        let controller = controller.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            let view = controller.lab().view;
            controller.dispatch(LabAction::SetView(MapView { mode, ..view }));
        });
        html! { <button type="button" class="segment" aria-pressed={(view.mode == mode).to_string()} {onclick}>{ name }</button> }
    };
    html! {
        <div class="segments" role="group" aria-label="Outline">
            { button(PointerMode::Lasso, "Lasso") }
            { button(PointerMode::Box, "Box") }
        </div>
    }
}

/// Renders the settings of the chosen method.
fn settings(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let (count, width) = lab.vectors.as_ref().map_or((0, 0), |vectors| (vectors.count, vectors.width));
    let fields = match lab.method {
        Method::Raw if width > 2 => pair(lab, controller, width),
        Method::Tsne => html! {
            <>
                { number("Perplexity", lab.settings.perplexity(count).to_string(), NumberRange::real(2.0, 500.0), controller, |settings, value| settings.perplexity = Some(value as f32)) }
                { number("Iterations", lab.settings.iterations.to_string(), NumberRange::whole(50, 10_000), controller, |settings, value| settings.iterations = value as usize) }
            </>
        },
        Method::Umap => html! {
            <>
                { number("Neighbours", lab.settings.neighbours(count).to_string(), NumberRange::whole(2, 500), controller, |settings, value| settings.neighbours = Some(value as usize)) }
                { number("Least distance", lab.settings.min_dist.to_string(), NumberRange::real(0.0, 1.0), controller, |settings, value| settings.min_dist = value as f32) }
            </>
        },
        Method::Raw | Method::Pca => return Html::default(),
    };
    if lab.method == Method::Raw {
        return html! { <div class="pair map-pair">{ fields }</div> };
    }
    let method = lab.method;
    let onclick = {
        let controller = controller.clone();
        Callback::from(move |_: MouseEvent| controller.project(method))
    };
    html! {
        <details class="map-settings">
            <summary>{ format!("Settings of {}", method.name()) }</summary>
            <div class="pair">{ fields }</div>
            <button type="button" class="button small" disabled={!can_project(lab)} {onclick}>{ "Lay out with these" }</button>
        </details>
    }
}

fn number(
    label: &'static str,
    value: String,
    range: NumberRange,
    controller: &Rc<Controller>,
    set: fn(&mut ProjectionSettings, f64),
) -> Html {
    let controller = controller.clone();
    let on_change = Callback::from(move |value: f64| {
        let mut settings = controller.lab().settings;
        set(&mut settings, value);
        controller.dispatch(LabAction::SetSettings(settings));
    });
    NumberField::new(label, Some(value), range, on_change).view()
}

/// Renders the two latent numbers of a raw map.
fn pair(lab: &Lab, controller: &Rc<Controller>, width: usize) -> Html {
    let field = |axis: usize, label: &'static str| {
        let controller = controller.clone();
        let on_number = Callback::from(move |number: usize| {
            let mut settings = controller.lab().settings;
            settings.pair[axis] = number;
            controller.project_with(Method::Raw, settings);
        });
        let selected = lab.settings.pair[axis];
        if width > MENU_WIDTH {
            let on_change = on_number.reform(|value: f64| value as usize - 1);
            return NumberField::new(label, Some(selected + 1), NumberRange::whole(1, width), on_change).view();
        }
        let options = (0..width).map(|number| (number.to_string().into(), format!("Latent {}", number + 1).into()));
        Choice { label, name: label.into(), options: options.collect(), selected, error: None, on_change: on_number }
            .view()
    };
    html! { <>{ field(0, "Across") }{ field(1, "Up") }</> }
}
