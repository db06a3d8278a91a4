//! Digits lab: draw and denoise, train, inspect.

mod code_figure;
mod controller;
mod data;
mod draw;
mod inspect;
mod live_denoiser;
mod measurements;
mod model_bar;
mod rate_finder;
mod recovery;
mod restore_bar;
mod shown_code;
mod state;
mod status;
mod table_source;
mod task;
mod train_panel;
mod training_progress;

use std::rc::Rc;

use pinhole_protocol::Command;
use yew::prelude::*;

use self::{
    controller::Controller,
    draw::DrawSection,
    inspect::InspectSection,
    measurements::MeasurementsSection,
    model_bar::{BarActions, model_bar},
    restore_bar::use_restore_bar,
    state::{Lab, LabAction},
    status::device_text,
    task::Task,
    train_panel::PanelActions,
    training_progress::TrainingProgressSection,
};
use crate::{
    builder::{Builder, history::Typing, shortcuts},
    components::file_drop::use_file_drop,
    engine_client::{EngineUpdate, use_engine_updates},
    route::{self, Route},
    services::{Services, use_mount},
    shell::{device_control, header},
};

/// Seed of the sample that is shown at first.
const FIRST_SAMPLE_SEED: u64 = 5;

#[derive(Properties, PartialEq)]
pub struct DigitsLabProps {
    pub services: Services,
    /// True while the lab is shown.
    pub is_shown: bool,
}

/// Renders the lab.
#[component]
pub fn DigitsLab(props: &DigitsLabProps) -> Html {
    let lab = use_reducer_eq(Lab::default);
    let update = use_force_update();
    let controller = {
        let (services, dispatch) = (props.services.clone(), lab.dispatcher());
        use_memo((), |()| Controller::new(services, dispatch))
    };
    let services = &props.services;
    {
        let (controller, lab) = (controller.clone(), lab.clone());
        let on_update = move |engine_update: &EngineUpdate| match engine_update {
            EngineUpdate::Event(event) => controller.on_event(event, &lab),
            EngineUpdate::State(_) => update.force_update(),
            EngineUpdate::Restarted => {
                controller.register_table();
                controller.recovery.restore_worker();
            }
        };
        use_engine_updates(&services.engine, Rc::new(on_update));
    }
    {
        let controller = controller.clone();
        use_mount(Rc::new(move || {
            controller.recovery.open_ready_made();
            controller.services.engine.send(Command::RandomSample { seed: FIRST_SAMPLE_SEED });
            controller.register_table();
            let controller = controller.clone();
            Box::new(route::listen_to_hash(move |hash| controller.open_link(hash)))
        }));
    }
    {
        let engine = services.engine.clone();
        use_effect_with(lab.table.description_request(&lab.experiment), move |request| {
            if let Some((_, limit, seed)) = *request {
                engine.send(table_source::describe_rows(limit, seed));
            }
        });
    }
    let is_training = lab.phase.is_active();
    let restore_bar = use_restore_bar(is_training, on(&controller, Controller::restore));
    let drop_overlay = use_file_drop("Drop images, a table or a model", on(&controller, Controller::open_files));
    let engine_state = services.engine.state();
    let on_link = {
        let (controller, lab) = (controller.clone(), lab.clone());
        Callback::from(move |()| controller.copy_link(&lab.experiment, lab.start))
    };
    let on_build = {
        let (controller, model) = (controller.clone(), lab.model.clone());
        Callback::from(move |()| {
            if let Some(model) = &model {
                controller.dispatch.dispatch(LabAction::OpenExperiment(model.experiment.clone()));
            }
        })
    };
    let sections = html! {
        <>
            <DrawSection engine={services.engine.clone()} input={lab.active_input()} task={lab.active_model().map(|model| Task::of(&model.experiment))} is_shown={props.is_shown} />
            { train_panel::view(&lab, &panel_actions(&controller, &lab)) }
            { model_bar(lab.model.as_deref(), lab.run_models, is_training, BarActions {
                open: on(&controller, |controller, files| controller.recovery.open_files(files)),
                save: on(&controller, |controller, ()| controller.services.engine.send(Command::SaveModel)),
                build: on_build,
                select_run_model: on(&controller, |controller, which| controller.services.engine.send(Command::SelectRunModel { which })),
            }) }
            <MeasurementsSection services={services.clone()} model={lab.active_model()} is_busy={is_training || lab.is_searching} />
            <TrainingProgressSection phase={lab.phase.clone()} device={device_text(&engine_state)} fresh_runs={lab.fresh_runs}
                learns_from_rows={table_source::learns_from_rows(&lab.experiment)}
                services={services.clone()} />
            <InspectSection services={services.clone()} model={lab.active_model()} is_shown={props.is_shown} />
            <Builder experiment={lab.experiment.clone()} start={lab.start} rows={lab.table.rows()} can_undo_redo={lab.can_undo_redo()} is_busy={is_training}
                on_edit={on(&controller, Controller::edit)}
                on_undo_step={on(&controller, Controller::undo_or_redo)} {on_link} />
        </>
    };
    html! {
        <>
            { header(Route::Digits, device_control(&engine_state, services.engine.preference(), is_training, &on(&controller, Controller::change_device))) }
            <main>
                { restore_bar }
                { editing_area(&controller, sections) }
            </main>
            { drop_overlay }
        </>
    }
}

/// Grid of the lab, which tracks typing and handles the keys of undo and redo.
fn editing_area(controller: &Rc<Controller>, sections: Html) -> Html {
    let onfocusin = on(controller, |controller, event: FocusEvent| controller.set_typing(shortcuts::typing_at(&event)));
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
    html! { <div class="digits" {onfocusin} {onchange} {onfocusout} {onkeydown}>{ sections }</div> }
}

fn panel_actions(controller: &Rc<Controller>, lab: &UseReducerHandle<Lab>) -> PanelActions {
    let run = {
        let (controller, lab) = (controller.clone(), lab.clone());
        Callback::from(move |request| controller.run(&lab, request))
    };
    PanelActions {
        services: controller.services.clone(),
        set_searching: on(controller, |controller, is_searching| {
            controller.dispatch.dispatch(LabAction::SetSearching(is_searching));
        }),
        edit: on(controller, Controller::edit),
        choose: on(controller, |controller, preset| controller.dispatch.dispatch(LabAction::ChoosePreset(preset))),
        start_from: on(controller, |controller, start| controller.dispatch.dispatch(LabAction::SetStart(start))),
        open_images: on(controller, |controller, files| controller.recovery.open_images(files)),
        open_table: on(controller, Controller::open_table),
        run,
    }
}

/// Callback that acts through the controller.
fn on<T: 'static>(controller: &Rc<Controller>, act: fn(&Controller, T)) -> Callback<T> {
    let controller = controller.clone();
    Callback::from(move |value| act(&controller, value))
}
