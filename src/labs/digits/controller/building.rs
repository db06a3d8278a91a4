//! Opening and closing of the builder: by its buttons, by Escape, and by Back and Forward of the browser.
//!
//! The builder covers the lab's views as a page of its own would, so it has an entry of its own in the browser's history:
//! the entry before is marked as that of the views, and the one added as that of the builder. Entries without a mark
//! belong to links, which leave the builder as it is.

use std::{any::Any, rc::Rc};

use gloo_events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, KeyboardEvent, Window};

use super::Controller;
use crate::{
    builder::{
        focus::{BUILDER_ID, focus_soon},
        shortcuts::has_text,
    },
    labs::digits::state::{LabAction, StageMode, View},
};

/// Id of the button that opens and closes the builder.
pub const BUILD_BUTTON_ID: &str = "build-button";

/// Mark of the history's entry in which the builder is open.
const BUILDER_ENTRY: &str = "builder";

/// Mark of the entry before it.
const VIEWS_ENTRY: &str = "views";

impl Controller {
    /// Opens or closes the parts of the pipeline to be changed.
    pub fn set_building(&self, is_building: bool) {
        if is_building == self.lab().view.is_building() {
            return;
        }
        if is_building {
            add_builder_entry();
        } else if entry_mark().as_deref() == Some(BUILDER_ENTRY) {
            // Otherwise Back would open what was closed. It is a request, and can fail no more than Back can.
            let _ = window().history().and_then(|history| history.back());
        }
        self.show_builder(is_building);
    }

    /// Opens the parts of the pipeline, and moves the focus to them.
    pub fn go_to_builder(&self) {
        self.set_building(true);
        focus_soon(vec![BUILDER_ID.into()]);
    }

    /// Opens the experiment of the current model to be changed.
    pub fn build_from_model(&self) {
        if let Some(model) = self.lab().model.clone() {
            self.dispatch(LabAction::OpenExperiment(model.experiment.clone()));
            self.go_to_builder();
        }
    }

    /// Follows Back and Forward, and closes at Escape, until the result is dropped. A page that is loaded again in the
    /// builder's entry opens it again.
    pub fn listen_for_builder(self: &Rc<Self>) -> impl Any {
        self.follow_history();
        let (history, keys) = (self.clone(), self.clone());
        let on_history = EventListener::new(&window(), "popstate", move |_| history.follow_history());
        let on_key = EventListener::new(&window(), "keydown", move |event| {
            let event: &KeyboardEvent = event.unchecked_ref();
            if event.key() == "Escape" && !event.default_prevented() {
                keys.escape(event);
            }
        });
        (on_history, on_key)
    }

    /// Closes the tour, or else the builder. In a text field or a menu, which have a use for Escape themselves, it moves
    /// the focus out of it first.
    fn escape(&self, event: &KeyboardEvent) {
        let lab = self.lab();
        if !lab.view.is_shown || (lab.tour.is_none() && !lab.view.is_building()) {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
        if lab.tour.is_some() {
            self.dispatch(LabAction::SetTourStop(None));
        } else if target.is_some_and(|element| has_text(&element) || element.tag_name() == "SELECT") {
            focus_soon(vec![BUILDER_ID.into()]);
        } else {
            self.set_building(false);
            focus_soon(vec![BUILD_BUTTON_ID.into()]);
        }
    }

    fn follow_history(&self) {
        let is_building = match entry_mark().as_deref() {
            Some(BUILDER_ENTRY) => true,
            Some(VIEWS_ENTRY) => false,
            _ => return,
        };
        if is_building != self.lab().view.is_building() {
            self.show_builder(is_building);
            focus_soon(vec![if is_building { BUILDER_ID } else { BUILD_BUTTON_ID }.into()]);
        }
    }

    fn show_builder(&self, is_building: bool) {
        let mode = if is_building { StageMode::Build } else { StageMode::Views };
        self.dispatch(LabAction::SetView(View { mode, ..self.lab().view }));
    }
}

/// Mark of the history's present entry.
fn entry_mark() -> Option<String> {
    window().history().ok()?.state().ok()?.as_string()
}

/// Marks the present entry as that of the views, and adds one of the builder with the same address.
fn add_builder_entry() {
    let Ok(history) = window().history() else { return };
    // Browsers limit how often a page may do this; without an entry, the builder is closed by its button.
    let _ = history
        .replace_state_with_url(&JsValue::from_str(VIEWS_ENTRY), "", None)
        .and_then(|()| history.push_state_with_url(&JsValue::from_str(BUILDER_ENTRY), "", None));
}

fn window() -> Window {
    web_sys::window().expect("the page runs in a window")
}
