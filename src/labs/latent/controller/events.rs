//! Events of the engine: each changes the state, and some call for further commands.

use std::rc::Rc;

use pinhole_protocol::{
    Event, Failure, FailureKind,
    latent::{DecodedSamples, LatentCommand, LatentEvent},
    table::TableEvent,
};

use super::Controller;
use crate::{
    components::map::{Extent, PictureGrid},
    engine_client::EngineUpdate,
    files,
    labs::latent::state::{Answer, JobKind, Lab, LabAction, Method, ModelState, Purpose, Shown, Source},
};

impl Controller {
    /// Takes an update of the engine.
    pub fn on_update(&self, update: &EngineUpdate) {
        match update {
            EngineUpdate::Event(event) => self.on_event(event),
            EngineUpdate::State(_) => self.update.force_update(),
            EngineUpdate::Restarted => {
                self.requests.cancel_all();
                self.dispatch(LabAction::Reset);
                // The new worker has not been told.
                if self.lab().is_followed() {
                    self.post(LatentCommand::Follow { is_on: true });
                }
            }
        }
    }

    /// Follows that the lab is shown, or hidden.
    pub fn show(&self, is_shown: bool) {
        self.dispatch(LabAction::Show(is_shown));
        self.open_if_stale();
    }

    fn on_event(&self, event: &Event) {
        match event {
            Event::Latent(event) => self.on_latent_event(event),
            Event::Failed(failure) if failure.kind == FailureKind::Device => self.on_device_failure(failure),
            Event::TrainingStarted { .. } => self.dispatch(LabAction::Receive(Box::new(event.clone()))),
            Event::TrainingEnded(_)
            | Event::ModelReady(_)
            | Event::DataOpened(_)
            | Event::Table(TableEvent::Scored(_)) => {
                self.dispatch(LabAction::Receive(Box::new(event.clone())));
                self.open_if_stale();
            }
            _ => {}
        }
    }

    fn on_latent_event(&self, event: &LatentEvent) {
        match event {
            LatentEvent::Sample { request, details } => {
                self.on_answer(*request, |_| Answer::Sample(Rc::new((**details).clone())));
            }
            LatentEvent::Decoded { request, samples } => {
                self.on_answer(*request, |command| decoded(samples.clone(), &command));
            }
            LatentEvent::Walks { request, walks } => {
                self.on_answer(*request, |_| Answer::Walks(Rc::new((**walks).clone())));
            }
            LatentEvent::Drawn { request, drawn } => {
                self.receive(event);
                self.on_answer(*request, |_| Answer::Drawn(Rc::new((**drawn).clone())));
            }
            LatentEvent::Opened(_) => {
                self.requests.cancel_all();
                self.keep_file();
                let was_empty = self.lab().vectors.is_none();
                self.receive(event);
                // A pair of latent numbers needs no projection; all others wait to be asked for.
                self.project(Method::Raw);
                // A run goes on being watched.
                let lab = self.lab();
                if let Some(newest) = lab.history.newest().filter(|_| lab.is_training && was_empty) {
                    self.dispatch(LabAction::ShowMoment(Shown::Epoch(newest)));
                }
            }
            LatentEvent::Failed { request: Some(number), failure } => self.on_refused_request(*number, failure),
            LatentEvent::Failed { request: None, failure } => self.on_refused_job(failure),
            LatentEvent::Cancelled => {
                self.pending_file.take();
                self.receive(event);
            }
            LatentEvent::Exported { name, bytes } => {
                self.receive(event);
                if files::save(name, "application/octet-stream", &bytes.0).is_err() {
                    self.services.notices.problem(format!("{name} could not be saved: the browser refused it."));
                }
            }
            _ => self.receive(event),
        }
    }

    fn receive(&self, event: &LatentEvent) {
        self.dispatch(LabAction::Receive(Box::new(Event::Latent(event.clone()))));
    }

    fn on_answer(&self, number: u32, answer: impl FnOnce(LatentCommand) -> Answer) {
        let (answered, next) = self.requests.finish(number);
        if let Some(command) = next {
            self.post(command);
        }
        if let Some((purpose, command)) = answered {
            self.dispatch(LabAction::Answer(purpose, Some(answer(command))));
        }
    }

    /// The worker starts anew without the GPU: what was asked of it is not answered.
    fn on_device_failure(&self, failure: &Failure) {
        self.requests.cancel_all();
        self.pending_file.take();
        if self.lab().job.is_some() {
            self.dispatch(LabAction::Refuse(failure.message.as_str().into()));
        }
    }

    fn on_refused_request(&self, number: u32, failure: &Failure) {
        let (refused, next) = self.requests.finish(number);
        if let Some(command) = next {
            self.post(command);
        }
        let Some((purpose, _)) = refused else { return };
        if purpose == Purpose::Drawn {
            self.on_refused_job(failure);
        } else {
            self.services.notices.problem(failure.message.clone());
        }
        self.dispatch(LabAction::Answer(purpose, None));
    }

    fn on_refused_job(&self, failure: &Failure) {
        let lab = self.lab();
        self.pending_file.take();
        // In the place of a map there is room for the sentence.
        let stands_there =
            lab.job.as_ref().is_some_and(|job| job.kind == JobKind::Opening) && lab.shown_positions().is_none();
        if !stands_there {
            self.services.notices.problem(failure.message.clone());
        }
        if lab.job.is_some() {
            self.dispatch(LabAction::Refuse(failure.message.as_str().into()));
        }
    }

    /// Opens the vectors if they are older than the model, the lab is shown and no job is in the way.
    fn open_if_stale(&self) {
        if needs_vectors(&self.lab()) {
            self.open_vectors();
        }
    }
}

/// Decoded samples; those of a grid with the part of the plane that they fill.
fn decoded(samples: DecodedSamples, command: &LatentCommand) -> Answer {
    let samples = Rc::new(samples);
    match *command {
        LatentCommand::DecodeGrid { across, up, side, .. } => {
            let extent = Extent { low: [across[0], up[0]], high: [across[1], up[1]] };
            Answer::Grid(PictureGrid { samples, side, extent })
        }
        _ => Answer::Decoded(samples),
    }
}

/// True if vectors are to be opened now.
fn needs_vectors(lab: &Lab) -> bool {
    let has_network = lab.model == ModelState::Known || lab.is_training;
    let is_there = has_network || !matches!(lab.source, Source::HeldOut | Source::All);
    lab.is_shown && lab.is_stale && lab.job.is_none() && is_there
}
