//! Undo and redo by keys, and which edits are one step: for whatever element holds the panels that edit.

use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

use super::history::Typing;

/// Elements of this class edit the experiment.
pub const EDITING: &str = ".edits";

/// A step that keys ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Undo,
    Redo,
}

/// The step that a key asks for: Control Z, and Control Y or Shift Control Z. Text fields undo their own typing.
pub fn step(event: &KeyboardEvent) -> Option<Step> {
    let target = event.target_dyn_into::<Element>()?;
    let is_here = target.closest(EDITING).is_ok_and(|panel| panel.is_some());
    if !is_here || is_text(event) || !(event.ctrl_key() || event.meta_key()) {
        return None;
    }
    match (event.key().as_str(), event.shift_key()) {
        ("z", false) => Some(Step::Undo),
        ("Z" | "z", true) | ("y" | "Y", _) => Some(Step::Redo),
        _ => None,
    }
}

/// What an event at a field means for the history: what is typed or slid there from now on is one step.
pub fn typing_at(event: &impl TargetCast) -> Typing {
    if is_text(event) || input_type(event).as_deref() == Some("range") { Typing::Begun } else { Typing::None }
}

fn is_text(event: &impl TargetCast) -> bool {
    input_type(event).is_some_and(|kind| ["number", "text", "search"].contains(&kind.as_str()))
}

fn input_type(event: &impl TargetCast) -> Option<String> {
    event.target_dyn_into::<HtmlInputElement>().map(|input| input.type_())
}
