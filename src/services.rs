//! Services for all components: the engine and the notices.

use std::{any::Any, rc::Rc};

use yew::prelude::*;

use crate::{components::selection::Selection, engine_client::Engine, notices::Notices};

/// Engine, notices, and the selection that labs share. They are passed down as a property, as a context would be one more component.
#[derive(Clone, PartialEq)]
pub struct Services {
    pub engine: Engine,
    pub notices: Notices,
    pub selection: SharedSelection,
}

/// Selection that one lab makes and others take up.
#[derive(Clone, PartialEq)]
pub struct SharedSelection(UseStateHandle<Option<Rc<Selection>>>);

impl SharedSelection {
    /// Creates the handle, for the component that keeps the selection.
    pub const fn new(state: UseStateHandle<Option<Rc<Selection>>>) -> Self {
        Self(state)
    }

    /// The selection at the last render.
    pub fn get(&self) -> Option<Rc<Selection>> {
        (*self.0).clone()
    }

    /// Selects something else, or nothing.
    pub fn set(&self, selection: Option<Rc<Selection>>) {
        self.0.set(selection);
    }
}

/// Runs `start` after the component is first rendered, and drops the result when it is unmounted.
#[hook]
pub fn use_mount(start: Rc<dyn Fn() -> Box<dyn Any>>) {
    use_effect_with((), move |()| {
        let guard = start();
        move || drop(guard)
    });
}
