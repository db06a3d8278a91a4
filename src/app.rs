//! The app: services, routes, and what surrounds them.

use yew::prelude::*;

use crate::{
    bench::BenchPage,
    engine::Engine,
    labs::digits::DigitsLab,
    notices::use_notices,
    route::{Route, address, device_preference, use_route},
    services::Services,
    shell,
};

/// Everything.
#[component]
pub fn App() -> Html {
    let route = use_route();
    let notices = use_notices();
    let engine = use_memo((), |()| {
        let (search, hash) = address();
        Engine::start(device_preference(&search, &hash))
    });
    let board = notices.board();
    let services = Services { engine: (*engine).clone(), notices };
    let page = match route {
        Route::Digits => html! { <DigitsLab {services} /> },
        Route::Bench(task) => html! { <BenchPage {task} {services} /> },
    };
    html! {
        <>
            { board }
            { page }
            { shell::footer() }
        </>
    }
}
