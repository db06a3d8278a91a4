//! What every part of the app may use.

use std::{any::Any, rc::Rc};

use yew::prelude::*;

use crate::{engine_client::Engine, notices::Notices};

/// The engine, and the way to say something to the person. Handed down as a property: a context would be one more
/// component.
#[derive(Clone, PartialEq)]
pub struct Services {
    pub engine: Engine,
    pub notices: Notices,
}

/// Runs `start` when the component is first on the page, and keeps what it gives until the component goes.
#[hook]
pub fn use_mount(start: Rc<dyn Fn() -> Box<dyn Any>>) {
    use_effect_with((), move |()| {
        let kept = start();
        move || drop(kept)
    });
}
