//! The Digits lab: draw and denoise, train, watch.

mod data;
mod desk;
mod draw;
mod errands;
mod findings;
mod hands;
mod inspect;
mod keeper;
mod kept;
mod live;
mod model_bar;
mod rate_finder;
mod state;
mod status;
mod table;
mod train_panel;

use std::rc::Rc;

use pinhole_protocol::Command;
use yew::prelude::*;

use self::{
    draw::DrawSection,
    findings::Findings,
    hands::Hands,
    inspect::InspectSection,
    kept::use_kept_bar,
    live::LiveSection,
    model_bar::{BarActions, model_bar},
    state::{Lab, LabAction},
    status::device_text,
    train_panel::PanelActions,
};
use crate::{
    builder::{Builder, history::Typing, keys},
    components::file_drop::use_file_drop,
    engine_client::{News, use_news},
    route::{self, Route},
    services::{Services, use_mount},
    shell::{device_control, header},
};

/// The sample that a stranger sees first.
const FIRST_SAMPLE: u64 = 5;

#[derive(Properties, PartialEq)]
pub struct DigitsLabProps {
    pub services: Services,
    /// Whether it is in sight.
    pub is_shown: bool,
}

/// The lab.
#[component]
pub fn DigitsLab(props: &DigitsLabProps) -> Html {
    let lab = use_reducer_eq(Lab::default);
    let update = use_force_update();
    let hands = {
        let (services, dispatch) = (props.services.clone(), lab.dispatcher());
        use_memo((), |()| Hands::new(services, dispatch))
    };
    let services = &props.services;
    {
        let (hands, lab) = (hands.clone(), lab.clone());
        let hear = move |news: &News| match news {
            News::Event(event) => hands.hear(event, &lab),
            News::State(_) => update.force_update(),
            News::Restarted => {
                hands.note_table();
                hands.keeper.hand_over();
            }
        };
        use_news(&services.engine, Rc::new(hear));
    }
    {
        let hands = hands.clone();
        use_mount(Rc::new(move || {
            hands.keeper.open_pretrained();
            hands.services.engine.send(Command::RandomSample { seed: FIRST_SAMPLE });
            hands.note_table();
            let hands = hands.clone();
            Box::new(route::follow_hash(move |hash| hands.open_link(hash)))
        }));
    }
    {
        let engine = services.engine.clone();
        use_effect_with(lab.table.question(&lab.experiment), move |question| {
            if let Some((_, limit, seed)) = *question {
                engine.send(table::describe(limit, seed));
            }
        });
    }
    let is_training = lab.phase.is_active();
    let kept = use_kept_bar(is_training, on(&hands, Hands::restore));
    let veil = use_file_drop("Drop images, a table or a model", on(&hands, Hands::open_files));
    let engine_state = services.engine.state();
    let on_link = {
        let (hands, lab) = (hands.clone(), lab.clone());
        Callback::from(move |()| hands.copy_link(&lab.experiment, lab.start))
    };
    let on_build = {
        let (hands, model) = (hands.clone(), lab.model.clone());
        Callback::from(move |()| {
            if let Some(model) = &model {
                hands.dispatch.dispatch(LabAction::Link(model.experiment.clone()));
            }
        })
    };
    let parts = html! {
        <>
            <DrawSection engine={services.engine.clone()} input={lab.input_at_work()} is_shown={props.is_shown} />
            { train_panel::view(&lab, &panel_actions(&hands, &lab)) }
            { model_bar(lab.model.as_deref(), lab.run_models, is_training, BarActions {
                open: on(&hands, |hands, files| hands.keeper.open_files(files)),
                save: on(&hands, |hands, ()| hands.services.engine.send(Command::SaveModel)),
                build: on_build,
                take: on(&hands, |hands, which| hands.services.engine.send(Command::TakeRunModel { which })),
            }) }
            <Findings services={services.clone()} model={lab.model_at_work()} is_busy={is_training || lab.is_searching} />
            <LiveSection phase={lab.phase.clone()} device={device_text(&engine_state)} fresh_runs={lab.fresh_runs}
                is_of_rows={table::is_of_rows(&lab.experiment)}
                services={services.clone()} />
            <InspectSection services={services.clone()} model={lab.model_at_work()} is_shown={props.is_shown} />
            <Builder experiment={lab.experiment.clone()} rows={lab.table.rows()} steps={lab.steps()} is_busy={is_training}
                on_edit={on(&hands, Hands::edit)}
                on_step={on(&hands, Hands::step)} {on_link} />
        </>
    };
    html! {
        <>
            { header(Route::Digits, device_control(&engine_state, services.engine.preference(), is_training, &on(&hands, Hands::change_device))) }
            <main>
                { kept }
                { editing(&hands, parts) }
            </main>
            { veil }
        </>
    }
}

/// The lab's grid, which knows what is being typed and hears the keys that undo.
fn editing(hands: &Rc<Hands>, parts: Html) -> Html {
    let onfocusin = on(hands, |hands, event: FocusEvent| hands.note_typing(keys::typing_at(&event)));
    // A value is settled when it has changed: what follows is another step.
    let onchange = on(hands, |hands, event: Event| hands.note_typing(keys::typing_at(&event)));
    let onfocusout = on(hands, |hands, _: FocusEvent| hands.note_typing(Typing::None));
    let onkeydown = on(hands, |hands, event: KeyboardEvent| {
        if let Some(step) = keys::step(&event) {
            event.prevent_default();
            // Else the drawing would go a step back too.
            event.stop_propagation();
            hands.step(step);
        }
    });
    html! { <div class="digits" {onfocusin} {onchange} {onfocusout} {onkeydown}>{ parts }</div> }
}

fn panel_actions(hands: &Rc<Hands>, lab: &UseReducerHandle<Lab>) -> PanelActions {
    let run = {
        let (hands, lab) = (hands.clone(), lab.clone());
        Callback::from(move |request| hands.run(&lab, request))
    };
    PanelActions {
        services: hands.services.clone(),
        search: on(hands, |hands, is_searching| hands.dispatch.dispatch(LabAction::Search(is_searching))),
        edit: on(hands, Hands::edit),
        choose: on(hands, |hands, preset| hands.dispatch.dispatch(LabAction::Choose(preset))),
        start_from: on(hands, |hands, start| hands.dispatch.dispatch(LabAction::StartFrom(start))),
        open_images: on(hands, |hands, files| hands.keeper.open_images(files)),
        open_table: on(hands, Hands::open_table),
        run,
    }
}

/// A callback that acts through the hands.
fn on<T: 'static>(hands: &Rc<Hands>, act: fn(&Hands, T)) -> Callback<T> {
    let hands = hands.clone();
    Callback::from(move |value| act(&hands, value))
}
