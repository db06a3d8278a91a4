//! The app: services, routes, and what surrounds them.

use yew::prelude::*;

use crate::{
    bench::BenchPage,
    engine_client::Engine,
    glossary::GlossaryPage,
    labs::{digits::DigitsLab, tables::TablesLab},
    notices::use_notices,
    route::{Route, address, device_preference, glossary_term, use_route},
    services::Services,
    shell,
};

/// The labs that were opened. They stay, out of sight, with everything in them; one that never was costs nothing.
#[derive(Clone, Copy, Default)]
struct Visited {
    digits: bool,
    tables: bool,
}

impl Visited {
    /// Notes where the person is.
    fn with(&mut self, route: Route) -> Self {
        self.digits |= route == Route::Digits;
        self.tables |= route == Route::Tables;
        *self
    }
}

/// What comes into sight has a size again, and may have to be drawn anew.
fn announce_size() {
    if let (Some(window), Ok(event)) = (web_sys::window(), web_sys::Event::new("resize")) {
        // A listener that throws is reported by the browser.
        let _ = window.dispatch_event(&event);
    }
}

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
    let visited = use_mut_ref(Visited::default);
    let Visited { digits, tables } = visited.borrow_mut().with(route);
    use_effect_with(route, |_| announce_size());
    let other = match route {
        Route::Bench(task) => html! { <BenchPage {task} services={services.clone()} /> },
        Route::Glossary => {
            html! { <GlossaryPage term={glossary_term(&address().1).map(|term| AttrValue::from(term.to_owned()))} /> }
        }
        _ => Html::default(),
    };
    html! {
        <>
            { board }
            if digits {
                <div hidden={route != Route::Digits}><DigitsLab services={services.clone()} is_shown={route == Route::Digits} /></div>
            }
            if tables {
                <div hidden={route != Route::Tables}><TablesLab {services} /></div>
            }
            { other }
            { shell::footer() }
        </>
    }
}
