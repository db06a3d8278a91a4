//! Notice about an engine that starts and sends nothing for a while. It may still come, so the notice goes when it does.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::{Engine, EngineState, EngineUpdate, use_engine_updates};
use crate::notices::Notices;

/// Silence after which the notice is shown; what a person reads speaks of ten seconds.
const PATIENCE_MS: u32 = 9_500;

const LOADING: &str =
    "The engine has sent nothing for ten seconds. On a slow connection wait a little; otherwise reload the page.";
const STARTING: &str =
    "The device has not answered for ten seconds. Wait a little, choose CPU as the device, or reload the page.";

/// Notice that a silent engine in that state deserves.
const fn silence_message(state: &EngineState) -> Option<&'static str> {
    match state {
        EngineState::Loading { .. } => Some(LOADING),
        EngineState::Starting => Some(STARTING),
        EngineState::Ready(_) | EngineState::Dead(_) => None,
    }
}

/// Shows a notice while the engine is starting and has been silent for [`PATIENCE_MS`].
#[hook]
pub fn use_silence_notice(engine: &Engine, notices: &Notices) {
    let timer = use_mut_ref(|| None::<Timeout>);
    let watch = {
        let notices = notices.clone();
        Rc::new(move |state: &EngineState| {
            notices.withdraw(LOADING);
            notices.withdraw(STARTING);
            let notices = notices.clone();
            let timeout =
                silence_message(state).map(|message| Timeout::new(PATIENCE_MS, move || notices.problem(message)));
            *timer.borrow_mut() = timeout;
        })
    };
    {
        let (engine, watch) = (engine.clone(), watch.clone());
        // The first state was set before there were listeners.
        use_effect_with((), move |()| watch(&engine.state()));
    }
    use_engine_updates(
        engine,
        Rc::new(move |update| {
            if let EngineUpdate::State(state) = update {
                watch(state);
            }
        }),
    );
}
