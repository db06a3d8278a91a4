//! The Tables lab: open a table, find its odd rows, take the result home.

mod columns_panel;
mod detector_bar;
mod dialect_panel;
#[cfg(test)]
pub mod example;
mod fields;
mod hands;
mod open;
mod plan;
mod preview;
mod results;
mod samples;
mod state;
mod status;
mod train_panel;

use std::rc::Rc;

use pinhole_protocol::table::TableCommand;
use yew::prelude::*;

use self::{
    columns_panel::ColumnsPanel,
    detector_bar::BarActions,
    hands::Hands,
    results::ResultsSection,
    state::{Lab, Work},
    status::StatusLine,
    train_panel::PanelActions,
};
use crate::{
    components::file_drop::use_file_drop,
    engine_client::{EngineUpdate, use_engine_updates},
    route::Route,
    services::{Services, use_mount},
    shell::{device_control, header},
};

#[derive(Properties, PartialEq)]
pub struct TablesLabProps {
    pub services: Services,
}

/// The lab.
#[component]
pub fn TablesLab(props: &TablesLabProps) -> Html {
    let lab = use_reducer(Lab::default);
    let with_replay = use_state(|| true);
    let update = use_force_update();
    let hands = {
        let (services, dispatch) = (props.services.clone(), lab.dispatcher());
        use_memo((), |()| Hands::new(services, dispatch))
    };
    let services = &props.services;
    {
        let (hands, lab) = (hands.clone(), lab.clone());
        let hear = move |news: &EngineUpdate| match news {
            EngineUpdate::Event(event) => hands.hear(event, &lab),
            EngineUpdate::State(_) => update.force_update(),
            EngineUpdate::Restarted => hands.start_over(),
        };
        use_engine_updates(&services.engine, Rc::new(hear));
    }
    {
        let hands = hands.clone();
        use_mount(Rc::new(move || {
            hands.begin_with_table();
            Box::new(())
        }));
    }
    let veil = use_file_drop("Drop a table, or a detector", on(&hands, Hands::open_dropped));
    let is_busy = lab.work.is_some();
    let device = device_control(
        &services.engine.state(),
        services.engine.preference(),
        is_busy,
        &on(&hands, |hands, device| hands.services.engine.restart(device, None)),
    );
    let is_empty = lab.hand.preview.is_none();
    let file = if lab.work == Some(Work::Training) { lab.name().to_owned().into() } else { lab.opening.clone() };
    html! {
        <>
            { header(Route::Tables, device) }
            <main>
                <div class="tables">
                    { open::section(is_empty, is_locked(&lab), on(&hands, Hands::open_chosen), &on(&hands, Hands::open_sample)) }
                    <StatusLine engine={services.engine.clone()} work={lab.work} rest={status::rest(&lab)} {file}
                        on_cancel={on(&hands, |hands, ()| hands.say(TableCommand::Cancel))} />
                    { table_section(&lab, &hands) }
                    <div class="tables-side">
                        { train_panel::view(&lab, &panel_actions(&hands, &lab)) }
                        { detector_bar::view(&lab, *with_replay, &bar_actions(&hands, &with_replay)) }
                    </div>
                    if let Some(scored) = &lab.hand.scored {
                        <div class="tables-results">
                            <ResultsSection engine={services.engine.clone()} services={services.clone()} scored={scored.clone()} {is_busy} />
                        </div>
                    }
                </div>
            </main>
            { veil }
        </>
    }
}

/// While something is learned or scored, the table in hand stays; a file being read gives way to another.
fn is_locked(lab: &Lab) -> bool {
    lab.work.is_some_and(|work| work != Work::Reading)
}

fn table_section(lab: &UseReducerHandle<Lab>, hands: &Rc<Hands>) -> Html {
    let Some(preview) = &lab.hand.preview else {
        return open::drop_zone(is_locked(lab), &on(hands, Hands::open_sample));
    };
    let summary = lab.hand.summary.as_ref();
    let is_only_scored = summary.is_none() && lab.work.is_none();
    html! {
        <section class="table-in-hand card" aria-labelledby="table-title">
            <div>
                <h2 id="table-title">{ &preview.name }</h2>
                <p class="hint">{ preview::about(preview, summary.map(|summary| &**summary)) }</p>
            </div>
            { preview::table(preview, &lab.hand.plan.columns) }
            { dialect_panel::view(&preview.dialect, is_locked(lab) || is_only_scored, &with_lab(hands, lab, |hands, lab, dialect| hands.reread(dialect, lab))) }
            if let Some(summary) = summary {
                <ColumnsPanel summary={summary.clone()} plan={lab.hand.plan.clone()} is_locked={lab.work.is_some()}
                    on_edit={on(hands, Hands::edit)} />
            }
            { preview::warnings(preview, summary.map(|summary| &**summary)) }
        </section>
    }
}

fn panel_actions(hands: &Rc<Hands>, lab: &UseReducerHandle<Lab>) -> PanelActions {
    let train = with_lab(hands, lab, |hands, lab, ()| hands.train(&lab.hand.plan));
    PanelActions { edit: on(hands, Hands::edit), train, stop: on(hands, |hands, ()| hands.say(TableCommand::Stop)) }
}

fn bar_actions(hands: &Rc<Hands>, with_replay: &UseStateHandle<bool>) -> BarActions {
    let save = {
        let (hands, with_replay) = (hands.clone(), **with_replay);
        Callback::from(move |()| hands.say(TableCommand::SaveDetector { with_replay }))
    };
    let keep_rows = {
        let with_replay = with_replay.clone();
        Callback::from(move |keep| with_replay.set(keep))
    };
    BarActions {
        open: on(hands, Hands::open_detector),
        save,
        keep_rows,
        score: on(hands, Hands::score_chosen),
        score_this: on(hands, |hands, ()| hands.score_this()),
        fine_tune: on(hands, |hands, ()| hands.begin(Work::FineTuning, TableCommand::FineTune)),
        compare: on(hands, |hands, ()| hands.begin(Work::Comparing, TableCommand::Compare)),
    }
}

/// A callback that acts through the hands.
fn on<T: 'static>(hands: &Rc<Hands>, act: fn(&Rc<Hands>, T)) -> Callback<T> {
    let hands = hands.clone();
    Callback::from(move |value| act(&hands, value))
}

/// As [`on`], with the lab as it was when the callback was made.
fn with_lab<T: 'static>(hands: &Rc<Hands>, lab: &UseReducerHandle<Lab>, act: fn(&Hands, &Lab, T)) -> Callback<T> {
    let (hands, lab) = (hands.clone(), lab.clone());
    Callback::from(move |value| act(&hands, &lab, value))
}
