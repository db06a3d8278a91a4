//! Media queries: whether the window is as a query asks.

use std::rc::Rc;

use gloo_events::EventListener;
use yew::prelude::*;

use crate::services::use_mount;

/// True while the window matches a media query, such as `(min-width: 112rem)`.
#[hook]
pub fn use_media(query: &'static str) -> bool {
    let is_matching = use_state_eq(|| matches(query));
    {
        let is_matching = is_matching.setter();
        use_mount(Rc::new(move || {
            let window = web_sys::window().expect("the page runs in a window");
            let is_matching = is_matching.clone();
            Box::new(EventListener::new(&window, "resize", move |_| is_matching.set(matches(query))))
        }));
    }
    *is_matching
}

/// True if the window matches a media query now.
pub fn matches(query: &str) -> bool {
    web_sys::window().and_then(|window| window.match_media(query).ok()?).is_some_and(|media| media.matches())
}
