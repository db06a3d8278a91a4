//! What every part of the app may use.

use yew::prelude::*;

use crate::{engine::Engine, notices::Notices};

/// The engine, and the way to say something to the person.
#[derive(Clone, PartialEq)]
pub struct Services {
    pub engine: Engine,
    pub notices: Notices,
}

/// The app's services.
#[hook]
pub fn use_services() -> Services {
    use_context::<Services>().expect("every component is rendered inside the app, which provides its services")
}
