//! Edits of the experiment, and links to it.

use pinhole_protocol::Experiment;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

use super::Controller;
use crate::{
    builder::{history::Typing, share_link, shortcuts::UndoStep, training_start},
    clipboard,
    glossary::term_of,
    labs::digits::state::LabAction,
    route,
};

impl Controller {
    /// Replaces the experiment, which can be undone.
    pub fn edit(&self, experiment: Experiment) {
        self.dispatch(LabAction::Edit(experiment));
    }

    /// Undoes or redoes an edit, except during a run.
    pub fn undo_or_redo(&self, step: UndoStep) {
        if !self.is_training() {
            self.dispatch(LabAction::UndoOrRedo(step));
        }
    }

    /// Sets the state of typing, by which edits become undo steps.
    pub fn set_typing(&self, typing: Typing) {
        self.dispatch(LabAction::SetTyping(typing));
    }

    /// Explains the control that an event comes from.
    pub fn explain(&self, event: &web_sys::Event) {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let control = target.and_then(|target| target.closest("button, [aria-label]").ok()?);
        let name = control.and_then(|control| control.get_attribute("aria-label").or_else(|| control.text_content()));
        let term = name.and_then(|name| term_of(&name));
        if let Some(term) = term.filter(|term| self.lab().explained != Some(term)) {
            self.dispatch(LabAction::Explain(term));
        }
    }

    /// Opens the experiment of the address, if it has one.
    pub fn open_link(&self, hash: &str) {
        let Some(text) = route::linked_experiment(hash) else { return };
        // When a person goes back to the address of a link, edits made since it was opened are kept.
        if self.last_link.replace(Some(text.to_owned())).as_deref() == Some(text) {
            return;
        }
        let notices = &self.services.notices;
        match share_link::decode(text) {
            Ok(_) if self.is_training() => {
                self.last_link.take();
                notices.information("A run is in progress: open the link again when it has ended.");
            }
            Ok(experiment) => {
                self.dispatch(LabAction::OpenExperiment(experiment));
                if let Some(start) = route::linked_start(hash).and_then(training_start::from_slug) {
                    self.dispatch(LabAction::SetStart(start));
                }
            }
            Err(message) => notices.problem(message),
        }
    }

    /// Puts the link of the experiment into the address and on the clipboard.
    pub fn copy_link(&self) {
        let lab = self.lab();
        let notices = self.services.notices.clone();
        let address = share_link::encode(&lab.experiment).and_then(|text| {
            self.last_link.replace(Some(text.clone()));
            route::link_experiment(&text, training_start::slug(lab.start))
        });
        let Some(address) = address else {
            notices.problem(
                "This experiment does not fit into a link: its seed has more than 53 bits. Choose a smaller one.",
            );
            return;
        };
        spawn_local(async move {
            notices.information(if clipboard::copy(&address).await {
                "The experiment's link is on the clipboard, and in the address."
            } else {
                "The experiment's link is in the address: the browser refuses access to the clipboard."
            });
        });
    }
}
