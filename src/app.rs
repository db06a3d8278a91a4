//! The app: engine, routes, and what surrounds them.

use yew::prelude::*;

use crate::{
    bench::BenchPage,
    engine::Engine,
    labs::digits::DigitsLab,
    notices::NoticeBoard,
    route::{Route, address, device_preference, use_route},
};

/// Everything.
#[component]
pub fn App() -> Html {
    let route = use_route();
    let engine = use_memo((), |()| {
        let (search, hash) = address();
        Engine::start(device_preference(&search, &hash))
    });
    let page = match route {
        Route::Digits => html! { <DigitsLab /> },
        Route::Bench(task) => html! { <BenchPage {task} /> },
    };
    html! {
        <ContextProvider<Engine> context={(*engine).clone()}>
            <NoticeBoard>{ page }</NoticeBoard>
            <Footer />
        </ContextProvider<Engine>>
    }
}

#[component]
fn Footer() -> Html {
    html! {
        <footer class="footer">
            <p>
                <strong>{ "Nothing leaves this page." }</strong>
                { " Drawings, images and models stay in this browser; the page's own policy forbids every connection elsewhere." }
            </p>
            <p>
                { "The real 8×8 digits are from " }
                <cite>{ "Optical Recognition of Handwritten Digits" }</cite>
                { " (E. Alpaydin, C. Kaynak, UCI Machine Learning Repository, CC BY 4.0)." }
            </p>
            <p class="version">{ concat!("Pinhole ", env!("CARGO_PKG_VERSION")) }</p>
        </footer>
    }
}
