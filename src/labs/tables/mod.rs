//! Tables lab: opens a table, finds its anomalies, and saves the results.

mod columns_panel;
mod controller;
mod detector_panel;
mod dialect_panel;
mod example_tables;
mod fields;
mod fillers;
#[cfg(test)]
pub mod fixtures;
mod open_panel;
mod paste_table;
mod plan;
mod preview;
mod reopen;
mod results;
mod state;
mod status;
mod train_panel;
mod unmatched_columns;

use std::rc::Rc;

use pinhole_protocol::table::{TableCommand, TablePreview};
use yew::prelude::*;

use self::{
    columns_panel::ColumnsPanel,
    controller::Controller,
    detector_panel::DetectorActions,
    fields::{button, menu},
    reopen::use_reopen,
    results::ResultsSection,
    state::{JobKind, Lab, UnmatchedQuestion},
    status::StatusLine,
    train_panel::TrainActions,
    unmatched_columns::UnmatchedColumnsDialog,
};
use crate::{
    components::{
        file_drop::use_file_drop,
        restore_bar::{RestoreBar, use_restore_bar},
    },
    engine_client::{EngineUpdate, use_engine_updates},
    route::{self, Route},
    services::{Services, use_mount},
    shell::{device_control, header},
};

#[derive(Properties, PartialEq)]
pub struct TablesLabProps {
    pub services: Services,
}

/// Page of the Tables lab.
#[component]
pub fn TablesLab(props: &TablesLabProps) -> Html {
    let with_replay = use_state(|| true);
    let update = use_force_update();
    let controller = {
        let services = props.services.clone();
        (*use_memo((), |()| Controller::new(services, update))).clone()
    };
    let services = &props.services;
    use_controller(&controller, services);
    let lab = controller.lab();
    let restore_bar = use_restore_bar(RestoreBar {
        lab: Route::Tables,
        is_superseded: lab.job == Some(JobKind::Training),
        is_locked: lab.job.is_some(),
        on_restore: callback(&controller, Controller::restore),
    });
    let reopen = use_reopen(is_locked(&lab), callback(&controller, Controller::reopen));
    let drop_overlay = use_file_drop("Drop a table, or a detector", callback(&controller, Controller::open_dropped));
    let is_busy = lab.job.is_some();
    let device = device_control(
        &services.engine.state(),
        services.engine.preference(),
        is_busy,
        &callback(&controller, |controller, device| controller.services.engine.restart(device, None)),
    );
    let is_empty = lab.data.preview.is_none();
    let file = if lab.job == Some(JobKind::Training) { lab.name().to_owned().into() } else { lab.file_name.clone() };
    html! {
        <>
            { header(Route::Tables, device) }
            <main>
                { restore_bar }
                <div class="tables">
                    { open_panel::view(is_empty, is_locked(&lab), &callback(&controller, Controller::open), &callback(&controller, |controller, text: String| controller.open_pasted(&text)), &callback(&controller, Controller::open_example)) }
                    <StatusLine engine={services.engine.clone()} job={lab.job.filter(|_| lab.unmatched.is_none())} idle={status::idle_status(&lab)} {file}
                        on_cancel={callback(&controller, |controller, ()| controller.post(TableCommand::Cancel))} />
                    { table_section(&lab, &controller, reopen) }
                    <div class="tables-side">
                        { train_panel::view(&lab, &train_actions(&controller)) }
                        { detector_panel::view(&lab, *with_replay, &detector_actions(&controller, &with_replay)) }
                    </div>
                    if let Some(scored) = &lab.data.scored {
                        <div class="tables-results">
                            <ResultsSection engine={services.engine.clone()} services={services.clone()} scored={scored.clone()} {is_busy} />
                        </div>
                    }
                </div>
            </main>
            if let Some(UnmatchedQuestion { columns, refusal }) = &lab.unmatched {
                <UnmatchedColumnsDialog key={columns.name.clone()} columns={columns.clone()} refusal={refusal.clone()} on_score={callback(&controller, Controller::map_columns)}
                    on_cancel={callback(&controller, |controller, ()| controller.post(TableCommand::Cancel))} />
            }
            { drop_overlay }
        </>
    }
}

/// Connects the controller with the engine, the address and the window.
#[hook]
fn use_controller(controller: &Rc<Controller>, services: &Services) {
    {
        let controller = controller.clone();
        let on_update = move |update: &EngineUpdate| controller.on_update(update);
        use_engine_updates(&services.engine, Rc::new(on_update));
    }
    let controller = controller.clone();
    use_mount(Rc::new(move || {
        controller.open_shared_table();
        let (hiding, controller) = (controller.listen_to_hiding(), controller.clone());
        let on_hash = move |hash: &str| controller.open_linked_run(hash);
        Box::new((hiding, route::listen_to_hash(on_hash)))
    }));
}

/// True during a job that needs the open table. A file that is still being read may be replaced by another.
fn is_locked(lab: &Lab) -> bool {
    lab.job.is_some_and(|job| job != JobKind::Reading)
}

fn table_section(lab: &Lab, controller: &Rc<Controller>, reopen: Html) -> Html {
    let Some(preview) = &lab.data.preview else {
        return open_panel::drop_zone(is_locked(lab), reopen, &callback(controller, Controller::open_example));
    };
    let summary = lab.data.summary.as_ref();
    let is_only_scored = summary.is_none() && lab.job.is_none();
    html! {
        <section class="current-table card" aria-labelledby="table-title">
            <div>
                <h2 id="table-title">{ &preview.name }</h2>
                <p class="hint">{ preview::description(preview, summary.map(|summary| &**summary)) }</p>
            </div>
            if lab.data.choices.as_ref().is_some_and(|choices| choices.are_taken_up) {
                <div class="row" data-testid="taken-up">
                    <p role="status">{ "Your choices for files with these columns were taken up." }</p>
                    { button("Start over", "button", lab.job.is_some(), &callback(controller, |controller, ()| controller.start_over())) }
                </div>
            }
            { parts_menu(preview, is_locked(lab), &callback(controller, Controller::open_part)) }
            { preview::table(preview, &lab.data.plan.columns) }
            if let Some(summary) = summary {
                { fillers::view(summary, is_locked(lab), &callback(controller, Controller::choose_dialect)) }
            }
            { dialect_panel::view(preview, is_locked(lab) || is_only_scored, &callback(controller, Controller::choose_dialect)) }
            if let Some(summary) = summary {
                <ColumnsPanel summary={summary.clone()} plan={lab.data.plan.clone()} is_locked={lab.job.is_some()}
                    on_edit={callback(controller, Controller::edit)} />
            }
            { preview::warnings(preview, summary.map(|summary| &**summary)) }
        </section>
    }
}

/// Menu of the tables in the open files, such as sheets; empty for one.
fn parts_menu(preview: &TablePreview, is_locked: bool, on_part: &Callback<usize>) -> Html {
    let Some(origin) = preview.origin.as_ref().filter(|origin| origin.parts.len() > 1) else {
        return Html::default();
    };
    let parts = origin.parts.iter().map(|part| AttrValue::from(part.clone()));
    html! {
        <fieldset class="field-grid" disabled={is_locked}>
            { menu(origin.format.part_label(), parts, origin.part, on_part) }
        </fieldset>
    }
}

fn train_actions(controller: &Rc<Controller>) -> TrainActions {
    TrainActions {
        edit: callback(controller, Controller::edit),
        train: callback(controller, |controller, ()| controller.train()),
        stop: callback(controller, |controller, ()| controller.post(TableCommand::Stop)),
    }
}

fn detector_actions(controller: &Rc<Controller>, with_replay: &UseStateHandle<bool>) -> DetectorActions {
    let save = {
        let (controller, with_replay) = (controller.clone(), **with_replay);
        Callback::from(move |()| controller.save_detector(with_replay))
    };
    let set_with_replay = {
        let with_replay = with_replay.clone();
        Callback::from(move |is_on| with_replay.set(is_on))
    };
    DetectorActions {
        open: callback(controller, Controller::open_detector),
        save,
        set_with_replay,
        score: callback(controller, Controller::score_chosen),
        score_current_table: callback(controller, |controller, ()| controller.score_current_table()),
        fine_tune: callback(controller, |controller, ()| controller.start(JobKind::FineTuning, TableCommand::FineTune)),
        compare: callback(controller, |controller, ()| controller.start(JobKind::Comparing, TableCommand::Compare)),
    }
}

/// Callback that calls a method of the controller.
fn callback<T: 'static>(controller: &Rc<Controller>, act: fn(&Controller, T)) -> Callback<T> {
    let controller = controller.clone();
    Callback::from(move |value| act(&controller, value))
}
