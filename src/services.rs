//! Services for all components: the engine and the notices.

use std::{any::Any, rc::Rc};

use yew::prelude::*;

use crate::{engine_client::Engine, notices::Notices};

/// Engine and notices. They are passed down as a property, as a context would be one more component.
#[derive(Clone, PartialEq)]
pub struct Services {
    pub engine: Engine,
    pub notices: Notices,
}

/// Runs `start` after the component is first rendered, and drops the result when it is unmounted.
#[hook]
pub fn use_mount(start: Rc<dyn Fn() -> Box<dyn Any>>) {
    use_effect_with((), move |()| {
        let guard = start();
        move || drop(guard)
    });
}
