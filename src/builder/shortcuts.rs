//! Keyboard shortcuts of undo and redo, and recognition of typing, for the element that contains the editing panels.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::history::Typing;

/// Selector of the panels that edit the experiment.
const EDITING_PANELS: &str = ".edits";

/// Undo or redo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UndoStep {
    Undo,
    Redo,
}

/// Step that a key press asks for: Control Z, and Control Y or Shift Control Z. `None` in text fields, which undo their
/// own typing.
pub fn undo_step(event: &KeyboardEvent) -> Option<UndoStep> {
    let target = event.target_dyn_into::<Element>()?;
    let is_in_panel = target.closest(EDITING_PANELS).is_ok_and(|panel| panel.is_some());
    if !is_in_panel || is_text(event) || !(event.ctrl_key() || event.meta_key()) {
        return None;
    }
    match (event.key().as_str(), event.shift_key()) {
        ("z", false) => Some(UndoStep::Undo),
        ("Z" | "z", true) | ("y" | "Y", _) => Some(UndoStep::Redo),
        _ => None,
    }
}

/// State of typing after an event at a field: typing in a text field or moving a slider is one step.
pub fn typing_at(event: &impl TargetCast) -> Typing {
    if is_text(event) || input_type(event).as_deref() == Some("range") { Typing::Begun } else { Typing::None }
}

/// True if a person types text into the element.
pub fn has_text(element: &HtmlElement) -> bool {
    let kind = element.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::type_);
    kind.is_some_and(|kind| is_text_type(&kind)) || element.tag_name() == "TEXTAREA"
}

fn is_text(event: &impl TargetCast) -> bool {
    input_type(event).is_some_and(|kind| is_text_type(&kind))
}

fn is_text_type(kind: &str) -> bool {
    ["text", "search"].contains(&kind)
}

fn input_type(event: &impl TargetCast) -> Option<String> {
    event.target_dyn_into::<HtmlInputElement>().map(|input| input.type_())
}
