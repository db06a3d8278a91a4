//! Events of the engine: each changes the state, and some call for further commands.

use std::rc::Rc;

use pinhole_protocol::{
    DeviceKind, DevicePreference, Event, Failure, FailureKind, TrainingEnd, TrainingPhase, table::TableEvent,
};

use super::Controller;
use crate::{
    engine_client::EngineState,
    labs::digits::state::{Lab, LabAction, RunPhase},
};

impl Controller {
    /// Takes an event of the engine.
    pub(super) fn on_event(&self, event: &Event) {
        self.receive(event);
        if let Some(action) = action_of(event, &self.lab()) {
            self.dispatch(action);
        }
        match event {
            Event::ModelReady(model) => self.on_model_ready(model),
            Event::ModelSaved(bytes) => self.save_model(&bytes.0),
            Event::Checkpoint(weights) => self.store_checkpoint(weights),
            Event::TrainingStarted { .. } => {
                self.shown_warnings.borrow_mut().clear();
                self.compare_with_ready_made();
            }
            Event::TrainingEnded(TrainingEnd::Diverged(advice)) => self.services.notices.problem(advice.clone()),
            Event::Warning(warning) => self.warn(warning),
            Event::Table(TableEvent::Scanned(_)) => self.on_table_scanned(),
            Event::Failed(failure) => self.on_failure(failure),
            _ => {}
        }
        self.on_picture_event(event);
        self.on_inspection_event(event);
    }

    /// Takes an event into the state as it is, without further commands.
    fn receive(&self, event: &Event) {
        let mut lab = (*self.lab()).clone();
        let is_visible = lab.receive(event, js_sys::Date::now());
        self.lab.replace(lab.into());
        if is_visible {
            self.update.force_update();
        }
    }

    fn on_failure(&self, failure: &Failure) {
        if failure.kind == FailureKind::Device && self.is_on_gpu() {
            self.fall_back_to_cpu(&failure.message);
            return;
        }
        self.continues_opened.set(false);
        self.services.notices.problem(failure.message.clone());
        self.dispatch(LabAction::CancelTable);
        let is_preparing = self.lab().phase == RunPhase::Active(TrainingPhase::Preparing);
        let ends_the_run = failure.kind == FailureKind::Device;
        if ends_the_run || (is_preparing && failure.kind != FailureKind::File) {
            self.abandon_run();
        }
    }

    fn warn(&self, warning: &str) {
        let mut shown = self.shown_warnings.borrow_mut();
        if shown.iter().all(|known| known != warning) {
            shown.push(warning.to_owned());
            self.services.notices.information(warning);
        }
    }

    fn is_on_gpu(&self) -> bool {
        matches!(self.services.engine.state(), EngineState::Ready(device) if device.kind == DeviceKind::WebGpu)
    }

    fn fall_back_to_cpu(&self, reason: &str) {
        let is_training = self.is_training();
        self.services.engine.restart(DevicePreference::Cpu, Some(reason.to_owned()));
        let consequence = if is_training {
            "Training continues on the CPU, from the last checkpoint."
        } else {
            "The engine now runs on the CPU, with the same model."
        };
        self.services.notices.information(format!("{reason} {consequence}"));
    }
}

/// Action by which an event changes the state of runs, data and tables.
pub(in crate::labs::digits) fn action_of(event: &Event, lab: &Lab) -> Option<LabAction> {
    Some(match event {
        Event::DataOpened(summary) => LabAction::ImagesOpened(Rc::new(summary.clone())),
        Event::TrainingStarted { .. } => LabAction::RunStarted,
        Event::Table(TableEvent::Opened(_) | TableEvent::Scored(_)) => LabAction::TableChanged,
        Event::Table(TableEvent::RowsDescribed(description)) => LabAction::TableDescribed(description.clone()),
        Event::RunModels(models) => LabAction::SetRunModels(*models),
        Event::EpochDone(record) => LabAction::EpochFinished(*record),
        // Most progress is of the phase that is known.
        Event::Progress(progress) if lab.phase != RunPhase::Active(progress.phase) => {
            LabAction::SetPhase(progress.phase)
        }
        Event::TrainingEnded(end) => LabAction::RunEnded(end.clone()),
        _ => return None,
    })
}
