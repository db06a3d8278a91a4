//! The Digits lab: draw and denoise, train, watch.

mod desk;
mod draw;
mod errands;
mod keeper;
mod kept;
mod model_bar;
mod network;
mod state;
mod status;
mod train_panel;

use std::rc::Rc;

use pinhole_protocol::{
    Command, DeviceKind, DevicePreference, Event, Experiment, FailureKind, NamedFile, Noise, TrainingEnd,
    TrainingPhase, TrainingStart,
};
use yew::prelude::*;

use self::{
    draw::DrawSection,
    keeper::Keeper,
    kept::KeptBar,
    model_bar::ModelBar,
    network::NetworkSection,
    state::{Lab, LabAction, RunPhase, preset_of},
    status::StatusLine,
    train_panel::{RunRequest, TrainPanel},
};
use crate::{
    engine::{Engine, EngineState, News, use_engine, use_news},
    files,
    notices::{Notices, use_notices},
    parts::{file_drop::FileDrop, loss_chart::LossChart, sample_grid::SampleStrips},
    shell::{DeviceControl, Header},
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

    fn restore(&self, (file, experiment, epoch): (NamedFile, Experiment, usize)) {
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
    let (engine, notices) = (use_engine(), use_notices());
    let lab = use_reducer_eq(Lab::default);
    let keeper = {
        let (engine, notices) = (engine.clone(), notices.clone());
        use_memo((), |()| Rc::new(Keeper::new(engine, notices)))
    };
    let hands = Hands { engine, notices, keeper: (*keeper).clone(), dispatch: lab.dispatcher() };
    {
        let (hands, lab) = (hands.clone(), lab.clone());
        use_news(move |news| {
            if let News::Event(event) = news {
                hands.hear(event, &lab);
            }
        });
    }
    {
        let hands = hands.clone();
        use_effect_with((), move |()| {
            hands.keeper.open_pretrained();
            hands.engine.send(Command::Surprise { seed: FIRST_SAMPLE });
        });
    }
    let checked = lab.experiment.as_ref().clone().check().map_err(Rc::new);
    let dispatch = |action: fn(Experiment) -> LabAction| {
        let dispatcher = lab.dispatcher();
        Callback::from(move |experiment| dispatcher.dispatch(action(experiment)))
    };
    let on_start = {
        let dispatcher = lab.dispatcher();
        Callback::from(move |start| dispatcher.dispatch(LabAction::StartFrom(start)))
    };
    let on_run = {
        let (hands, lab) = (hands.clone(), (*lab).clone());
        Callback::from(move |request| hands.run(&lab, request))
    };
    let with_hands = |act: fn(&Hands, Vec<web_sys::File>)| {
        let hands = hands.clone();
        Callback::from(move |files| act(&hands, files))
    };
    let on_save = {
        let engine = hands.engine.clone();
        Callback::from(move |()| engine.send(Command::SaveModel))
    };
    let on_device = {
        let keeper = hands.keeper.clone();
        Callback::from(move |device| {
            keeper.move_to(device, None);
        })
    };
    let on_restore = {
        let hands = hands.clone();
        Callback::from(move |kept| hands.restore(kept))
    };
    let is_training = lab.phase.is_active();
    html! {
        <>
            <Header>
                <DeviceControl on_choose={on_device} locked={is_training.then_some("Stop training first")} />
            </Header>
            <main>
                <KeptBar is_overwritten={is_training} {on_restore} />
                <div class="digits">
                    <DrawSection />
                    <TrainPanel experiment={lab.experiment.clone()} {checked} opened={lab.opened.clone()}
                        phase={lab.phase.clone()} start={lab.start} can_continue={lab.can_continue()}
                        on_edit={dispatch(LabAction::Edit)} {on_start} {on_run}
                        on_images={with_hands(|hands, files| hands.keeper.open_images(files))} />
                    <ModelBar model={lab.model.clone()} {is_training} {on_save}
                        on_open={with_hands(|hands, files| hands.keeper.open_files(files))} />
                    <section class="live card" aria-labelledby="live-title">
                        <h2 id="live-title">{ "Training, live" }</h2>
                        <StatusLine phase={lab.phase.clone()} />
                        <LossChart fresh_runs={lab.fresh_runs} />
                        <SampleStrips />
                    </section>
                    <NetworkSection experiment={lab.experiment.clone()} />
                </div>
            </main>
            <FileDrop invitation="Drop images or a model" on_files={with_hands(|hands, files| hands.keeper.open_files(files))} />
        </>
    }
}
