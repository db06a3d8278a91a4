//! Lab "Latent space": a map of the codes behind the bottleneck, walks through them, samples from them, measures of them.

mod controller;
mod groups;
mod map;
mod measures;
mod pictures;
mod sample;
mod sampling;
mod state;
mod walks;
mod worst;

use std::rc::Rc;

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use self::{
    controller::{Controller, on},
    map::{MapSection, Strip, export_view},
    state::{Lab, Source},
};
use crate::{
    engine_client::{EngineUpdate, use_engine_updates},
    route::Route,
    services::Services,
    shell::{device_control, header},
};

#[derive(Properties, PartialEq)]
pub struct LatentLabProps {
    pub services: Services,
    /// True while the lab is shown.
    pub is_shown: bool,
}

/// Renders the lab; nothing before it is first shown, as until then it only keeps the maps of a run's epochs.
#[component]
pub fn LatentLab(props: &LatentLabProps) -> Html {
    let update = use_force_update();
    let controller = {
        let services = props.services.clone();
        (*use_memo((), |()| Controller::new(services, update))).clone()
    };
    use_controller(&controller, props);
    let was_shown = use_mut_ref(|| false);
    *was_shown.borrow_mut() |= props.is_shown;
    if !*was_shown.borrow() {
        return Html::default();
    }
    let lab = controller.lab();
    let engine = &props.services.engine;
    let on_device = on(&controller, |controller, device| controller.services.engine.restart(device, None));
    html! {
        <>
            { header(Route::Latent, device_control(&engine.state(), engine.preference(), lab.is_training, &on_device)) }
            <main>
                <div class="latent">
                    { stage(&lab, &controller) }
                    <aside class="latent-panel" aria-label="Measures">
                        { measures::view(&lab, &controller) }
                        { sampling::settings(&lab, &controller) }
                        { export_view(&lab, &controller) }
                    </aside>
                </div>
            </main>
        </>
    }
}

/// Connects the controller with the engine, and with the route.
#[hook]
fn use_controller(controller: &Rc<Controller>, props: &LatentLabProps) {
    {
        let controller = controller.clone();
        let on_update = move |update: &EngineUpdate| controller.on_update(update);
        use_engine_updates(&props.services.engine, Rc::new(on_update));
    }
    let controller = controller.clone();
    use_effect_with(props.is_shown, move |is_shown| controller.show(*is_shown));
}

/// Renders what is seen: the map, and beside it the chosen sample and the walks from it.
fn stage(lab: &Rc<Lab>, controller: &Rc<Controller>) -> Html {
    html! {
        <div class="latent-stage">
            <div class="lead">
                <div>
                    <h1>{ "Latent space" }</h1>
                    <p>{ subtitle(lab) }</p>
                </div>
                { source_menu(lab, controller) }
            </div>
            <div class="map-and-more">
                <MapSection controller={controller.clone()} lab={lab.clone()} />
                { beside_map(lab, controller) }
            </div>
            <Strip controller={controller.clone()} lab={lab.clone()} is_replaying={controller.is_replaying()} />
        </div>
    }
}

/// Renders the choice of vectors, and the button that takes them anew.
fn source_menu(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let onchange = on(controller, |controller, event: Event| {
        let index = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
        if let Some(source) = Source::ALL.get(usize::try_from(index).unwrap_or_default()) {
            controller.choose_source(*source);
        }
    });
    let is_busy = lab.job.is_some();
    let name = |source: Source| match (&lab.vectors, source.name()) {
        (Some(vectors), name) if source == lab.source => format!("{}: {name}", vectors.name),
        (_, name) => name.to_owned(),
    };
    let onclick = on(controller, |controller, _: MouseEvent| controller.open_vectors());
    let sources = Source::ALL.into_iter().filter(|source| *source != Source::File || controller.has_file());
    html! {
        <div class="row">
            <label class="menu">
                <span class="menu-name">{ "Codes" }</span>
                <select {onchange} aria-label="Codes" disabled={is_busy}>
                    { for sources.map(|source| html! { <option selected={source == lab.source}>{ name(source) }</option> }) }
                </select>
            </label>
            <button type="button" class="button small" disabled={is_busy} {onclick}>{ "Map the codes" }</button>
        </div>
    }
}

/// Renders the views beside the map: the chosen sample, walks from it, drawn samples, and those rebuilt worst.
fn beside_map(lab: &Lab, controller: &Rc<Controller>) -> Html {
    html! {
        <div class="latent-beside">
            { sample::view(lab, controller) }
            { walks::view(lab, controller) }
            { sampling::view(lab) }
            { worst::view(lab, controller) }
        </div>
    }
}

/// Sentence under the title.
fn subtitle(lab: &Lab) -> String {
    match lab.vectors.as_deref() {
        Some(vectors) if vectors.are_coordinates => "Coordinates from a file: each dot is one of its rows.".into(),
        Some(vectors) if vectors.width == 2 => {
            "What lies behind the bottleneck: each dot is a sample, placed by its code.".into()
        }
        Some(vectors) if vectors.width == 1 => "One number per sample.".into(),
        Some(vectors) => format!("{} numbers per sample; the map is a projection of them.", vectors.width),
        None => "What lies behind the bottleneck: a map of the codes.".into(),
    }
}
