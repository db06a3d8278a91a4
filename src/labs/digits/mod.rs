//! Digits lab: draw a digit and see it go through a network; train that, look inside, and change it.

mod controller;
mod curve;
mod draw;
mod inspect;
mod measurements;
mod samples;
mod state;
mod tour;
mod train;

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use self::{
    controller::{Controller, on},
    curve::CurveView,
    draw::pad_shortcuts,
    inspect::InspectView,
    samples::SamplesView,
    state::{Lab, LabAction, View, ViewTab, ViewWidth},
    train::Panel,
};
use crate::{
    builder::{Builder, Listing, history::Typing, shortcuts},
    components::{
        file_drop::use_file_drop,
        media::use_media,
        restore_bar::{RestoreBar, use_restore_bar},
        tabs::{Tab, tab_list, tab_panel},
    },
    engine_client::{EngineUpdate, use_engine_updates},
    glossary::help_line,
    route::{self, Route},
    services::{Services, use_mount},
    shell::{device_control, device_text, header},
};

/// Window in which two views stand beside each other.
const WIDE: &str = "(min-width: 112rem)";

#[derive(Properties, PartialEq)]
pub struct DigitsLabProps {
    pub services: Services,
    /// True while the lab is shown.
    pub is_shown: bool,
}

/// Renders the lab.
#[component]
pub fn DigitsLab(props: &DigitsLabProps) -> Html {
    let update = use_force_update();
    let controller = {
        let services = props.services.clone();
        (*use_memo((), |()| Controller::new(services, update))).clone()
    };
    use_controller(&controller, props);
    let lab = controller.lab();
    {
        let (controller, lab) = (controller.clone(), lab.clone());
        use_effect(move || controller.canvases.paint(&lab.pipeline));
    }
    {
        let controller = controller.clone();
        // The strip's canvas is there only while nothing is built.
        use_effect_with((lab.pipeline.epochs.clone(), lab.view.is_building()), move |(epochs, _)| {
            epochs.paint(&controller.canvases.epochs);
        });
    }
    let is_training = lab.phase.is_active();
    let restore_bar = use_restore_bar(RestoreBar {
        lab: Route::Digits,
        is_superseded: is_training,
        is_locked: false,
        on_restore: on(&controller, Controller::restore),
    });
    let drop_overlay = use_file_drop("Drop images, a table or a model", on(&controller, Controller::open_dropped));
    let engine_state = props.services.engine.state();
    let on_device = on(&controller, Controller::change_device);
    html! {
        <>
            { header(Route::Digits, device_control(&engine_state, props.services.engine.preference(), is_training, &on_device)) }
            <main>
                { restore_bar }
                { editing_area(&controller, &lab, html! {
                    <>
                        { stage(&lab, &controller) }
                        <Panel controller={controller.clone()} lab={lab.clone()} device={device_text(&engine_state)} />
                    </>
                }) }
            </main>
            { drop_overlay }
        </>
    }
}

/// Connects the controller with the engine, the address, the keyboard and the window.
#[hook]
fn use_controller(controller: &Rc<Controller>, props: &DigitsLabProps) {
    {
        let controller = controller.clone();
        let on_update = move |update: &EngineUpdate| controller.on_update(update);
        use_engine_updates(&props.services.engine, Rc::new(on_update));
    }
    {
        let controller = controller.clone();
        use_mount(Rc::new(move || {
            controller.pad.repaint();
            controller.open_ready_made();
            controller.request_first_sample();
            controller.register_table();
            let (shortcuts, hiding) = (pad_shortcuts(controller.clone()), controller.listen_to_hiding());
            let building = controller.listen_for_builder();
            let (link_opener, controller) = (controller.clone(), controller.clone());
            spawn_local(async move { controller.load_draft().await });
            let on_hash = move |hash: &str| {
                link_opener.open_link(hash);
                link_opener.open_linked_run(hash);
            };
            Box::new((shortcuts, hiding, building, route::listen_to_hash(on_hash)))
        }));
    }
    let (is_shown, is_wide) = (props.is_shown, use_media(WIDE));
    {
        let controller = controller.clone();
        use_effect_with((is_shown, is_wide), move |&(is_shown, is_wide)| {
            let width = if is_wide { ViewWidth::Two } else { ViewWidth::One };
            controller.dispatch(LabAction::SetView(View { is_shown, width, ..controller.lab().view }));
        });
    }
}

/// Renders what is seen: the pipeline, and below it the views, or the parts of the pipeline to be changed.
fn stage(lab: &Rc<Lab>, controller: &Rc<Controller>) -> Html {
    let is_building = lab.view.is_building();
    html! {
        <div class={classes!("stage", is_building.then_some("is-building"))}>
            { draw::view(lab, controller) }
            if is_building {
                { builder(lab, controller) }
            }
            { views(lab, controller) }
            if lab.view.is_listing_shown {
                <Listing experiment={lab.experiment.clone()} start={lab.start} />
            }
        </div>
    }
}

fn builder(lab: &Lab, controller: &Rc<Controller>) -> Html {
    html! {
        <Builder experiment={lab.experiment.clone()} rows={lab.table.rows()} can_undo_redo={lab.can_undo_redo()}
            is_busy={lab.phase.is_active()} on_edit={on(controller, Controller::edit)}
            on_undo_step={on(controller, Controller::undo_or_redo)} />
    }
}

/// Renders the views and their tabs; hidden ones keep their state.
fn views(lab: &Rc<Lab>, controller: &Rc<Controller>) -> Html {
    let view = lab.view;
    let selected = ViewTab::ALL.iter().position(|tab| *tab == view.tab).unwrap_or_default();
    let on_select = on(controller, |controller, index: usize| {
        controller.dispatch(LabAction::SetView(View { tab: ViewTab::ALL[index], ..controller.lab().view }));
    });
    let panel = |tab: ViewTab, content: Html| tab_panel(tab.tab(), view.shows(tab), content);
    let tabs: Vec<Tab> = ViewTab::ALL.into_iter().map(ViewTab::tab).collect();
    html! {
        <div class="views" hidden={view.is_building()}>
            { tab_list("Views of the model", &tabs, selected, &on_select) }
            <div class="tab-panels">
                { panel(ViewTab::Curve, html! {
                    <CurveView fresh_runs={lab.fresh_runs} is_shown={view.shows(ViewTab::Curve)} services={controller.services.clone()} />
                }) }
                { panel(ViewTab::Inside, html! {
                    <InspectView inspection={lab.report.inspection.clone()} model={lab.active_model()} />
                }) }
                { panel(ViewTab::Samples, html! {
                    <SamplesView controller={controller.clone()} lab={lab.clone()} is_shown={view.shows(ViewTab::Samples)} />
                }) }
                { panel(ViewTab::Measures, measurements::view(lab, controller)) }
            </div>
        </div>
    }
}

/// Grid of the lab, which tracks typing and handles the keys of undo and redo.
fn editing_area(controller: &Rc<Controller>, lab: &Lab, sections: Html) -> Html {
    let onfocusin = on(controller, |controller, event: FocusEvent| {
        controller.set_typing(shortcuts::typing_at(&event));
        controller.explain(&event);
    });
    let onmouseover = on(controller, |controller, event: MouseEvent| controller.explain(&event));
    // A change event commits the value: further typing is another step.
    let onchange = on(controller, |controller, event: Event| controller.set_typing(shortcuts::typing_at(&event)));
    let onfocusout = on(controller, |controller, _: FocusEvent| controller.set_typing(Typing::None));
    let onkeydown = on(controller, |controller, event: KeyboardEvent| {
        if let Some(step) = shortcuts::undo_step(&event) {
            event.prevent_default();
            // Otherwise the drawing would be undone too.
            event.stop_propagation();
            controller.undo_or_redo(step);
        }
    });
    html! {
        <div class={classes!("digits", lab.explained.is_some().then_some("is-explaining"))} data-tour={tour::part(lab)}
            {onfocusin} {onmouseover} {onchange} {onfocusout} {onkeydown}>
            { sections }
            { help_line(lab.explained) }
            { tour::view(lab, controller) }
        </div>
    }
}
