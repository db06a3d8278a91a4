//! Controller of the lab: carries out the requests of its components, and turns changes of the state into commands.

pub(super) mod building;
pub(super) mod events;
mod experiments;
mod inspections;
mod models;
mod pictures;
mod runs;
mod storing;

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use pinhole_protocol::{Command, DevicePreference};
use yew::prelude::*;

use self::{inspections::InspectionRequests, pictures::PictureRequests};
use super::{
    draw::{Canvases, PipelineAction},
    state::{Lab, LabAction, ViewTab},
};
use crate::{
    components::drawing_pad::DrawingPad,
    engine_client::EngineUpdate,
    services::Services,
    storage::{RunLock, RunSaver},
};

/// Controller of the lab, and holder of its state.
pub struct Controller {
    this: Weak<Self>,
    pub services: Services,
    lab: RefCell<Rc<Lab>>,
    /// Handle that renders the lab again.
    update: UseForceUpdateHandle,
    pub pad: Rc<DrawingPad>,
    pub canvases: Canvases,
    pictures: PictureRequests,
    inspections: InspectionRequests,
    run_saver: Rc<RunSaver>,
    /// Lock on the run in progress, by which other tabs know of it.
    run_lock: RefCell<Option<RunLock>>,
    drafts: storing::Drafts,
    /// True if the worker has the ready-made model as its reference.
    has_reference: Cell<bool>,
    /// True if the model that is being opened is to be trained further.
    continues_opened: Cell<bool>,
    /// Run that starts once a new worker has scanned the table.
    run_awaiting_table: RefCell<Option<runs::PlannedRun>>,
    /// Encoded experiment of the link that was opened or made last.
    last_link: RefCell<Option<String>>,
    /// Warnings shown during the current run, each of which is shown once.
    shown_warnings: RefCell<Vec<String>>,
}

impl Controller {
    /// Creates the controller with the lab's first state; `update` is called when the lab has to be rendered again.
    pub fn new(services: Services, update: UseForceUpdateHandle) -> Rc<Self> {
        Rc::new_cyclic(|this: &Weak<Self>| Self {
            this: this.clone(),
            run_saver: RunSaver::new(storing::on_storage_state(this.clone())),
            run_lock: RefCell::default(),
            drafts: storing::Drafts::default(),
            services,
            lab: RefCell::default(),
            update,
            pad: Rc::default(),
            canvases: Canvases::default(),
            pictures: PictureRequests::default(),
            inspections: InspectionRequests::default(),
            has_reference: Cell::default(),
            continues_opened: Cell::default(),
            run_awaiting_table: RefCell::default(),
            last_link: RefCell::default(),
            shown_warnings: RefCell::default(),
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

    /// Changes the pipeline.
    pub fn act(&self, action: PipelineAction) {
        self.dispatch(LabAction::Pipeline(action));
    }

    /// Sends the commands that follow from a change of the state.
    fn follow(&self, before: &Lab, after: &Lab) {
        self.follow_pictures(before, after);
        self.follow_run(before, after);
        self.follow_draft(before, after);
        let is_watched = |lab: &Lab| lab.view.shows(ViewTab::Inside) && lab.pipeline.has_model();
        if is_watched(after) && !is_watched(before) {
            self.request_inspection();
        }
        let description = |lab: &Lab| lab.table.description_request(&lab.experiment);
        if let Some(request) = description(after).filter(|request| description(before).as_ref() != Some(request)) {
            self.services.engine.send(Command::Table(request.1));
        }
    }

    /// Takes an update of the engine.
    pub fn on_update(&self, update: &EngineUpdate) {
        match update {
            EngineUpdate::Event(event) => self.on_event(event),
            EngineUpdate::State(state) => {
                if state.is_loading() {
                    self.lose_worker();
                }
                self.update.force_update();
            }
            EngineUpdate::Restarted => {
                self.register_table();
                self.restore_worker();
            }
        }
    }

    /// Forgets what the last worker had, and the answers that it owes.
    fn lose_worker(&self) {
        self.pictures.cancel();
        self.inspections.cancel();
        self.has_reference.set(false);
        self.continues_opened.set(false);
        self.dispatch(LabAction::WorkerLost);
    }

    /// Starts the engine on another device.
    pub fn change_device(&self, device: DevicePreference) {
        self.services.engine.restart(device, None);
    }
}

/// Callback that acts through the controller.
pub fn on<T: 'static>(controller: &Rc<Controller>, act: fn(&Controller, T)) -> Callback<T> {
    let controller = controller.clone();
    Callback::from(move |value| act(&controller, value))
}
