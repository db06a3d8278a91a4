//! Runs: the requests of the run buttons, and a run that goes on in a new worker.

use std::rc::Rc;

use pinhole_protocol::{Command, Experiment, TrainingStart};
use wasm_bindgen_futures::spawn_local;

use super::Controller;
use crate::{
    labs::digits::{
        state::{Lab, LabAction, Restoration},
        train::{RunRequest, learns_from_rows},
    },
    storage,
};

/// Experiment and start of a run.
pub type PlannedRun = (Rc<Experiment>, TrainingStart);

impl Controller {
    /// Carries out a request of the run buttons.
    pub fn run(&self, request: RunRequest) {
        let engine = &self.services.engine;
        match request {
            RunRequest::Train => {
                let lab = self.lab();
                self.train((lab.experiment.clone(), lab.start));
            }
            RunRequest::Pause => engine.send(Command::Pause),
            RunRequest::Resume => engine.send(Command::Resume),
            RunRequest::Step => engine.send(Command::Step),
            RunRequest::Stop => engine.send(Command::Stop),
        }
    }

    fn train(&self, (experiment, start): PlannedRun) {
        if start != TrainingStart::Continue || self.lab().recovery.run_id().is_none() {
            self.dispatch(LabAction::SetRunId(Some(storage::new_id().into())));
        }
        self.dispatch(LabAction::StartRun(start));
        self.send_run((experiment, start));
    }

    fn send_run(&self, (experiment, start): PlannedRun) {
        self.services.engine.send(Command::Train { experiment: Box::new((*experiment).clone()), start });
    }

    /// Measures the current model.
    pub fn measure(&self) {
        self.dispatch(LabAction::RequestMeasurements);
        self.services.engine.send(Command::Measure { measures: Vec::new() });
    }

    /// Sends images and models to a new worker, and continues the run if there was one.
    pub(super) fn restore_worker(&self) {
        let Restoration { images, as_is, model, run } = self.lab().recovery.restoration();
        let Some(controller) = self.this.upgrade() else { return };
        spawn_local(async move {
            if !images.is_empty() {
                controller.send_images(images.to_vec(), as_is.to_vec()).await;
            }
            if let Some(model) = model {
                controller.send_model(&model);
            }
            match run {
                Some(run) if learns_from_rows(&run.0) && !controller.services.engine.has_scanned_table() => {
                    controller.run_awaiting_table.replace(Some(run));
                }
                Some(run) => controller.continue_run(run),
                None => {}
            }
        });
    }

    /// Starts the run that waits for a table, once that is read.
    pub(super) fn on_table_scanned(&self) {
        if let Some(run) = self.run_awaiting_table.take() {
            self.continue_run(run);
        }
    }

    fn continue_run(&self, run: PlannedRun) {
        self.dispatch(LabAction::ResumeRun(run.1));
        self.send_run(run);
    }

    /// Notes that the run could not start.
    pub(super) fn abandon_run(&self) {
        self.run_awaiting_table.take();
        self.dispatch(LabAction::AbandonRun);
    }

    /// True from the start of a run to its end.
    pub fn is_training(&self) -> bool {
        Lab::is_training(&self.lab())
    }
}
