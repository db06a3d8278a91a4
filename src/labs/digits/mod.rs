//! The Digits lab: draw and denoise, train, watch.

mod desk;
mod draw;
mod errands;
mod keeper;
mod kept;
mod live;
mod model_bar;
mod network;
mod state;
mod status;
mod train_panel;

use std::rc::Rc;

use pinhole_protocol::{
    Command, DeviceKind, DevicePreference, Event, FailureKind, Noise, TrainingEnd, TrainingPhase, TrainingStart,
};
use yew::prelude::*;

use self::{
    draw::DrawSection,
    keeper::Keeper,
    kept::{Restored, use_kept_bar},
    live::LiveSection,
    model_bar::model_bar,
    state::{Lab, LabAction, RunPhase, preset_of},
    status::device_text,
    train_panel::{PanelActions, RunRequest},
};
use crate::{
    engine::{EngineState, News, use_news},
    files,
    parts::file_drop::use_file_drop,
    route::Route,
    services::{Services, use_mount},
    shell::{device_control, header},
};

/// Kinds of noise, for a menu.
fn noise_options() -> Vec<(AttrValue, AttrValue)> {
    Noise::ALL.into_iter().map(|noise| (noise.slug().into(), noise.label().into())).collect()
}

/// The sample that a stranger sees first.
const FIRST_SAMPLE: u64 = 5;

/// What the lab's parts act through.
struct Hands {
    services: Services,
    keeper: Rc<Keeper>,
    dispatch: UseReducerDispatcher<Lab>,
}

impl Hands {
    fn new(services: Services, dispatch: UseReducerDispatcher<Lab>) -> Self {
        Self { keeper: Rc::new(Keeper::new(services.clone())), services, dispatch }
    }

    fn change_device(&self, device: DevicePreference) {
        self.services.engine.restart(device, None);
    }

    fn hear(&self, event: &Event, lab: &Lab) {
        self.keeper.hear(event);
        match event {
            Event::ModelReady(model) => self.dispatch.dispatch(LabAction::Model(Rc::new((**model).clone()))),
            Event::DataOpened(summary) => self.dispatch.dispatch(LabAction::Opened(Rc::new(summary.clone()))),
            Event::TrainingStarted { .. } => self.dispatch.dispatch(LabAction::Begun),
            Event::EpochDone(record) => self.dispatch.dispatch(LabAction::Epoch(*record)),
            Event::Progress(progress) => self.dispatch.dispatch(LabAction::Phase(progress.phase)),
            Event::TrainingEnded(end) => {
                if let TrainingEnd::Diverged(advice) = end {
                    self.services.notices.problem(advice.clone());
                }
                self.dispatch.dispatch(LabAction::End(end.clone()));
            }
            Event::ModelSaved(bytes) => {
                let name = preset_of(&lab.experiment).map_or("model", |preset| preset.name);
                let name = format!("pinhole-{name}.safetensors");
                if files::save(&name, "application/octet-stream", &bytes.0).is_err() {
                    self.services.notices.problem("The model could not be saved: the browser refused the download.");
                }
            }
            Event::Failed(failure) if failure.kind == FailureKind::Device && self.is_on_gpu() => {
                self.change_to_cpu(&failure.message);
            }
            Event::Failed(failure) => {
                self.services.notices.problem(failure.message.clone());
                let has_not_begun = lab.phase == RunPhase::Active(TrainingPhase::Preparing);
                let ends_the_run = failure.kind == FailureKind::Device;
                if ends_the_run || (has_not_begun && failure.kind != FailureKind::File) {
                    self.keeper.abandon();
                    self.dispatch.dispatch(LabAction::Abandon);
                }
            }
            _ => {}
        }
    }

    fn is_on_gpu(&self) -> bool {
        matches!(self.services.engine.state(), EngineState::Ready(device) if device.kind == DeviceKind::WebGpu)
    }

    fn change_to_cpu(&self, reason: &str) {
        let is_training = self.keeper.is_training();
        self.services.engine.restart(DevicePreference::Cpu, Some(reason.to_owned()));
        let goes_on = if is_training {
            "Training goes on on the CPU, from the last checkpoint."
        } else {
            "The work goes on on the CPU, with the same model."
        };
        self.services.notices.information(format!("{reason} {goes_on}"));
    }

    fn run(&self, lab: &Lab, request: RunRequest) {
        match request {
            RunRequest::Train => {
                self.dispatch.dispatch(LabAction::Begin(lab.start));
                self.keeper.train((*lab.experiment).clone(), lab.start);
            }
            RunRequest::Pause => self.services.engine.send(Command::Pause),
            RunRequest::Resume => self.services.engine.send(Command::Resume),
            RunRequest::Step => self.services.engine.send(Command::Step),
            RunRequest::Stop => self.services.engine.send(Command::Stop),
        }
    }

    fn restore(&self, (file, experiment, epoch): Restored) {
        let is_unfinished = epoch < experiment.schedule.epochs;
        self.keeper.open_model(file);
        self.dispatch.dispatch(LabAction::Edit(experiment));
        if is_unfinished {
            self.dispatch.dispatch(LabAction::StartFrom(TrainingStart::Continue));
        }
    }
}

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
            News::Restarted => hands.keeper.hand_over(),
        };
        use_news(&services.engine, Rc::new(hear));
    }
    {
        let hands = hands.clone();
        use_mount(Rc::new(move || {
            hands.keeper.open_pretrained();
            hands.services.engine.send(Command::Surprise { seed: FIRST_SAMPLE });
            Box::new(())
        }));
    }
    let is_training = lab.phase.is_active();
    let kept = use_kept_bar(is_training, on(&hands, Hands::restore));
    let veil = use_file_drop("Drop images or a model", on(&hands, |hands, files| hands.keeper.open_files(files)));
    let engine_state = services.engine.state();
    html! {
        <>
            { header(Route::Digits, device_control(&engine_state, services.engine.preference(), is_training, &on(&hands, Hands::change_device))) }
            <main>
                { kept }
                <div class="digits">
                    <DrawSection engine={services.engine.clone()} is_shown={props.is_shown} />
                    { train_panel::view(&lab, &panel_actions(&hands, &lab)) }
                    { model_bar(lab.model.as_deref(), is_training,
                        on(&hands, |hands, files| hands.keeper.open_files(files)),
                        &on(&hands, |hands, ()| hands.services.engine.send(Command::SaveModel))) }
                    <LiveSection phase={lab.phase.clone()} device={device_text(&engine_state)} fresh_runs={lab.fresh_runs}
                        services={services.clone()} />
                    { network::section(&lab.experiment) }
                </div>
            </main>
            { veil }
        </>
    }
}

fn panel_actions(hands: &Rc<Hands>, lab: &UseReducerHandle<Lab>) -> PanelActions {
    let run = {
        let (hands, lab) = (hands.clone(), lab.clone());
        Callback::from(move |request| hands.run(&lab, request))
    };
    PanelActions {
        edit: on(hands, |hands, edited| hands.dispatch.dispatch(LabAction::Edit(edited))),
        start_from: on(hands, |hands, start| hands.dispatch.dispatch(LabAction::StartFrom(start))),
        open_images: on(hands, |hands, files| hands.keeper.open_images(files)),
        run,
    }
}

/// A callback that acts through the hands.
fn on<T: 'static>(hands: &Rc<Hands>, act: fn(&Hands, T)) -> Callback<T> {
    let hands = hands.clone();
    Callback::from(move |value| act(&hands, value))
}
