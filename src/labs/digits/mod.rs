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
    train_panel::{RunRequest, TrainPanel},
};
use crate::{
    engine::{Engine, EngineState, News, use_news},
    files,
    notices::Notices,
    parts::file_drop::use_file_drop,
    services::{Services, use_services},
    shell::{device_control, header},
};

/// Kinds of noise, for a menu.
fn noise_options() -> Vec<(AttrValue, AttrValue)> {
    Noise::ALL.into_iter().map(|noise| (noise.slug().into(), noise.label().into())).collect()
}

/// The sample that a stranger sees first.
const FIRST_SAMPLE: u64 = 5;

/// What the lab's parts act through.
#[derive(Clone)]
struct Hands {
    engine: Engine,
    notices: Notices,
    keeper: Rc<Keeper>,
    dispatch: UseReducerDispatcher<Lab>,
}

impl Hands {
    /// A callback that acts through the hands.
    fn on<T: 'static>(&self, act: fn(&Self, T)) -> Callback<T> {
        let hands = self.clone();
        Callback::from(move |value| act(&hands, value))
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
                    self.notices.problem(advice.clone());
                }
                self.dispatch.dispatch(LabAction::End(end.clone()));
            }
            Event::ModelSaved(bytes) => {
                let name = preset_of(&lab.experiment).map_or("model", |preset| preset.name);
                let name = format!("pinhole-{name}.safetensors");
                if files::save(&name, "application/octet-stream", &bytes.0).is_err() {
                    self.notices.problem("The model could not be saved: the browser refused the download.");
                }
            }
            Event::Failed(failure) if failure.kind == FailureKind::Device && self.is_on_gpu() => {
                self.change_to_cpu(&failure.message);
            }
            Event::Failed(failure) => {
                self.notices.problem(failure.message.clone());
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
        matches!(self.engine.state(), EngineState::Ready(device) if device.kind == DeviceKind::WebGpu)
    }

    fn change_to_cpu(&self, reason: &str) {
        let goes_on = if self.keeper.move_to(DevicePreference::Cpu, Some(reason.to_owned())) {
            "Training goes on on the CPU, from the last checkpoint."
        } else {
            "The work goes on on the CPU, with the same model."
        };
        self.notices.information(format!("{reason} {goes_on}"));
    }

    fn run(&self, lab: &Lab, request: RunRequest) {
        match request {
            RunRequest::Train => {
                self.dispatch.dispatch(LabAction::Begin(lab.start));
                self.keeper.train((*lab.experiment).clone(), lab.start);
            }
            RunRequest::Pause => self.engine.send(Command::Pause),
            RunRequest::Resume => self.engine.send(Command::Resume),
            RunRequest::Step => self.engine.send(Command::Step),
            RunRequest::Stop => self.engine.send(Command::Stop),
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

/// The lab.
#[component]
pub fn DigitsLab() -> Html {
    let Services { engine, notices } = use_services();
    let lab = use_reducer_eq(Lab::default);
    let engine_state = use_state_eq(|| engine.state());
    let keeper = {
        let (engine, notices) = (engine.clone(), notices.clone());
        use_memo((), |()| Keeper::new(engine, notices))
    };
    let hands = Hands { engine, notices, keeper, dispatch: lab.dispatcher() };
    {
        let (listening, lab, engine_state) = (hands.clone(), lab.clone(), engine_state.setter());
        let hear = move |news: &News| match news {
            News::Event(event) => listening.hear(event, &lab),
            News::State(state) => engine_state.set(state.clone()),
        };
        use_news(&hands.engine, Rc::new(hear));
    }
    {
        let hands = hands.clone();
        use_effect_with((), move |()| {
            hands.keeper.open_pretrained();
            hands.engine.send(Command::Surprise { seed: FIRST_SAMPLE });
        });
    }
    let is_training = lab.phase.is_active();
    let kept = use_kept_bar(is_training, hands.on(Hands::restore));
    let veil = use_file_drop("Drop images or a model", hands.on(|hands, files| hands.keeper.open_files(files)));
    let locked = is_training.then_some("Stop training first");
    let on_device = hands.on(|hands, device| {
        hands.keeper.move_to(device, None);
    });
    let on_run = {
        let (hands, lab) = (hands.clone(), (*lab).clone());
        Callback::from(move |request| hands.run(&lab, request))
    };
    html! {
        <>
            { header(device_control(&engine_state, hands.engine.preference(), locked, &on_device)) }
            <main>
                { kept }
                <div class="digits">
                    <DrawSection />
                    <TrainPanel experiment={lab.experiment.clone()} error={(*lab.experiment).clone().check().err().map(Rc::new)}
                        opened={lab.opened.clone()} phase={lab.phase.clone()} start={lab.start} can_continue={lab.can_continue()}
                        on_edit={hands.on(|hands, edited| hands.dispatch.dispatch(LabAction::Edit(edited)))}
                        on_start={hands.on(|hands, start| hands.dispatch.dispatch(LabAction::StartFrom(start)))}
                        on_images={hands.on(|hands, files| hands.keeper.open_images(files))} {on_run} />
                    { model_bar(lab.model.as_deref(), is_training,
                        hands.on(|hands, files| hands.keeper.open_files(files)),
                        &hands.on(|hands, ()| hands.engine.send(Command::SaveModel))) }
                    <LiveSection phase={lab.phase.clone()} device={device_text(&engine_state)} fresh_runs={lab.fresh_runs} />
                    { network::section(&lab.experiment) }
                </div>
            </main>
            { veil }
        </>
    }
}
