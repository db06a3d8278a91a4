//! Root component: services, routes, and the page around the labs.

use yew::prelude::*;

use crate::{
    bench::BenchPage,
    engine_client::{Engine, use_silence_notice},
    glossary::GlossaryPage,
    labs::{digits::DigitsLab, latent::LatentLab, tables::TablesLab},
    notices::use_notices,
    route::{Route, address, device_preference, glossary_term, log_level, use_route},
    services::{Services, SharedSelection},
    shell::{self, StoredDataPage},
};

/// Labs that were opened. They stay mounted, hidden, with their state; a lab that was never opened is not rendered.
#[derive(Clone, Copy, Default)]
struct Visited {
    digits: bool,
    tables: bool,
    latent: bool,
}

impl Visited {
    /// Adds the lab of `route`.
    fn with(&mut self, route: Route) -> Self {
        self.digits |= route == Route::Digits;
        self.tables |= route == Route::Tables;
        self.latent |= route == Route::Latent;
        *self
    }
}

/// Dispatches a resize event, as a lab that is shown again has a size again and repaints its canvases.
fn dispatch_resize() {
    if let (Some(window), Ok(event)) = (web_sys::window(), web_sys::Event::new("resize")) {
        // A listener that throws is reported by the browser.
        let _ = window.dispatch_event(&event);
    }
}

/// Root component.
#[component]
pub fn App() -> Html {
    let route = use_route();
    let notices = use_notices();
    let engine = use_memo((), |()| {
        let (search, hash) = address();
        Engine::start(device_preference(&search, &hash), log_level(&search, &hash))
    });
    use_silence_notice(&engine, &notices);
    let notice_list = notices.view();
    let selection = use_state(|| None);
    let services = Services { engine: (*engine).clone(), notices, selection: SharedSelection::new(selection) };
    let visited = use_mut_ref(Visited::default);
    let Visited { digits, tables, latent } = visited.borrow_mut().with(route);
    use_effect_with(route, |_| dispatch_resize());
    let other = match route {
        Route::Bench(task) => html! { <BenchPage {task} services={services.clone()} /> },
        Route::Glossary => {
            html! { <GlossaryPage term={glossary_term(&address().1).map(|term| AttrValue::from(term.to_owned()))} /> }
        }
        Route::Stored => html! { <StoredDataPage /> },
        _ => Html::default(),
    };
    html! {
        <>
            { notice_list }
            if digits {
                <div hidden={route != Route::Digits}><DigitsLab services={services.clone()} is_shown={route == Route::Digits} /></div>
            }
            if tables {
                <div hidden={route != Route::Tables}><TablesLab services={services.clone()} /></div>
            }
            // It keeps the maps of a run's epochs from the first one on, seen or not, and knows what there is to map.
            if digits || tables || latent {
                <div hidden={route != Route::Latent}><LatentLab {services} is_shown={route == Route::Latent} /></div>
            }
            { other }
            { shell::footer() }
        </>
    }
}
