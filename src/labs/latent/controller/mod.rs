//! Controller of the lab: sends commands to the engine, and turns its events into actions.

mod events;
mod exploration;
mod map_events;
mod requests;

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use pinhole_protocol::{
    Command, NamedFile,
    latent::{LatentCommand, SampleRange, VectorSource},
};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;
use yew::prelude::*;

pub use self::exploration::{NEAREST, WALK_STEPS};
use self::{map_events::MapTimers, requests::Requests};
use super::state::{Chosen, JobKind, Lab, LabAction, Method, ProjectionSettings, Purpose, Source};
use crate::{
    components::{map::ScatterMap, selection::Selection},
    files,
    labs::latent::map::MAX_SHOWN,
    services::Services,
};

/// Controller of the lab, through which its views act, and holder of its state.
pub struct Controller {
    this: Weak<Self>,
    pub services: Services,
    lab: RefCell<Rc<Lab>>,
    /// Handle that renders the lab again.
    update: UseForceUpdateHandle,
    pub map: Rc<ScatterMap>,
    timers: MapTimers,
    requests: Requests,
    /// Coordinates or vectors that a person has opened, and those that the engine has not taken yet.
    file: RefCell<Option<NamedFile>>,
    pending_file: RefCell<Option<NamedFile>>,
}

impl Controller {
    /// Creates the controller with the lab's first state; `update` is called when the lab has to be rendered again.
    pub fn new(services: Services, update: UseForceUpdateHandle) -> Rc<Self> {
        Rc::new_cyclic(|this: &Weak<Self>| Self {
            this: this.clone(),
            services,
            lab: RefCell::new(Rc::new(Lab { is_stale: true, ..Lab::default() })),
            update,
            map: ScatterMap::new(map_events::callback(this.clone())),
            timers: MapTimers::default(),
            requests: Requests::default(),
            file: RefCell::default(),
            pending_file: RefCell::default(),
        })
    }

    /// State of the lab.
    pub fn lab(&self) -> Rc<Lab> {
        self.lab.borrow().clone()
    }

    /// Changes the state, and sends the commands that follow from the change.
    pub fn dispatch(&self, action: LabAction) {
        let before = self.lab();
        let after = before.clone().reduce(action);
        self.lab.replace(after.clone());
        self.follow(&before, &after);
        self.update.force_update();
    }

    /// Sends a command.
    pub fn post(&self, command: LatentCommand) {
        self.services.engine.send(Command::Latent(command));
    }

    /// Sends a command that starts a job.
    pub fn start(&self, job: JobKind, command: LatentCommand) {
        self.dispatch(LabAction::Start(job));
        self.post(command);
    }

    /// Stops the job. The engine drops what else it has not answered: that is asked for again.
    pub fn stop(&self) {
        self.post(LatentCommand::Stop);
        for command in self.requests.resend() {
            self.post(command);
        }
    }

    /// Sends a request whose answer the state keeps under `purpose`, once the one before is answered. The command's own
    /// number is replaced.
    pub fn ask(&self, purpose: Purpose, command: LatentCommand) {
        if let Some(command) = self.requests.ask(purpose, command) {
            self.post(command);
        }
    }

    /// Forgets the answer of a purpose, and the one that is awaited.
    pub fn forget(&self, purpose: Purpose) {
        self.requests.cancel(purpose);
        self.dispatch(LabAction::Answer(purpose, None));
    }

    /// Opens the vectors of the current source.
    pub fn open_vectors(&self) {
        let source = match self.lab().source {
            Source::HeldOut => VectorSource::Model { samples: SampleRange::HeldOut },
            Source::All => VectorSource::Model { samples: SampleRange::All },
            Source::Detector => VectorSource::Detector,
            Source::File => {
                let pending = self.pending_file.borrow().clone();
                match pending.or_else(|| self.file.borrow().clone()) {
                    Some(file) => VectorSource::File(file),
                    None => return,
                }
            }
        };
        self.start(JobKind::Opening, LatentCommand::Open { source });
    }

    /// Opens vectors of another origin.
    pub fn choose_source(&self, source: Source) {
        self.dispatch(LabAction::SetSource(source));
        self.open_vectors();
    }

    /// Notes that the engine has taken the file that waits.
    fn keep_file(&self) {
        if let Some(file) = self.pending_file.take() {
            self.file.replace(Some(file));
        }
    }

    /// True if a person has opened a file here.
    pub fn has_file(&self) -> bool {
        self.file.borrow().is_some()
    }

    /// Opens coordinates or vectors of a file.
    pub fn open_file(&self, chosen: Vec<File>) {
        let Some(controller) = self.this.upgrade() else { return };
        spawn_local(async move {
            match files::read(&chosen).await {
                Ok(files) => {
                    if let Some(file) = files.into_iter().next() {
                        controller.pending_file.replace(Some(file));
                        controller.choose_source(Source::File);
                    }
                }
                Err(message) => controller.services.notices.problem(message),
            }
        });
    }

    /// Lays the vectors out by a method.
    pub fn project(&self, method: Method) {
        self.dispatch(LabAction::SetMethod(method));
        let lab = self.lab();
        let count = lab.vectors.as_ref().map_or(0, |vectors| vectors.count);
        let projection = lab.settings.projection(method, count);
        let command = LatentCommand::Project { projection, seed: lab.settings.seed };
        self.start(JobKind::Projecting, command);
    }

    /// Lays the vectors out by a method with other settings.
    pub fn project_with(&self, method: Method, settings: ProjectionSettings) {
        self.dispatch(LabAction::SetSettings(settings));
        self.project(method);
    }

    /// Chooses samples A and B.
    pub fn choose(&self, chosen: Chosen) {
        self.dispatch(LabAction::Choose(chosen));
    }

    /// Selects samples, for the other labs too; `None` for none.
    pub fn select(&self, selection: Option<Selection>) {
        let selection = selection.filter(|selection| selection.len() > 0).map(Rc::new);
        self.dispatch(LabAction::Select(selection));
    }

    /// Sends the commands that follow from a change of the state.
    fn follow(&self, before: &Lab, after: &Lab) {
        if before.is_followed() != after.is_followed() {
            self.post(LatentCommand::Follow { is_on: after.is_followed() });
        }
        if before.chosen.a != after.chosen.a {
            self.describe(Purpose::ChosenA, after.chosen.a);
        }
        if before.chosen.b != after.chosen.b {
            self.describe(Purpose::ChosenB, after.chosen.b);
        }
        if before.selection != after.selection {
            self.services.selection.set(after.shared_selection());
            match &after.selection {
                Some(selection) if after.picture_shape().is_some() || after.decoding_obstacle().is_none() => {
                    let indices = selection.indices.iter().copied().take(MAX_SHOWN).collect();
                    self.ask(Purpose::Selection, LatentCommand::Show { request: 0, indices });
                }
                _ => self.requests.cancel(Purpose::Selection),
            }
        }
        self.follow_map(before, after);
        self.follow_exploration(before, after);
    }

    /// Requests the description of a chosen sample, or forgets the last one.
    fn describe(&self, purpose: Purpose, index: Option<usize>) {
        match index {
            Some(index) => self.ask(purpose, LatentCommand::Describe { request: 0, index }),
            None => self.forget(purpose),
        }
    }
}

/// Callback that acts through the controller.
pub fn on<T: 'static>(controller: &Rc<Controller>, act: fn(&Controller, T)) -> Callback<T> {
    let controller = controller.clone();
    Callback::from(move |value| act(&controller, value))
}
